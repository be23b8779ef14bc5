import Glibc

/// A user of the operating system, as the owner of the folder and of every child process.
struct Account: Sendable, Hashable {
    let name: String
    let user: uid_t
    let group: gid_t

    /// Who calls.
    static var current: Account {
        Account(name: name(of: geteuid()) ?? "\(geteuid())", user: geteuid(), group: getegid())
    }

    /// Who the platform's processes run as: the caller, or under root someone without rights.
    static var unprivileged: Account {
        guard geteuid() == 0 else { return current }
        return named("postgres") ?? named("nobody") ?? Account(name: "nobody", user: 65534, group: 65534)
    }

    static func named(_ name: String) -> Account? {
        guard let entry = getpwnam(name) else { return nil }
        return Account(name: name, user: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
    }

    static func name(of user: uid_t) -> String? {
        getpwuid(user).map { String(cString: $0.pointee.pw_name) }
    }

    /// Becomes this user for good; nothing to do when already so.
    func become() throws(LocalPlatformError) {
        guard geteuid() == 0, user != 0 else { return }
        guard setgroups(0, nil) == 0, setgid(group) == 0, setuid(user) == 0 else {
            throw .system("become the user", name, errno: errno)
        }
    }
}
