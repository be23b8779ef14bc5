import Reactor
import TerminalCells

/// Bytes from a terminal into keys, pastes and mouse events: a state machine as a value.
///
/// Sequences may come in pieces. A lone ESC is the Escape key once 25 ms have passed without more; bytes that are
/// no UTF-8 are dropped and never take the next key with them.
struct KeyDecoder: Sendable {
    enum Output: Sendable, Hashable {
        case event(TerminalEvent)
        /// The answer to `ESC [ 5 n`.
        case statusReport
    }

    /// How long a lone ESC waits for the rest of a sequence.
    static let escapeDelay = Duration.milliseconds(25)
    /// How long the rest of a sequence may take once it is clear that it is one: a line may cut it anywhere.
    static let sequenceDelay = Duration.milliseconds(250)
    /// A paste whose end was lost ends after this silence.
    static let pasteDelay = Duration.seconds(2)
    /// A paste beyond this is cut: nobody pastes a megabyte into a filter.
    static let pasteLimit = 64 << 10
    /// No real sequence is longer; what is longer is noise and dropped.
    private static let sequenceLimit = 256
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    /// What the terminal sends for the backspace key when it is not DEL.
    private let backspace: UInt8
    private var buffer: [UInt8] = []
    private var pasted: [UInt8]?
    private var lastByte = Deadline(nanoseconds: 0)

    /// - Parameter backspace: the byte of terminfo's `kbs`; 8 makes Ctrl-H the backspace key.
    init(backspace: UInt8 = 0x7F) { self.backspace = backspace }

    /// When ``expire(at:)`` is due; nil while nothing is incomplete.
    var deadline: Deadline? {
        if pasted != nil { return lastByte.advanced(by: KeyDecoder.pasteDelay) }
        if buffer.isEmpty { return nil }
        let isLone = buffer.allSatisfy { $0 == 0x1B }
        return lastByte.advanced(by: isLone ? KeyDecoder.escapeDelay : KeyDecoder.sequenceDelay)
    }

    /// What the bytes complete.
    mutating func feed(_ bytes: some Sequence<UInt8>, at now: Deadline) -> [Output] {
        let late = expire(at: now)
        buffer += bytes
        lastByte = now
        return late + drain(isFinal: false)
    }

    /// Takes what is incomplete for what it is, when its time has passed.
    mutating func expire(at now: Deadline) -> [Output] {
        guard let deadline, deadline <= now else { return [] }
        if pasted != nil {
            pasted? += buffer
            buffer = []
            return [finishPaste()]
        }
        return drain(isFinal: true)
    }

    private enum Step {
        case wait
        case take(Int, Output?)
        case pasteBegins(Int)
    }

    private mutating func drain(isFinal: Bool) -> [Output] {
        var outputs: [Output] = []
        var place = 0
        defer { buffer.removeFirst(min(place, buffer.count)) }
        while place < buffer.count {
            if pasted != nil {
                buffer.removeFirst(place)
                place = 0
                guard let paste = takePaste() else { break }
                outputs.append(paste)
                continue
            }
            switch step(buffer[place...], isFinal: isFinal) {
            case .wait: return outputs
            case .take(let count, let output):
                place += count
                if let output { outputs.append(output) }
            case .pasteBegins(let count):
                place += count
                pasted = []
            }
        }
        return outputs
    }

    private func step(_ input: ArraySlice<UInt8>, isFinal: Bool) -> Step {
        guard let first = input.first else { return .wait }
        switch first {
        case 0x1B: return escape(input, isFinal: isFinal)
        case ..<0x20, 0x7F: return .take(1, key(KeyTables.control(first, backspace: backspace)))
        default: return character(input, modifiers: [], isFinal: isFinal)
        }
    }

    private func character(_ input: ArraySlice<UInt8>, modifiers: Key.Modifiers, isFinal: Bool) -> Step {
        guard let first = input.first else { return .wait }
        let length: Int
        switch first {
        case 0x20..<0x7F: length = 1
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return .take(1, nil)
        }
        let available = input.prefix(length)
        if let bad = available.dropFirst().firstIndex(where: { $0 & 0xC0 != 0x80 }) {
            return .take(bad - input.startIndex, nil)
        }
        guard available.count == length else { return isFinal ? .take(available.count, nil) : .wait }
        guard let typed = String(validating: available, as: UTF8.self)?.first,
            typed.unicodeScalars.first?.value ?? 0 >= 0xA0
                || length == 1
        else { return .take(length, nil) }
        return .take(length, key(Key(.character(typed), modifiers)))
    }

    private func key(_ key: Key) -> Output { .event(.key(key)) }
}

// MARK: - Escape sequences

extension KeyDecoder {
    private func escape(_ input: ArraySlice<UInt8>, isFinal: Bool) -> Step {
        guard input.count > 1 else { return isFinal ? .take(1, key(.escape)) : .wait }
        switch input[input.startIndex + 1] {
        case 0x1B: return twice(input, isFinal: isFinal)
        case UInt8(ascii: "["): return control(input, isFinal: isFinal)
        case UInt8(ascii: "O"): return single(input, isFinal: isFinal)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
            return string(input, isFinal: isFinal)
        case let next where next < 0x20 || next == 0x7F:
            let plain = KeyTables.control(next, backspace: backspace)
            return .take(2, key(Key(plain.code, plain.modifiers.union(.alt))))
        default:
            switch character(input.dropFirst(), modifiers: .alt, isFinal: isFinal) {
            // An ESC before bytes that are no character is still the Escape key.
            case .take(let count, nil): return .take(count + 1, key(.escape))
            case .take(let count, let output): return .take(count + 1, output)
            default: return .wait
            }
        }
    }

