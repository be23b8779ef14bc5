/// Why a reading could not be had.
public struct ReadFailure: Error, Sendable, Hashable {
    /// Stable: `connection-refused`, `timed-out`, `sqlstate-42501`.
    public let code: String
    /// In the words of whoever said it; no secret in it.
    public let cause: String
    /// What a person can do; empty when nothing is known.
    public let hint: String

    public init(code: String, cause: String, hint: String = "") {
        self.code = code
        self.cause = cause
        self.hint = hint
    }

    /// What sort of trouble the code tells of: it decides which finding is raised, how grave it is and how it is put.
    public enum Kind: Sendable, Hashable {
        /// Nobody answers.
        case unreachable
        /// Somebody answers, but is starting up, loading its data or shutting down.
        case notReady
        /// No password, or a wrong one.
        case credentials
        /// Refused before any password counts: an address rule, a missing role.
        case notAllowed
        /// The database of that name is not there.
        case unknownDatabase
        /// Every connection is taken.
        case full
        /// TLS could not be agreed on, or the certificate is not to be trusted.
        case encryption
        /// It is something else than the configuration says, so that part of it would be missed.
        case misconfigured
        /// Connected, but without the right to read this.
        case permission
        /// Anything else.
        case other
    }

    public var kind: Kind {
        switch code {
        case "connection-refused", "connection-failed", "unreachable", "timed-out", "server-closed", "closed",
            "client-closed", "name-not-resolved", "resolver-unavailable", "cluster-down",
            // No node in the wanted role answers.
            "wrong-session":
            .unreachable
        case "sqlstate-57P01", "sqlstate-57P02", "sqlstate-57P03", "loading", "master-down": .notReady
        case "password-rejected", "password-missing", "wrong-password", "no-auth": .credentials
        case "not-allowed": .notAllowed
        case "sqlstate-3D000": .unknownDatabase
        case "sqlstate-53300", "too-many-clients": .full
        case "tls", "tls-failed", "certificate", "certificate-expired", "certificate-not-yet-valid",
            "certificate-wrong-host", "certificate-not-trusted", "client-certificate":
            .encryption
        case "moved", "ask", "cluster-node": .misconfigured
        case "no-permission", "sqlstate-42501": .permission
        default: .other
        }
    }

    /// Whether the other side was not reached at all or is not ready, as opposed to having refused or erred.
    public var isUnreachable: Bool { kind == .unreachable || kind == .notReady }

    /// Whether the other side is up and it is Galley that may not or cannot read it: others may be served well.
    public var isRefusal: Bool {
        switch kind {
        case .credentials, .notAllowed, .unknownDatabase, .encryption, .misconfigured, .permission: true
        case .unreachable, .notReady, .full, .other: false
        }
    }

    /// What it is, to follow the name of who was asked: `does not answer`.
    public var predicate: String {
        switch kind {
        case .unreachable: "does not answer"
        case .notReady: "is not ready"
        case .credentials:
            code == "password-missing" || code == "no-auth"
                ? "asks for a password that Galley does not have" : "refuses the password"
        case .notAllowed: "does not let Galley in"
        case .unknownDatabase: "does not have the database"
        case .full: "has no connection left"
        case .encryption: "cannot be talked to over TLS"
        case .misconfigured: "is not what the configuration says"
        case .permission: "denies a right that Galley needs"
        case .other: "cannot be read"
        }
    }
}
