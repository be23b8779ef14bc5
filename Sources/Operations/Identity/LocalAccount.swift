import Glibc
import Reactor

/// A person whom this machine knows: the first identity source, for machines without an identity provider.
///
/// What it says is as good as the files it comes from, which only their owner can read: the role's credentials for the
/// database and the API decide what can be done in the end.
public struct LocalAccount: IdentitySource {
    private let identity: OperatorIdentity
    private let secretFile: String?
    private let state: StateFolder
    private let clock: GateClock

    /// - Parameters:
    ///   - secretFile: holds the second factor's secret in base 32; nil when there is no second factor.
    ///   - state: where the used passwords are noted.
    public init(
        subject: String, role: Role, kitchens: KitchenScope, secretFile: String?, state: StateFolder,
        clock: GateClock = .system
    ) {
        identity = OperatorIdentity(subject: subject, role: role, kitchens: kitchens, source: "local account")
        self.secretFile = secretFile
        self.state = state.folder("totp")
        self.clock = clock
    }

    public func identify(until deadline: Deadline) async throws(IdentityError) -> OperatorIdentity { identity }

    public func secondFactor(_ answer: String, until deadline: Deadline) async throws(IdentityError) -> SecondFactor {
        let account = self
        let result = await Thread.run("totp", on: .shared, until: deadline) {
            () -> Result<SecondFactor, IdentityError> in
            do throws(IdentityError) {
                return .success(try account.check(answer))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let factor): return factor
        case .failure(let error): throw error
        case nil: throw error("timed-out", "the file of used passwords is held by somebody else")
        }
    }

    private func check(_ answer: String) throws(IdentityError) -> SecondFactor {
        guard let secretFile else {
            throw error("no-second-factor", "the account has none", "set totp_file and run galley account enrol")
        }
        try checkOwner(of: secretFile)
        guard let text = StateFolder.text(of: secretFile),
            let password = TimedPassword(base32: String(text.prefix { !$0.isNewline }))
        else {
            throw error("no-second-factor", "\(secretFile) holds no secret", "galley account enrol makes one")
        }
        let digits = answer.filter { !$0.isWhitespace }
        guard let counter = password.counter(of: digits, at: clock.wall().microseconds / 1_000_000) else {
            throw error(
                "wrong-code", "the code is wrong", "codes change every 30 s; this machine's clock must be right")
        }
        try use(counter)
        return SecondFactor(method: "totp", ticks: clock.ticks())
    }

    /// Notes a counter as used; a code that was seen over a shoulder is worth nothing, on any console of this account.
    private func use(_ counter: Int64) throws(IdentityError) {
        do throws(StateError) {
            try state.prepare()
            let used = try AppendFile(state.file(StateFolder.name(identity.subject)), lock: .waiting)
            let last = try used.lastLine().flatMap { Int64($0) } ?? -1
            if counter > last { return try used.append(String(counter)) }
        } catch {
            throw IdentityError(
                code: error.code, operation: "note the code", target: error.target, cause: error.cause, hint: error.hint
            )
        }
        throw error("code-used", "this code, or a later one, was used before", "wait for the next one")
    }

    private func checkOwner(of path: String) throws(IdentityError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw error(
                "no-second-factor", "\(path): \(String(cString: strerror(errno)))", "galley account enrol makes it")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw error("secret-readable", "\(path) can be read by others", "chmod 600 \(path), and enrol anew")
        }
    }

    private func error(_ code: String, _ cause: String, _ hint: String = "") -> IdentityError {
        IdentityError(
            code: code, operation: "check the second factor", target: identity.subject, cause: cause, hint: hint)
    }
}

/// A second factor being set up.
public struct SecondFactorEnrolment: Sendable {
    /// In base 32.
    public let secret: String

    public init() { secret = TimedPassword.newSecret() }

    /// What an authenticator application reads, as a picture or by hand.
    public func address(for subject: String) -> String {
        let name = subject.utf8.map { byte -> String in
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            return isPlain ? String(UnicodeScalar(byte)) : "%" + Digest.hexadecimal([byte]).uppercased()
        }.joined()
        return "otpauth://totp/galley:\(name)?secret=\(secret)&issuer=galley"
    }

    /// Whether the authenticator shows what it should now.
    public func accepts(_ code: String, clock: GateClock = .system) -> Bool {
        TimedPassword(base32: secret)?.counter(of: code, at: clock.wall().microseconds / 1_000_000) != nil
    }

    /// Writes the secret where only its owner reads it.
    public func write(to path: String) throws(StateError) {
        guard let slash = path.lastIndex(of: "/") else {
            throw StateError(code: "usage", operation: "write", target: path, cause: "the path is not absolute")
        }
        try StateFolder(String(path[..<slash])).replaceSecret(String(path[path.index(after: slash)...]), secret + "\n")
    }
}

extension StateFolder {
    /// As ``replace(_:with:)``, in a folder that is somebody else's to make and to protect.
    fileprivate func replaceSecret(_ name: String, _ text: String) throws(StateError) {
        if access(path, F_OK) != 0 { try prepare() }
        try replace(name, with: text, preparing: false)
    }
}
