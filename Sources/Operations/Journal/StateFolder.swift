import Glibc
import Reactor

/// A folder of files that must survive a crash, a full disk and a cut of power; only its owner can enter it.
public struct StateFolder: Sendable, Hashable {
    public let path: String

    /// - Parameter path: `$XDG_STATE_HOME/galley`; made when something is first written.
    public init(_ path: String) { self.path = path }

    public func folder(_ name: String) -> StateFolder { StateFolder(path + "/" + name) }

    func file(_ name: String) -> String { path + "/" + name }

    /// A file name for a word of the configuration, which may hold anything.
    static func name(_ word: String) -> String {
        let plain = word.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: "_")
        }
        return plain && !word.isEmpty && word.utf8.count <= 64
            ? word : "x" + Digest.sha256(text: word).prefix(40)
    }

    /// Makes the folder and those above it, readable by their owner alone.
    func prepare() throws(StateError) {
        var built = ""
        for part in path.split(separator: "/") {
            built += "/" + part
            if mkdir(built, 0o700) == 0 || errno == EEXIST { continue }
            throw StateError("make the folder", built, errno)
        }
        chmod(path, 0o700)
    }

    /// The names of the files, without hidden and temporary ones, sorted; empty when there is no folder.
    func names() -> [String] {
        guard let handle = opendir(path) else { return [] }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix("."), !name.hasSuffix(".tmp") { names.append(name) }
        }
        return names.sorted()
    }

    func read(_ name: String) -> String? { Self.text(of: file(name)) }

    /// The text from a byte on, which must be the first of a line; nil when it cannot be read.
    func read(_ name: String, from start: Int) -> String? {
        let descriptor = open(file(name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return Self.text(from: descriptor, start: start)
    }

    /// Bytes; 0 when there is no such file.
    func size(_ name: String) -> Int {
        var status = stat()
        return stat(file(name), &status) == 0 ? Int(status.st_size) : 0
    }

    func exists(_ name: String) -> Bool { access(file(name), F_OK) == 0 }

    /// Writes a whole file so that after any crash either the old or the new text is there.
    ///
    /// - Parameter preparing: makes the folder and closes it to others first.
    func replace(_ name: String, with text: String, preparing: Bool = true) throws(StateError) {
        if preparing { try prepare() }
        let (path, temporary) = (file(name), file(name) + ".\(getpid()).tmp")
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StateError("write", temporary, errno) }
        do throws(StateError) {
            defer { close(descriptor) }
            try Self.write(text, to: descriptor, at: temporary)
            guard fsync(descriptor) == 0 else { throw StateError("write", temporary, errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        guard Glibc.rename(temporary, path) == 0 else { throw StateError("replace", path, errno) }
        try sync()
    }

    /// Gives a file of this folder another name, or another folder; durable when it returns.
    func move(_ name: String, to folder: StateFolder, as newName: String? = nil) throws(StateError) {
        try folder.prepare()
        let target = folder.file(newName ?? name)
        guard Glibc.rename(file(name), target) == 0 else { throw StateError("move", file(name), errno) }
        try folder.sync()
        try sync()
    }

    /// Nothing happens when it is gone already.
    func remove(_ name: String) throws(StateError) {
        guard unlink(file(name)) == 0 || errno == ENOENT else { throw StateError("remove", file(name), errno) }
        try sync()
    }

    /// Makes names that were added, changed or removed durable.
    func sync() throws(StateError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return }
            throw StateError("open", path, errno)
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StateError("write", path, errno) }
    }

    static func write(_ text: String, to descriptor: Int32, at path: String) throws(StateError) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw StateError("write", path, errno) }
            bytes = bytes.dropFirst(count)
        }
    }

    /// A file's text, nil when it cannot be read.
    static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return text(from: descriptor)
    }

    /// Everything from a byte of an open file on.
    static func text(from descriptor: Int32, start: Int = 0) -> String? {
        guard lseek(descriptor, start, SEEK_SET) >= 0 else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}

/// Why a file that must survive could not be written or read.
public struct StateError: OperationError, Hashable {
    public let code: String
    public let operation: String
    public let target: String
    public let cause: String
    public let hint: String

    init(code: String, operation: String, target: String, cause: String, hint: String = "") {
        self.code = code
        self.operation = operation
        self.target = target
        self.cause = cause
        self.hint = hint
    }

    init(_ operation: String, _ target: String, _ number: Int32) {
        let hint =
            switch number {
            case ENOSPC, EDQUOT: "free some space: nothing is done that cannot be journaled"
            case EACCES, EPERM, EROFS: "galley keeps its state there; its owner must be the one who runs galley"
            default: ""
            }
        self.init(
            code: number == ENOSPC ? "disk-full" : "state-file", operation: operation, target: target,
            cause: String(cString: strerror(number)), hint: hint)
    }
}
