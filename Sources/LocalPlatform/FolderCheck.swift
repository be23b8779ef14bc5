import Glibc

/// Makes the platform's folder, or makes sure that what is there is one and ours.
struct FolderCheck {
    let folder: Folder

    private static let markerText = "A local platform of Galley; galley local reset deletes it.\n"
    /// Four databases with their log, and Redis; a history in four copies, with its archived log.
    private static func neededSpace(orders: Int) -> Int { 700 << 20 + orders * 8000 }

    private func refuse(_ code: String, _ cause: String, _ hint: String, exit: Int32 = 3) -> LocalPlatformError {
        LocalPlatformError(
            code: code, operation: "use the folder", target: folder.root, cause: cause, hint: hint, exitCode: exit)
    }

    var isOurs: Bool { Files.exists(folder.marker) }

    /// Refuses a path where no platform can live, before anything is made there.
    func checkPath() throws(LocalPlatformError) {
        // A socket's whole path has 107 bytes; PostgreSQL's is the longest.
        guard (folder.run + "/.s.PGSQL.65535.lock").utf8.count <= 107 else {
            throw refuse("path-too-long", "its path is too long for sockets", "choose a shorter one with --folder")
        }
        guard folder.root != "/", !folder.root.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw refuse("bad-folder", "a platform cannot live at such a path", "choose another one with --folder")
        }
    }

    /// Repairs what is missing and returns whom it belongs to; the caller holds the launch lock.
    /// - Parameter orders: how much history will be made there.
    func prepare(orders: Int = 0) throws(LocalPlatformError) -> Account {
        try checkPath()
        if Files.exists(folder.root), !isOurs {
            guard Files.isFolder(folder.root) else {
                throw refuse("in-the-way", "it is a file", "move it away or choose another folder with --folder")
            }
            guard Files.list(folder.root).isEmpty else {
                throw refuse(
                    "foreign-folder", "it holds something that is not a local platform",
                    "choose an empty or new folder with --folder")
            }
        }
        let owner = try self.owner()
        try Files.makeFolder(folder.root, mode: 0o755, owner: owner)
        let needed = Self.neededSpace(orders: orders)
        if let free = Files.freeSpace(at: folder.root), free < needed, !Files.exists(folder.state) {
            throw refuse(
                "disk-full", "only \(free >> 20) MB are free there, and \(needed >> 20) MB are needed",
                "free some space, or choose a folder on another disk with --folder", exit: 1)
        }
        if !isOurs {
            try Files.give(folder.root, to: owner)
            try Files.write(Self.markerText, to: folder.marker, owner: owner)
        }
        for part in folder.parts {
            try Files.makeFolder(part.path, mode: part.mode, owner: owner)
            guard Files.owner(of: part.path) == owner.user else {
                throw refuse(
                    "wrong-owner", "\(part.path) belongs to \(Self.name(of: part.path)), not to \(owner.name)",
                    "give it back: sudo chown -R \(owner.name) \(PostgresFiles.shellQuoted(folder.root))")
            }
        }
        return owner
    }

    /// Whom the platform belongs to, existing or not yet.
    func owner() throws(LocalPlatformError) -> Account {
        guard let user = Files.owner(of: folder.marker) else { return .unprivileged }
        if geteuid() == 0 {
            guard user != 0 else { return .unprivileged }
            let name = Account.name(of: user) ?? "\(user)"
            return Account.named(name) ?? Account(name: name, user: user, group: gid_t(user))
        }
        guard user == geteuid() else {
            throw refuse(
                "other-user", "it belongs to \(Account.name(of: user) ?? "user \(user)")",
                "choose a folder of your own with --folder, or run this as its owner or root", exit: 4)
        }
        return .current
    }

    private static func name(of path: String) -> String {
        Files.owner(of: path).map { Account.name(of: $0) ?? "user \($0)" } ?? "nobody"
    }
}