    /// `ESC ESC`: the Escape key before something else, or alt with a key that sends a sequence.
    private func twice(_ input: ArraySlice<UInt8>, isFinal: Bool) -> Step {
        guard input.count > 2 else { return isFinal ? .take(1, key(.escape)) : .wait }
        let third = input[input.startIndex + 2]
        guard third == UInt8(ascii: "[") || third == UInt8(ascii: "O") else { return .take(1, key(.escape)) }
        guard case .take(let count, let output) = escape(input.dropFirst(), isFinal: isFinal) else { return .wait }
        guard case .event(.key(let plain))? = output, !plain.modifiers.contains(.alt) else {
            return .take(1, key(.escape))
        }
        return .take(count + 1, key(Key(plain.code, plain.modifiers.union(.alt))))
    }

    /// `ESC O x`: application cursor keys, the first function keys, the numeric pad.
    private func single(_ input: ArraySlice<UInt8>, isFinal: Bool) -> Step {
        let body = input.dropFirst(2)
        // Old xterms put the modifier between: ESC O 5 A.
        let digits = body.prefix { (0x31...0x39).contains($0) }
        guard let final = body.dropFirst(digits.count).first else {
            return isFinal ? .take(input.count, key(.alt("O"))) : .wait
        }
        guard digits.count < 3, final >= 0x20, final < 0x7F else { return .take(2, key(.alt("O"))) }
        let held = KeyTables.modifiers(digits.first.map { Int($0) - 0x30 } ?? 1)
        if (0x61...0x64).contains(final), let code = KeyTables.letters[final - 0x20] {
            return .take(3 + digits.count, key(Key(code, .ctrl)))
        }
        let code = KeyTables.letters[final] ?? KeyTables.pad[final]
        return .take(3 + digits.count, code.map { key(Key($0, held)) })
    }

    /// A string that a terminal sent (an answer to somebody else's question): dropped up to its end.
    private func string(_ input: ArraySlice<UInt8>, isFinal: Bool) -> Step {
        let body = input.dropFirst(2)
        if let end = body.firstIndex(where: { $0 == 0x07 || $0 == 0x1B || $0 == 0x18 }) {
            let count = end - input.startIndex
            if input[end] != 0x1B { return .take(count + 1, nil) }
            guard end + 1 < input.endIndex else { return isFinal ? .take(count, nil) : .wait }
            return .take(input[end + 1] == UInt8(ascii: "\\") ? count + 2 : count, nil)
        }
        if input.count == 2, isFinal {
            return .take(2, key(.alt(Character(Unicode.Scalar(input[input.startIndex + 1])))))
        }
        return isFinal || input.count > 8192 ? .take(input.count, nil) : .wait
    }

    /// `ESC [ parameters final`.
    private func control(_ input: ArraySlice<UInt8>, isFinal: Bool) -> Step {
        let body = input.dropFirst(2)
        guard let first = body.first else { return isFinal ? .take(2, key(.alt("["))) : .wait }
        if first == UInt8(ascii: "[") {
            // The Linux console's F1 to F5: ESC [ [ A to E.
            guard let letter = body.dropFirst().first else { return isFinal ? .take(3, nil) : .wait }
            guard (0x41...0x45).contains(letter) else { return .take(3, nil) }
            return .take(4, key(.function(Int(letter) - 0x40)))
        }
        let isPrivate = (0x3C...0x3F).contains(first)
        // rxvt ends shifted keys with `$`, elsewhere a byte between.
        let end = body.firstIndex { byte in
            (0x40...0x7E).contains(byte) || byte < 0x20 || byte >= 0x7F || (byte == UInt8(ascii: "$") && !isPrivate)
        }
        guard let end else { return isFinal || body.count > KeyDecoder.sequenceLimit ? .take(input.count, nil) : .wait }
        let count = end - input.startIndex + 1
        // What cannot stand in a sequence ended it: it is a key of its own.
        guard (0x40...0x7E).contains(input[end]) || input[end] == UInt8(ascii: "$") else {
            return .take(count - 1, nil)
        }
        let sequence = ControlSequence(input[body.startIndex..<end], final: input[end])
        if sequence.isPasteBegin { return .pasteBegins(count) }
        if sequence.isStatusReport { return .take(count, .statusReport) }
        if sequence.isOldMouse {
            guard input.count >= count + 3 else { return isFinal ? .take(input.count, nil) : .wait }
            return .take(count + 3, nil)
        }
        return .take(count, sequence.event.map(Output.event))
    }
}

// MARK: - Paste

extension KeyDecoder {
    /// Moves bytes into the paste; its text when the end has come.
    private mutating func takePaste() -> Output? {
        let end = buffer.indices.first { buffer[$0] == 0x1B && buffer[$0...].starts(with: KeyDecoder.pasteEnd) }
        // The last bytes may be the beginning of the end.
        let safe = end ?? buffer.suffix(KeyDecoder.pasteEnd.count - 1).firstIndex(of: 0x1B) ?? buffer.count
        let room = max(0, KeyDecoder.pasteLimit - (pasted?.count ?? 0))
        pasted?.append(contentsOf: buffer[..<safe].prefix(room))
        buffer.removeFirst(end.map { $0 + KeyDecoder.pasteEnd.count } ?? safe)
        return end == nil ? nil : finishPaste()
    }

    private mutating func finishPaste() -> Output {
        let text = String(decoding: pasted ?? [], as: UTF8.self)
        pasted = nil
        return .event(.paste(String(text.map { $0 == "\r" || $0 == "\r\n" ? "\n" : $0 })))
    }
}
