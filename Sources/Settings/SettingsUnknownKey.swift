/// What to say about a key that the table of settings does not have.
enum SettingsUnknownKey {
    static func problem(
        _ name: String, path: String, among children: [(name: String, schema: SettingSchema)], at place: SettingsPlace
    ) -> SettingsProblem {
        let names = children.map(\.name)
        return SettingsProblem(place, key: path, "unknown key", hint: hint(name, names, children))
    }

    private static func hint(
        _ name: String, _ names: [String], _ children: [(name: String, schema: SettingSchema)]
    ) -> String {
        if let near = SettingsText.nearest(to: name, in: names) { return "did you mean \(near)?" }
        let secretFiles = children.compactMap { child -> String? in
            if case .key(let key) = child.schema, key.type == .secretFile { child.name } else { nil }
        }
        let lowered = name.lowercased()
        if ["password", "passwd", "secret", "token"].contains(where: { lowered.contains($0) }) {
            let use = secretFiles.isEmpty ? "" : ": use \(SettingsText.choices(secretFiles))"
            return "a secret belongs in a file of its own\(use)"
        }
        for child in children {
            if case .list(.table(let inner)) = child.schema, inner.contains(where: { $0.name == name }) {
                return "it belongs to each of \(child.name)"
            }
        }
        return names.count <= 12 ? "known here: \(names.joined(separator: ", "))" : ""
    }
}

extension SettingSchema {
    /// The schema at a path such as `environments.prod.redis.url` or `….nodes[eu-west-1a].port`, or why there is none.
    func find(_ path: String, among members: [String: [String]]) -> (SettingSchema?, String?) {
        var schema = self
        var walked = ""
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            let name = String(part.prefix { $0 != "[" })
            switch schema {
            case .table(let children):
                guard let child = children.first(where: { $0.name == name }) else {
                    return (
                        nil,
                        SettingsText.suggestion(for: name, in: children.map(\.name)).isEmpty
                            ? "unknown key"
                            : "unknown key, \(SettingsText.suggestion(for: name, in: children.map(\.name)))"
                    )
                }
                schema = child.schema
            case .named(let child):
                guard members[walked]?.contains(name) == true else {
                    return (nil, "there is no \(SettingsText.quoted(name)) in \(walked)")
                }
                schema = child
            case .list, .key: return (nil, "unknown key")
            }
            walked = SettingsCollector.join(walked, name)
            if part.hasSuffix("]"), case .list(let child) = schema {
                let member = String(part.dropFirst(name.count + 1).dropLast())
                guard members[walked]?.contains(member) == true else {
                    return (nil, "there is no \(SettingsText.quoted(member)) in \(walked)")
                }
                schema = child
                walked += "[\(member)]"
            }
        }
        return (schema, nil)
    }
}
