import TerminalCells

/// One line of text being typed. Its keys are the ones of every shell and are not rebindable, so that nobody can lock
/// themselves out of an input.
struct LineEditor: Sendable, Equatable {
    private(set) var characters: [Character] = []
    private(set) var cursor = 0
    /// More would not be read by anybody.
    static let limit = 500

    init(_ text: String = "") { replace(with: text) }

    var text: String { String(characters) }
    var beforeCursor: String { String(characters[..<cursor]) }

    mutating func replace(with text: String) {
        characters = Array(text.prefix(LineEditor.limit))
        cursor = characters.count
    }

    mutating func insert(_ text: String) {
        let room = max(0, LineEditor.limit - characters.count)
        // What was pasted stays one line.
        let added = text.map { $0.isNewline ? " " : $0 }.prefix(room)
        characters.insert(contentsOf: added, at: cursor)
        cursor += added.count
    }

    /// Takes an editing key; false when the key is none.
    mutating func take(_ key: Key) -> Bool {
        if let character = key.typed {
            insert(String(character))
            return true
        }
        switch key {
        case .left, .ctrl("b"): cursor = max(0, cursor - 1)
        case .right, .ctrl("f"): cursor = min(characters.count, cursor + 1)
        case .home, .ctrl("a"): cursor = 0
        case .end, .ctrl("e"): cursor = characters.count
        case .alt("b"), Key(.left, .ctrl): cursor = wordStart
        case .alt("f"), Key(.right, .ctrl): cursor = wordEnd
        case .backspace, .ctrl("h"):
            if cursor > 0 {
                cursor -= 1
                characters.remove(at: cursor)
            }
        case .delete, .ctrl("d"):
            if cursor < characters.count { characters.remove(at: cursor) }
        case .ctrl("u"): remove(0..<cursor)
        case .ctrl("k"): remove(cursor..<characters.count)
        case .ctrl("w"), Key(.backspace, .alt): remove(wordStart..<cursor)
        default: return false
        }
        return true
    }

    private var wordStart: Int {
        var index = cursor
        while index > 0, characters[index - 1] == " " { index -= 1 }
        while index > 0, characters[index - 1] != " " { index -= 1 }
        return index
    }

    private var wordEnd: Int {
        var index = cursor
        while index < characters.count, characters[index] == " " { index += 1 }
        while index < characters.count, characters[index] != " " { index += 1 }
        return index
    }

    private mutating func remove(_ range: Range<Int>) {
        characters.removeSubrange(range)
        cursor = range.lowerBound
    }
}
