/// Where a setting was written.
public struct SettingsPlace: Sendable, Hashable, CustomStringConvertible {
    /// A file's path, a variable's name (`GALLEY_THEME`), a flag (`--theme`) or `built-in`.
    public let source: String
    /// Counted from 1; 0 when the source has no lines, or all of it is meant.
    public let line: Int
    /// In characters, counted from 1; 0 when unknown.
    public let column: Int

    public init(_ source: String, line: Int = 0, column: Int = 0) {
        self.source = source
        self.line = line
        self.column = column
    }

    /// Where values come from that nobody set.
    public static let builtIn = SettingsPlace("built-in")

    /// `galley.toml:12`
    public var description: String { line > 0 ? "\(source):\(line)" : source }
}

/// One thing that is wrong with a configuration, a theme or a keymap, and what to write instead.
///
/// No part of it ever holds a secret.
public struct SettingsProblem: Error, Sendable, Hashable, CustomStringConvertible {
    public let place: SettingsPlace
    /// `environments.prod.postgres.nodes[eu-west-1a].port`; empty when all of the file is meant.
    public let key: String
    /// What is there, as it would be written; empty when it is absent or cannot be shown.
    public let found: String
    /// What may be there; empty when the message says it.
    public let allowed: String
    public let hint: String
    /// One sentence without place, key and hint.
    public let message: String

    public var file: String { place.source }
    public var line: Int { place.line }
    public var column: Int { place.column }

    /// What is there is not what may be there.
    public init(_ place: SettingsPlace, key: String, found: String, expected: String, hint: String = "") {
        self.place = place
        self.key = key
        self.found = found
        allowed = expected
        self.hint = hint
        message = "found \(found), expected \(expected)"
    }

    /// Anything else.
    public init(_ place: SettingsPlace, key: String = "", _ message: String, hint: String = "") {
        self.place = place
        self.key = key
        found = ""
        allowed = ""
        self.hint = hint
        self.message = message
    }

    /// `galley.toml:12: ui.theme: found 3, expected a text (hint)`, one line.
    public var description: String {
        let parts = [place.description, key, message].filter { !$0.isEmpty }.joined(separator: ": ")
        return hint.isEmpty ? parts : "\(parts) (\(hint))"
    }
}
