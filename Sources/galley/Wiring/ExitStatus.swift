import PlatformModel

/// The exit statuses; scripts rely on them.
enum ExitStatus {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let usage: Int32 = 2
    static let configuration: Int32 = 3
    static let notAllowed: Int32 = 4
    static let notFound: Int32 = 5
    static let refused: Int32 = 6
    static let unreachable: Int32 = 7
    static let frozen: Int32 = 8
    static let unknown: Int32 = 9
    static let degraded: Int32 = 10
    static let down: Int32 = 11

    /// For the manual page.
    static let meanings: [(Int32, String)] = [
        (done, "Done; of status: healthy."), (failed, "Failed."), (usage, "Wrong usage."),
        (configuration, "The configuration, a theme or a keymap is wrong."),
        (notAllowed, "Not authenticated, or not allowed."), (notFound, "Not found."),
        (refused, "Refused by a check beforehand."), (unreachable, "Unreachable, or timed out."),
        (frozen, "Frozen, or read-only."), (unknown, "The outcome is unknown."),
        (degraded, "Of status, findings and why: degraded."), (down, "Of status, findings and why: down."),
    ]
}

/// Why a command ends early: what standard error says, and the exit status.
struct CommandFailure: Error {
    let status: Int32
    let message: String
    var code = "failed"
    var hint = ""
}

extension CommandFailure {
    /// A reading that could not be had, as the end of a command that needs it.
    init(_ failure: ReadFailure) {
        let refusals = [
            "password-rejected", "password-missing", "not-allowed", "wrong-password", "no-auth", "no-permission",
            "sqlstate-42501",
        ]
        let status =
            refusals.contains(failure.code)
            ? ExitStatus.notAllowed : failure.isUnreachable ? ExitStatus.unreachable : ExitStatus.failed
        self.init(status: status, message: failure.cause, code: failure.code, hint: failure.hint)
    }
}
