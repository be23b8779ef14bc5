import Reactor
import TerminalCells

/// Bytes from a terminal into keys, pastes and mouse events: a state machine as a value.
///
/// Sequences may come in pieces. A lone ESC is the Escape key once ``escapeDelay`` has passed without more; a byte
/// that is no UTF-8 is dropped alone.
struct KeyDecoder: Sendable {
    enum Output: Sendable, Hashable {
        case event(TerminalEvent)
        /// The answer to `ESC [ 5 n`.
        case statusReport
    }

    static let escapeDelay = Duration.milliseconds(25)
    /// A paste beyond this is cut: nobody pastes a megabyte into a filter.
    private static let pasteLimit = 64 << 10
    /// No real sequence is longer; what is longer is noise and dropped.
    private static let sequenceLimit = 64

    private var buffer: [UInt8] = []
    private var pasted: [UInt8]?
    private var lastByte = Deadline.now

    /// When ``flush(at:)`` is due: an escape waits for what may follow it.
    var deadline: Deadline? {
        buffer.isEmpty || pasted != nil ? nil : lastByte.advanced(by: Self.escapeDelay)
    }

    mutating func feed(_ bytes: some Sequence<UInt8>, at now: Deadline) -> [Output] {
        buffer += bytes
        lastByte = now
        return drain(isFinal: false)
    }

    /// Takes what waits as it is, when its time has passed.
    mutating func flush(at now: Deadline) -> [Output] {
        guard let deadline, deadline <= now else { return [] }
        return drain(isFinal: true)
    }

    private mutating func drain(isFinal: Bool) -> [Output] {
        var outputs: [Output] = []
        while !buffer.isEmpty {
            if pasted != nil {
                guard let paste = takePaste() else { break }
                outputs.append(.event(.paste(paste)))
                continue
            }
            switch next(isFinal: isFinal) {
            case .wait: return outputs
            case .take(let count, let output):
                buffer.removeFirst(count)
                if let output { outputs.append(output) }
            case .pasteBegins(let count):
                buffer.removeFirst(count)
                pasted = []
            }
        }
        return outputs
    }

    private enum Step {
        case wait
        case take(Int, Output?)
        case pasteBegins(Int)
    }

    private func next(isFinal: Bool) -> Step {
        switch buffer[0] {
        case 0x1B: escape(isFinal: isFinal)
        case 0x00: .take(1, key(Key(.character(" "), .ctrl)))
        case 0x08, 0x7F: .take(1, key(.backspace))
        case 0x09: .take(1, key(.tab))
        case 0x0A, 0x0D: .take(1, key(.enter))
        case 0x01...0x1A: .take(1, key(.ctrl(Character(UnicodeScalar(buffer[0] + 0x60)))))
        case 0x1C...0x1F: .take(1, key(.ctrl(Character(UnicodeScalar(buffer[0] + 0x40)))))
        case 0x20...0x7E: .take(1, key(Key(.character(Character(UnicodeScalar(buffer[0]))))))
        default: utf8(from: 0, modifiers: [], isFinal: isFinal)
        }
    }

    // MARK: UTF-8

    private func utf8(from start: Int, modifiers: Key.Modifiers, isFinal: Bool) -> Step {
        let length: Int
        switch buffer[start] {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return .take(start + 1, nil)
        }
        let available = buffer[start...].prefix(length)
        if let bad = available.dropFirst().firstIndex(where: { $0 & 0xC0 != 0x80 }) { return .take(bad, nil) }
        guard available.count == length else { return isFinal ? .take(start + 1, nil) : .wait }
        guard let text = String(validating: available, as: UTF8.self), let character = text.first else {
            return .take(start + length, nil)
        }
        return .take(start + length, key(Key(.character(character), modifiers)))
    }

    // MARK: Escape sequences

