import PlatformModel

/// How something fares, in one of few words: each has a glyph, a role of the theme and a word, so that no state is told
/// by colour alone.
enum Tone: Sendable, Hashable {
    case good
    /// Healthy, but not the one in use: a replica, an idle worker.
    case standby
    case notice
    case warning
    case critical
    /// It did not answer.
    case failed
    /// Nothing is known yet.
    case unknown
    /// Not part of this platform's configuration.
    case absent

    var role: ThemeRole {
        switch self {
        case .good: .good
        case .standby: .standby
        case .notice: .notice
        case .warning: .warning
        case .critical: .critical
        case .failed: .failed
        case .unknown, .absent: .muted
        }
    }

    init(_ severity: Finding.Severity) {
        switch severity {
        case .notice: self = .notice
        case .warning: self = .warning
        case .critical: self = .critical
        }
    }

    init(_ health: Health) {
        switch health {
        case .healthy: self = .good
        case .degraded: self = .warning
        case .down: self = .critical
        }
    }
}
