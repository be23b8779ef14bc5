import TerminalCells

/// What a program wants of its terminal.
public enum TerminalWish: Sendable, Hashable {
    /// Gives the screen back and ends the loop with that status.
    case quit(Int32)
    /// As Ctrl-Z does: gives the terminal back to the shell until it says `fg`.
    case suspend
    case bell
    /// Sends every cell again.
    case repaint
    /// Text for the clipboard of the terminal's user, over SSH too (OSC 52); already safe.
    case copy(String)
    /// The window's title.
    case title(String)
    /// A desktop notification (OSC 9).
    case notify(String)
}

/// The bytes of what goes beside the cells; nothing where the terminal would show them as text.
struct WishEncoder: Sendable {
    /// What most terminals take; more is cut off by them without a word.
    static let copyLimit = 74_000

    enum Multiplexer: Sendable { case none, tmux, screen }

    private let isSupported: Bool
    private let multiplexer: Multiplexer

    init(isSupported: Bool, multiplexer: Multiplexer) {
        self.isSupported = isSupported
        self.multiplexer = multiplexer
    }

    func bytes(for wish: TerminalWish) -> [UInt8] {
        switch wish {
        case .bell: return [0x07]
        case .title(let text): return isSupported ? Array("\u{1B}]0;\(SafeText.title(text))\u{07}".utf8) : []
        case .notify(let text): return isSupported ? wrapped("\u{1B}]9;\(SafeText.payload(text))\u{07}") : []
        case .copy(let text): return copy(text)
        case .quit, .suspend, .repaint: return []
        }
    }

    private func copy(_ text: String) -> [UInt8] {
        guard isSupported, text.utf8.count <= WishEncoder.copyLimit else { return [] }
        let sequence = "\u{1B}]52;c;\(WishEncoder.base64(Array(text.utf8)))\u{07}"
        // tmux takes the sequence itself where it is told to (`set-clipboard on`), else only what is passed through.
        return multiplexer == .tmux ? Array(sequence.utf8) + wrapped(sequence) : wrapped(sequence)
    }

    /// Passes a sequence through the multiplexer to the terminal outside.
    private func wrapped(_ sequence: String) -> [UInt8] {
        let bytes = Array(sequence.utf8)
        switch multiplexer {
        case .none: return bytes
        case .tmux:
            let doubled = bytes.flatMap { $0 == 0x1B ? [0x1B, 0x1B] : [$0] }
            return Array("\u{1B}Ptmux;".utf8) + doubled + Array("\u{1B}\\".utf8)
        case .screen:
            // GNU screen passes on strings of up to 768 bytes.
            return stride(from: 0, to: bytes.count, by: 700).flatMap { start in
                Array("\u{1B}P".utf8) + bytes[start..<min(start + 700, bytes.count)] + Array("\u{1B}\\".utf8)
            }
        }
    }

    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for place in 0..<4 {
                let isFilled = place <= group.count
                result.append(isFilled ? alphabet[Int(bits >> (18 - 6 * UInt32(place)) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
