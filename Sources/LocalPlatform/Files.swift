import Glibc

/// The few file operations that the platform's folder needs; every failure names the path.
enum Files {
    /// Creates a folder and its missing parents; an existing one keeps its mode.
    static func makeFolder(_ path: String, mode: mode_t = 0o755, owner: Account? = nil) throws(LocalPlatformError) {
        if isFolder(path) { return }
        let parent = self.parent(of: path)
        if parent != path, !isFolder(parent) { try makeFolder(parent) }
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw .system("create the folder", path, errno: errno) }
        guard isFolder(path) else { throw .system("create the folder", path, errno: ENOTDIR) }
        // Not left to the umask: secrets must be closed, and the venv's folder open, whatever it is.
        guard chmod(path, mode) == 0 else { throw .system("set the mode of", path, errno: errno) }
        try give(path, to: owner)
    }

    /// Hands a path to its owner when that is not the caller already.
    static func give(_ path: String, to owner: Account?) throws(LocalPlatformError) {
        guard let owner, geteuid() == 0 else { return }
        guard chown(path, owner.user, owner.group) == 0 else {
            throw .system("change the owner of", path, errno: errno)
        }
    }

    /// Writes the whole file or nothing: a temporary sibling, flushed to disk, then renamed.
    static func write(
        _ bytes: [UInt8], to path: String, mode: mode_t = 0o644, owner: Account? = nil
    ) throws(LocalPlatformError) {
        // A name of its own, for two may write the same file at once.
        let temporary = path + ".new-\(UInt32.random(in: 0 ..< .max))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw .system("write", path, errno: errno) }
        var failure: Int32 = 0
        var rest = bytes[...]
        while failure == 0, !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { failure = errno }
        }
        if failure == 0, fchmod(descriptor, mode) != 0 { failure = errno }
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        close(descriptor)
        if failure == 0, let owner, geteuid() == 0, chown(temporary, owner.user, owner.group) != 0 { failure = errno }
        if failure == 0, rename(temporary, path) != 0 { failure = errno }
        if failure != 0 {
            unlink(temporary)
            throw .system("write", path, errno: failure)
        }
    }

    static func write(
        _ text: String, to path: String, mode: mode_t = 0o644, owner: Account? = nil
    ) throws(LocalPlatformError) {
        try write(Array(text.utf8), to: path, mode: mode, owner: owner)
    }

    /// The file's bytes up to a limit; nil when it does not exist or cannot be read.
    static func read(_ path: String, limit: Int = 16 << 20) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while result.count < limit {
            let count = Glibc.read(descriptor, &buffer, min(buffer.count, limit - result.count))
            if count > 0 {
                result += buffer[..<count]
            } else if count == 0 || errno != EINTR {
                return count == 0 ? result : nil
            }
        }
        return result
    }

    static func readText(_ path: String, limit: Int = 16 << 20) -> String? {
        read(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
    }

    /// What a symbolic link (also one of /proc) points at.
    static func linkTarget(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { raw in
            raw.baseAddress.map { readlink(path, $0.assumingMemoryBound(to: CChar.self), raw.count) } ?? -1
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 && !isFolder(path) }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func owner(of path: String) -> uid_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_uid : nil
    }

    static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Names in a folder, sorted; empty when it cannot be read.
    static func list(_ path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Deletes a tree without following links.
    static func remove(_ path: String) throws(LocalPlatformError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in list(path) { try remove(path + "/" + name) }
            guard rmdir(path) == 0 || errno == ENOENT else { throw .system("delete", path, errno: errno) }
        } else {
            guard unlink(path) == 0 || errno == ENOENT else { throw .system("delete", path, errno: errno) }
        }
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// An absolute path without `.`, `..`, doubled or trailing slashes; links are kept.
    static func absolute(_ path: String) -> String {
        var full = path
        // Shorter than realpath, which needs the path to exist.
        if !path.hasPrefix("/"), let here = linkTarget("/proc/self/cwd") { full = here + "/" + path }
        var parts: [Substring] = []
        for part in full.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Bytes that an unprivileged process may still write there.
    static func freeSpace(at path: String) -> Int? {
        var status = statvfs()
        return statvfs(path, &status) == 0 ? Int(status.f_bavail) * Int(status.f_frsize) : nil
    }
}
