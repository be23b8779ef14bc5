/// One key as a person presses it: what, and which modifiers were held.
///
/// Written as keymaps write it: `G`, `ctrl-d`, `alt-x`, `f5`, `shift-tab`, `space`.
public struct Key: Sendable, Hashable {
    public enum Code: Sendable, Hashable {
        /// A character that the key types, case and shift included: `g`, `G`, `é`, ` `.
        case character(Character)
        case enter, escape, tab, backtab, backspace, delete, insert
        case up, down, left, right, home, end, pageUp, pageDown
        /// 1 to 24.
        case function(Int)
    }

    public struct Modifiers: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let shift = Modifiers(rawValue: 1 << 0)
        public static let alt = Modifiers(rawValue: 1 << 1)
        public static let ctrl = Modifiers(rawValue: 1 << 2)
    }

    public let code: Code
    public let modifiers: Modifiers

    /// Brings the ways of saying one key to one value: shift with a letter is the capital, shift with Tab is
    /// backtab, control takes the small letter.
    public init(_ code: Code, _ modifiers: Modifiers = []) {
        var code = code
        var modifiers = modifiers
        if case .character(let character) = code {
            if modifiers.contains(.ctrl) {
                code = .character(Key.single(character.lowercased()) ?? character)
            } else if modifiers.contains(.shift) {
                code = .character(Key.single(character.uppercased()) ?? character)
                modifiers.remove(.shift)
            }
        } else if code == .tab, modifiers.contains(.shift) {
            code = .backtab
            modifiers.remove(.shift)
        } else if code == .backtab {
            modifiers.remove(.shift)
        }
        self.code = code
        self.modifiers = modifiers
    }

    /// An unmodified character.
    public init(_ character: Character) { self.init(.character(character)) }

    public static func ctrl(_ character: Character) -> Key { Key(.character(character), .ctrl) }
    public static func alt(_ character: Character) -> Key { Key(.character(character), .alt) }
    public static func function(_ number: Int) -> Key { Key(.function(number)) }
    public static let enter = Key(.enter)
    public static let escape = Key(.escape)
    public static let tab = Key(.tab)
    public static let backtab = Key(.backtab)
    public static let backspace = Key(.backspace)
    public static let delete = Key(.delete)
    public static let insert = Key(.insert)
    public static let up = Key(.up)
    public static let down = Key(.down)
    public static let left = Key(.left)
    public static let right = Key(.right)
    public static let home = Key(.home)
    public static let end = Key(.end)
    public static let pageUp = Key(.pageUp)
    public static let pageDown = Key(.pageDown)
    public static let space = Key(" ")

    /// The character that the key types into a field; nil for named keys and with control or alt held.
    public var typed: Character? {
        guard modifiers.isDisjoint(with: [.ctrl, .alt]), case .character(let character) = code else { return nil }
        return character
    }

    private static func single(_ text: String) -> Character? { text.count == 1 ? text.first : nil }
}

extension Key: CustomStringConvertible {
    private static let names: [(String, Code)] = [
        ("enter", .enter), ("esc", .escape), ("tab", .tab), ("backspace", .backspace), ("delete", .delete),
        ("insert", .insert), ("up", .up), ("down", .down), ("left", .left), ("right", .right), ("home", .home),
        ("end", .end), ("pageup", .pageUp), ("pagedown", .pageDown), ("space", .character(" ")),
    ]
    private static let otherNames: [(String, Code)] = [
        ("escape", .escape), ("return", .enter), ("backtab", .backtab), ("del", .delete), ("ins", .insert),
        ("pgup", .pageUp), ("pgdn", .pageDown), ("page-up", .pageUp), ("page-down", .pageDown),
    ]
    private static let prefixes: [(String, Modifiers)] = [("ctrl-", .ctrl), ("alt-", .alt), ("shift-", .shift)]

    /// The form that keymaps, help and the footer show; ``init(parsing:)`` reads it back.
    public var description: String {
        var held = modifiers
        if code == .backtab { held.insert(.shift) }
        let prefix = Key.prefixes.filter { held.contains($0.1) }.map(\.0).joined()
        switch code {
        case .character(" "): return prefix + "space"
        case .character(let character): return prefix + String(character)
        case .backtab: return prefix + "tab"
        case .function(let number): return prefix + "f\(number)"
        default: return prefix + (Key.names.first { $0.1 == code }?.0 ?? "")
        }
    }

    /// Reads `ctrl-d`, `alt-x`, `f5`, `shift-tab`, `space`, `G`; nil for what is no key.
    ///
    /// Names and modifiers may be written in capitals; a single character stands for itself.
    public init?(parsing text: String) {
        var rest = text
        var modifiers: Modifiers = []
        while let (prefix, modifier) = Key.prefixes.first(where: {
            rest.count > $0.0.count && rest.lowercased().hasPrefix($0.0)
        }) {
            guard !modifiers.contains(modifier) else { return nil }
            modifiers.insert(modifier)
            rest.removeFirst(prefix.count)
        }
        guard let first = rest.first else { return nil }
        if rest.count == 1 {
            guard first != " ", SafeText.line(rest) == rest else { return nil }
            self.init(.character(first), modifiers)
            return
        }
        let name = rest.lowercased()
        if let known = (Key.names + Key.otherNames).first(where: { $0.0 == name }) {
            self.init(known.1, modifiers)
        } else if name.first == "f", let number = Int(name.dropFirst()), (1...24).contains(number),
            "f\(number)" == name
        {
            self.init(.function(number), modifiers)
        } else {
            return nil
        }
    }
}
