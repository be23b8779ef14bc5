import Glibc
import Operations
import PlatformModel
import Reactor

/// The confirmation on a command line: asked on the terminal, or answered by options as far as that is allowed.
struct ConfirmationWords {
    private let challenge: ConfirmationChallenge
    private let plan: Plan
    private let arguments: Arguments

    init(_ plan: Plan, _ command: Command, _ arguments: Arguments) {
        challenge = ConfirmationChallenge(plan, command: command)
        self.plan = plan
        self.arguments = arguments
    }

    /// - Throws: ``CommandFailure`` when it was not confirmed.
    func proof() throws(CommandFailure) -> ConfirmationProof {
        switch challenge.level {
        case .none: if let proof = challenge.answer() { return proof }
        case .yes:
            if arguments.has("yes") {
                if let proof = challenge.answer(yes: true) { return proof }
            }
            show()
            try Self.yes("\(plan.title) in \(plan.intent.environment)?", arguments)
            if let proof = challenge.answer(yes: true) { return proof }
        case .object:
            if let given = arguments.option("confirm") {
                if let proof = challenge.answer(texts: [given]) { return proof }
                throw refusal("--confirm is “\(given)”, and the object is “\(plan.object)”")
            }
            return try typed()
        case .full:
            return try typed()
        }
        throw refusal("it was not confirmed")
    }

    private func typed() throws(CommandFailure) -> ConfirmationProof {
        guard Question.canAsk else {
            let way =
                challenge.level == .object
                ? "--confirm \"\(plan.object)\" answers it; --yes is not enough" : "this needs a person at a terminal"
            throw refusal("“\(plan.title)” must be confirmed by typing, and no terminal is there to ask", hint: way)
        }
        show()
        var texts: [String] = []
        for field in challenge.fields {
            let what = field.expected.map { "type \($0)" } ?? "why"
            guard let text = Question.line("\(field.label) (\(what)): "), field.accepts(text) else {
                throw refusal("\(field.label) was not typed as it must be: nothing was done")
            }
            texts.append(text)
        }
        guard let proof = challenge.answer(texts: texts) else { throw refusal("it was not confirmed") }
        return proof
    }

    private func show() {
        if Question.canAsk { for line in plan.lines { Output.note(line, prefix: "") } }
    }

    /// Asks for a `y`; `--yes` answers it.
    static func yes(_ question: String, _ arguments: Arguments) throws(CommandFailure) {
        if arguments.has("yes") { return }
        guard Question.canAsk else {
            throw CommandFailure(
                status: ExitStatus.refused, message: "“\(question)” was not answered: no terminal is there to ask",
                code: "not-confirmed", hint: "--yes answers it")
        }
        guard let answer = Question.line("\(question) [y/N] "), answer == "y" || answer == "yes" else {
            throw CommandFailure(status: ExitStatus.refused, message: "nothing was done", code: "not-confirmed")
        }
    }

    private func refusal(_ message: String, hint: String = "") -> CommandFailure {
        CommandFailure(status: ExitStatus.refused, message: message, code: "not-confirmed", hint: hint)
    }
}

/// Asks a person at the terminal, whatever standard input and output are.
enum Question {
    static var canAsk: Bool {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        close(terminal)
        return isatty(0) == 1
    }

    /// One line, typed after the question: what was typed before it is thrown away, for half a second.
    ///
    /// - Returns: nil at the end of the input, or when there is no terminal.
    static func line(_ question: String) -> String? {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        Output.write(question, to: terminal)
        discard(terminal)
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < 4096 {
            let count = read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return nil }
            if byte == 10 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
        return nil
    }

    /// Throws input away until half a second has gone by.
    private static func discard(_ terminal: Int32) {
        tcflush(terminal, TCIFLUSH)
        let end = Deadline.after(.milliseconds(500))
        while !end.hasPassed { poll(nil, 0, Int32(clamping: end.remaining.nanoseconds / 1_000_000 + 1)) }
        tcflush(terminal, TCIFLUSH)
    }
}
