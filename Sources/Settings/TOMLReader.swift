/// Reads one table of a document with typed getters that note every problem, for themes and keymaps.
///
/// Each getter returns nil when the key is absent or wrong; ``finish()`` tells all that was wrong, unknown keys too.
/// For one task; it is not `Sendable`.
public final class TOMLReader {
    private final class Notes {
        var problems: [SettingsProblem] = []
    }

    private let file: String
    private let path: String
    private let node: TOMLNode
    private let notes: Notes
    private var asked: [String] = []
    private var children: [TOMLReader] = []

    public convenience init(_ document: TOMLDocument) {
        self.init(document.file, "", document.root, Notes())
    }

    private init(_ file: String, _ path: String, _ node: TOMLNode, _ notes: Notes) {
        self.file = file
        self.path = path
        self.node = node
        self.notes = notes
    }

    /// A text; with `among`, one of those.
    public func text(_ key: String, among words: [String]? = nil) -> String? {
        if case .text(let text) = value(key, words.map { .choice($0) } ?? .text) { text } else { nil }
    }

    public func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        if case .integer(let integer) = value(key, .integer(range)) { integer } else { nil }
    }

    public func boolean(_ key: String) -> Bool? {
        if case .boolean(let boolean) = value(key, .boolean) { boolean } else { nil }
    }

    public func duration(_ key: String, in range: ClosedRange<Duration>) -> Duration? {
        if case .duration(let duration) = value(key, .duration(range)) { duration } else { nil }
    }

    public func texts(_ key: String) -> [String]? {
        if case .texts(let texts) = value(key, .texts) { texts } else { nil }
    }

    /// Any setting type; its problem is noted.
    public func value(_ key: String, _ type: SettingType) -> SettingValue? {
        guard let entry = entry(key) else { return nil }
        do {
            return try type.value(of: entry.node)
        } catch {
            notes.problems.append(
                SettingsProblem(
                    place(entry), key: full(key), found: error.found, expected: type.allowed, hint: error.hint))
            return nil
        }
    }

    /// A table within this one.
    public func table(_ key: String) -> TOMLReader? {
        guard let entry = entry(key) else { return nil }
        guard entry.node.isTable else {
            wrong(entry, expected: "a table")
            return nil
        }
        return child(full(key), entry.node)
    }

    /// The tables of a list, `[[key]]`; empty when there is none.
    public func tables(_ key: String) -> [TOMLReader] {
        guard let entry = entry(key) else { return [] }
        guard let elements = entry.node.elements, elements.allSatisfy(\.isTable) else {
            wrong(entry, expected: "a list of tables")
            return []
        }
        return elements.enumerated().map { child("\(full(key))[\($0.offset)]", $0.element) }
    }

    /// All members, for tables whose keys are the file's choice: none of them counts as unknown.
    public func entries() -> [TOMLEntry] {
        asked += node.entries.map(\.key)
        return node.entries
    }

    /// Notes that the key must be there; true when it is.
    @discardableResult
    public func require(_ key: String, _ expected: String) -> Bool {
        if node[key] != nil { return true }
        let at = SettingsPlace(file, line: node.line, column: node.column)
        notes.problems.append(SettingsProblem(at, key: full(key), "is missing, expected \(expected)"))
        return false
    }

    /// Notes a problem of an entry that only the caller can judge.
    public func wrong(_ entry: TOMLEntry, expected: String, hint: String = "") {
        asked.append(entry.key)
        let problem = SettingsProblem(
            place(entry), key: full(entry.key), found: entry.node.shown, expected: expected, hint: hint)
        notes.problems.append(problem)
    }

    /// The keys nobody asked for are problems too; then all problems, by line. Call it on the root, once.
    public func finish() -> [SettingsProblem] {
        noteUnknown()
        return notes.problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    private func noteUnknown() {
        for entry in node.entries where !asked.contains(entry.key) {
            let hint = SettingsText.suggestion(for: entry.key, in: asked)
            notes.problems.append(SettingsProblem(place(entry), key: full(entry.key), "unknown key", hint: hint))
        }
        for child in children { child.noteUnknown() }
    }

    private func entry(_ key: String) -> TOMLEntry? {
        asked.append(key)
        return node.entries.first { $0.key == key }
    }

    private func child(_ path: String, _ node: TOMLNode) -> TOMLReader {
        let reader = TOMLReader(file, path, node, notes)
        children.append(reader)
        return reader
    }

    private func full(_ key: String) -> String { SettingsCollector.join(path, SettingsText.key(key)) }

    private func place(_ entry: TOMLEntry) -> SettingsPlace {
        SettingsPlace(file, line: entry.line, column: entry.column)
    }
}