    private func escape(isFinal: Bool) -> Step {
        guard buffer.count > 1 else { return isFinal ? .take(1, key(.escape)) : .wait }
        switch buffer[1] {
        case 0x1B: return .take(1, key(.escape))
        case UInt8(ascii: "["): return control(isFinal: isFinal)
        case UInt8(ascii: "O"): return single(isFinal: isFinal)
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"): return string(isFinal: isFinal)
        case 0x08, 0x7F: return .take(2, key(Key(.backspace, .alt)))
        case 0x0D: return .take(2, key(Key(.enter, .alt)))
        case 0x09: return .take(2, key(Key(.tab, .alt)))
        case 0x01...0x1A:
            return .take(2, key(Key(.character(Character(UnicodeScalar(buffer[1] + 0x60))), [.ctrl, .alt])))
        case 0x20...0x7E: return .take(2, key(.alt(Character(UnicodeScalar(buffer[1])))))
        case 0x80...: return utf8(from: 1, modifiers: .alt, isFinal: isFinal)
        default: return .take(2, nil)
        }
    }

    /// `ESC O x`: application cursor keys and the first function keys.
    private func single(isFinal: Bool) -> Step {
        guard buffer.count > 2 else { return isFinal ? .take(2, key(.alt("O"))) : .wait }
        let codes: [UInt8: Key.Code] = [
            0x41: .up, 0x42: .down, 0x43: .right, 0x44: .left, 0x46: .end, 0x48: .home, 0x4D: .enter,
            0x50: .function(1),
            0x51: .function(2), 0x52: .function(3), 0x53: .function(4),
        ]
        if let code = codes[buffer[2]] { return .take(3, key(Key(code))) }
        // The numeric pad in application mode sends its characters as letters.
        let pad = Array("*+,-./0123456789")
        let index = Int(buffer[2]) - 0x6A
        if pad.indices.contains(index) { return .take(3, key(Key(.character(pad[index])))) }
        return .take(3, nil)
    }

    /// A string that a terminal sent unasked (OSC, DCS, APC): dropped up to its end.
    private func string(isFinal: Bool) -> Step {
        if let end = buffer.dropFirst(2).firstIndex(where: { $0 == 0x07 || $0 == 0x1B }) {
            if buffer[end] == 0x07 { return .take(end + 1, nil) }
            guard end + 1 < buffer.count else { return isFinal ? .take(buffer.count, nil) : .wait }
            return .take(buffer[end + 1] == UInt8(ascii: "\\") ? end + 2 : end, nil)
        }
        if buffer.count == 2, isFinal { return .take(2, key(.alt(Character(UnicodeScalar(buffer[1]))))) }
        return isFinal || buffer.count > 4096 ? .take(buffer.count, nil) : .wait
    }

    /// `ESC [ parameters final`.
    private func control(isFinal: Bool) -> Step {
        let body = buffer.dropFirst(2)
        // The Linux console's F1 to F5: ESC [ [ A to E.
        if body.first == UInt8(ascii: "["), body.count > 1 {
            let number = Int(buffer[3]) - 0x40
            return .take(4, (1...5).contains(number) ? key(.function(number)) : nil)
        }
        guard let end = body.firstIndex(where: { (0x40...0x7E).contains($0) && $0 != UInt8(ascii: "[") || $0 == 0x1B })
        else {
            if buffer.count > Self.sequenceLimit { return .take(buffer.count, nil) }
            return isFinal ? (buffer.count == 2 ? .take(2, key(.alt("["))) : .take(buffer.count, nil)) : .wait
        }
        if buffer[end] == 0x1B { return .take(end, nil) }
        let sequence = ControlSequence(buffer[2..<end], final: buffer[end])
        if sequence.isPasteBegin { return .pasteBegins(end + 1) }
        if sequence.isStatusReport { return .take(end + 1, .statusReport) }
        return .take(end + 1, sequence.event.map(Output.event))
    }

    // MARK: Paste

    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    /// Moves bytes into the paste; its text when the end has come.
    private mutating func takePaste() -> String? {
        let end = buffer.indices.first { buffer[$0...].starts(with: Self.pasteEnd) }
        // The last bytes may be the beginning of the end.
        let safe = end ?? max(0, buffer.count - Self.pasteEnd.count + 1)
        let room = max(0, Self.pasteLimit - (pasted?.count ?? 0))
        pasted?.append(contentsOf: buffer[..<safe].prefix(room))
        buffer.removeFirst(end.map { $0 + Self.pasteEnd.count } ?? safe)
        guard end != nil, let bytes = pasted else { return nil }
        pasted = nil
        let text = String(decoding: bytes, as: UTF8.self)
        return String(text.map { $0 == "\r" || $0 == "\r\n" ? "\n" : $0 })
    }

    private func key(_ key: Key) -> Output { .event(.key(key)) }
}
