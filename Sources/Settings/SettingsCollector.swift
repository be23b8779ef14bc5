/// Gathers the values of all layers, and every problem on the way.
struct SettingsCollector {
    /// For `~/`.
    let home: String
    private(set) var problems: [SettingsProblem] = []
    /// By path, the last layer's.
    private(set) var values: [String: (value: SettingValue, place: SettingsPlace)] = [:]
    /// Where tables were opened, by path; the last layer's.
    private(set) var tables: [String: SettingsPlace] = [:]
    /// The names in a table of tables or a list of tables, by path, in the order of their first appearance.
    private(set) var members: [String: [String]] = [:]

    init(home: String) { self.home = home }

    mutating func report(_ problem: SettingsProblem) { problems.append(problem) }

    mutating func add(_ layer: SettingsLayer) {
        switch layer {
        case .file(let path, let isRequired):
            guard isRequired || SettingsFile.exists(path) else { return }
            do {
                add(.document(try TOMLDocument.read(path)))
            } catch {
                report(error)
            }
        case .document(let document):
            walk(document.root, .root, path: "", at: SettingsPlace(document.file, line: 1))
        case .variables(let variables):
            for key in SettingKey.all {
                guard let name = key.variable, let text = variables[name], !text.isEmpty else { continue }
                set(key, path: key.pattern, text: text, at: SettingsPlace(name))
            }
        case .flags(let flags):
            for flag in flags { add(flag) }
        }
    }

    private mutating func walk(_ node: TOMLNode, _ schema: SettingSchema, path: String, at place: SettingsPlace) {
        switch schema {
        case .key(let key):
            do {
                values[path] = (resolved(try key.type.value(of: node), key, place), place)
            } catch {
                let problem = SettingsProblem(
                    place, key: path, found: error.found, expected: key.type.allowed, hint: error.hint)
                report(problem)
            }
        case .table(let children):
            guard expectTable(node, schema, path, place) else { return }
            tables[path] = place
            for entry in node.entries {
                let inner = SettingsPlace(place.source, line: entry.line, column: entry.column)
                let key = Self.join(path, SettingsText.key(entry.key))
                if let child = children.first(where: { $0.name == entry.key }) {
                    walk(entry.node, child.schema, path: key, at: inner)
                } else {
                    report(SettingsUnknownKey.problem(entry.key, path: key, among: children, at: inner))
                }
            }
        case .named(let child):
            guard expectTable(node, schema, path, place) else { return }
            for entry in node.entries {
                let inner = SettingsPlace(place.source, line: entry.line, column: entry.column)
                let key = Self.join(path, SettingsText.key(entry.key))
                guard Self.isName(entry.key) else {
                    report(
                        SettingsProblem(inner, key: key, found: SettingsText.quoted(entry.key), expected: Self.nameRule)
                    )
                    continue
                }
                // What is no table is told below; it must not count as an environment that lacks everything.
                if entry.node.isTable { note(entry.key, in: path) }
                walk(entry.node, child, path: key, at: inner)
            }
        case .list(let child):
            walkList(node, child, schema, path: path, at: place)
        }
    }

    private mutating func walkList(
        _ node: TOMLNode, _ child: SettingSchema, _ schema: SettingSchema, path: String, at place: SettingsPlace
    ) {
        guard let elements = node.elements else {
            return report(SettingsProblem(place, key: path, found: node.shown, expected: schema.expected))
        }
        var seen: Set<String> = []
        for (number, element) in elements.enumerated() {
            let inner = SettingsPlace(place.source, line: element.line, column: element.column)
            let numbered = "\(path)[\(number)]"
            guard element.isTable else {
                report(SettingsProblem(inner, key: numbered, found: element.shown, expected: "a table"))
                continue
            }
            guard let given = element["name"] else {
                report(SettingsProblem(inner, key: "\(numbered).name", "is missing, expected a text"))
                continue
            }
            let nameAt =
                element.entries.first { $0.key == "name" }
                .map { SettingsPlace(place.source, line: $0.line, column: $0.column) } ?? inner
            guard let name = given.text, Self.isName(name) else {
                report(SettingsProblem(nameAt, key: "\(numbered).name", found: given.shown, expected: Self.nameRule))
                continue
            }
            guard seen.insert(name).inserted else {
                report(SettingsProblem(nameAt, key: "\(numbered).name", "\(SettingsText.quoted(name)) is there twice"))
                continue
            }
            note(name, in: path)
            walk(element, child, path: "\(path)[\(name)]", at: inner)
        }
    }

    private mutating func add(_ flag: SettingsFlag) {
        let place = SettingsPlace(flag.name)
        let (schema, problem) = SettingSchema.root.find(flag.key, among: members)
        if case .key(let key) = schema {
            set(key, path: flag.key, text: flag.value, at: place)
        } else {
            report(SettingsProblem(place, key: flag.key, problem ?? "is no single setting"))
        }
    }

    private mutating func set(_ key: SettingKey, path: String, text: String, at place: SettingsPlace) {
        do {
            values[path] = (resolved(try key.type.value(ofText: text), key, place), place)
        } catch {
            report(
                SettingsProblem(place, key: path, found: error.found, expected: key.type.allowed, hint: error.hint))
        }
    }

    /// Paths become absolute: `~/` is the home folder, a relative one is relative to the file that names it.
    private func resolved(_ value: SettingValue, _ key: SettingKey, _ place: SettingsPlace) -> SettingValue {
        guard key.type == .file || key.type == .secretFile, case .text(let path) = value else { return value }
        if path.hasPrefix("~/") { return .text(home + path.dropFirst()) }
        guard !path.hasPrefix("/"), place.line > 0, let slash = place.source.lastIndex(of: "/") else { return value }
        return .text(place.source[...slash] + path)
    }

    private mutating func expectTable(
        _ node: TOMLNode, _ schema: SettingSchema, _ path: String, _ place: SettingsPlace
    ) -> Bool {
        if node.isTable { return true }
        report(SettingsProblem(place, key: path, found: node.shown, expected: schema.expected))
        return false
    }

    private mutating func note(_ name: String, in path: String) {
        if members[path]?.contains(name) != true { members[path, default: []].append(name) }
    }

    static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    static let nameRule = "a name of letters, digits, - and _"

    /// What can be typed after a flag and shown in a path without quotes.
    static func isName(_ text: String) -> Bool {
        text.utf8.count <= 64 && SettingsText.key(text) == text
    }
}
