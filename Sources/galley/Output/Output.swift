import Glibc
import TerminalCells

/// Standard output and error, by `write`: everything from outside is made safe on its way out.
enum Output {
    static var isTerminal: Bool { isatty(1) == 1 }

    /// Prints a line, control characters of whatever source made visible.
    static func line(_ text: String = "") { write(SafeText.line(text) + "\n", to: 1) }

    /// Prints a prompt: no line feed behind it.
    static func prompt(_ text: String) { write(SafeText.line(text), to: 1) }

    /// How wide standard output is; nil when it is no terminal.
    static var columns: Int? {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Prints what is already safe: JSON, which escapes for itself.
    static func raw(_ text: String) { write(text + "\n", to: 1) }

    /// - Parameter hint: what a person can do about it, on a line of its own.
    static func error(_ text: String, hint: String = "") {
        write("galley: " + SafeText.line(text) + "\n", to: 2)
        if !hint.isEmpty { write("  " + SafeText.line(hint) + "\n", to: 2) }
    }

    /// Prints a line of progress or a remark on standard error, control characters made visible.
    static func note(_ text: String, prefix: String = "galley: ") { write(prefix + SafeText.line(text) + "\n", to: 2) }

    /// Prints a row for programs; what would command a terminal is made visible when one is there.
    static func bytes(_ row: String) { isTerminal ? line(row) : raw(row) }

    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { stop(descriptor, errno) }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Nobody hears what follows: a reader that went away (`galley status --watch | head`) is no failure, a full disk is.
    private static func stop(_ descriptor: Int32, _ reason: Int32) -> Never {
        if reason == EPIPE { exit(ExitStatus.done) }
        if descriptor == 1 { error("standard output cannot be written: \(String(cString: strerror(reason)))") }
        exit(ExitStatus.failed)
    }
}
