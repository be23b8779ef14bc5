import PlatformModel
import TerminalCells

/// What a console leaves for the next one of its environment, as JSON: where one was, what lists showed, what was typed.
///
/// The format has a version. What a later version wrote is left alone; what is torn or foreign is ignored, and said.
public enum SessionText {
    static let schema = "galley.session"
    static let version: Int64 = 1
    /// Longer texts are no work of ours.
    static let longest = 1 << 20

    /// Why a file is not used.
    enum Problem: Error, Equatable {
        case torn(String)
        case foreign
        case later(Int64)

        var words: String {
            switch self {
            case .torn(let message): "it is damaged (\(message))"
            case .foreign: "it is not Galley's"
            case .later(let version): "version \(version) of Galley's format is not known here"
            }
        }
    }

    static func parse(_ text: String, schema: String) throws(Problem) -> JSON {
        guard text.utf8.count <= longest else { throw .foreign }
        let json: JSON
        do throws(JSONError) {
            json = try JSON.parse(text)
        } catch {
            throw .torn("line \(error.line), column \(error.column)")
        }
        guard json["schema"]?.text == schema, let found = json["version"]?.int else { throw .foreign }
        guard found <= version else { throw .later(Int64(found)) }
        return json
    }

    // MARK: Pieces

    static func json(_ identity: RowIdentity) -> JSON {
        switch identity {
        case .number(let number): ["number": .integer(number)]
        case .name(let name): ["name": .string(name)]
        case .finding(let id): ["code": .string(id.code.rawValue), "subject": .string(id.subject)]
        }
    }

    static func identity(_ json: JSON?) -> RowIdentity? {
        guard let json else { return nil }
        if let number = json["number"]?.int { return .number(Int64(number)) }
        if let name = json["name"]?.text { return .name(name) }
        guard let code = json["code"]?.text.flatMap(Finding.Code.init), let subject = json["subject"]?.text else {
            return nil
        }
        return .finding(Finding.ID(code: code, subject: subject))
    }

    static func json(_ place: Place) -> JSON {
        func words(_ words: String...) -> JSON { .array(words.map { .string($0) }) }
        switch place {
        case .order(let id): return words("order", String(id))
        case .jobs(let queue, let state): return words("jobs", queue, state.rawValue)
        case .job(let queue, let state, let id): return words("job", queue, state.rawValue, id)
        case .database(let name): return words("database", name)
        case .service(let name): return words("service", name)
        case .finding(let id): return words("finding", id.code.rawValue, id.subject)
        case .agentRun(let thread): return words("run", thread)
        case .overview, .orders, .queues, .databases, .services, .findings, .notices, .agents: return words(place.word)
        }
    }

    static func place(_ json: JSON) -> Place? {
        let words = (json.array ?? []).compactMap(\.text)
        guard let first = words.first else { return nil }
        if words.count == 1 { return Place.top.first { $0.word == first } }
        switch (first, words.count) {
        case ("order", 2): return Int64(words[1]).map { .order($0) }
        case ("database", 2): return .database(words[1])
        case ("service", 2): return .service(words[1])
        case ("run", 2): return .agentRun(words[1])
        case ("jobs", 3): return JobState(rawValue: words[2]).map { .jobs(queue: words[1], state: $0) }
        case ("job", 4): return JobState(rawValue: words[2]).map { .job(queue: words[1], state: $0, id: words[3]) }
        case ("finding", 3):
            return Finding.Code(rawValue: words[1]).map { .finding(Finding.ID(code: $0, subject: words[2])) }
        default: return nil
        }
    }

    static func json(_ sorts: [SortOrder]) -> JSON {
        .array(sorts.map { ["column": .string($0.column), "descending": .bool($0.isDescending)] })
    }

    static func sorts(_ json: JSON?) -> [SortOrder] {
        (json?.array ?? []).compactMap { one in
            one["column"]?.text.map { SortOrder(column: $0, isDescending: one["descending"]?.bool ?? false) }
        }
    }

    static func json(_ columns: ColumnChoice) -> JSON {
        func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
        return [
            "order": list(columns.order), "hidden": list(columns.hidden.sorted()),
            "shown": list(columns.shown.sorted()),
        ]
    }

    static func columns(_ json: JSON?) -> ColumnChoice {
        func list(_ key: String) -> [String] { (json?[key]?.array ?? []).compactMap(\.text) }
        return ColumnChoice(order: list("order"), hidden: Set(list("hidden")), shown: Set(list("shown")))
    }

    /// A filter as somebody typed it: one line, no longer than an input takes.
    static func line(_ json: JSON?) -> String {
        let text = json?.text ?? ""
        return text.count <= LineEditor.limit && !text.contains(where: \.isNewline) ? text : ""
    }
}
