import Glibc

/// Files of settings and of secrets, met with suspicion.
enum SettingsFile {
    /// Reads a regular file.
    ///
    /// - Throws: why it cannot be read; a FIFO or a device is refused, for it could block or never end.
    static func read(_ path: String, maximumBytes: Int) throws(SettingsProblem) -> [UInt8] {
        let place = SettingsPlace(path)
        guard !path.utf8.contains(0) else { throw SettingsProblem(place, "the path holds a NUL byte") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw refusal(place, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw refusal(place, errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw SettingsProblem(place, "is a folder, expected a file")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw SettingsProblem(place, "is no regular file") }
        guard status.st_size <= maximumBytes else {
            throw SettingsProblem(place, "the file has \(status.st_size) bytes, and may have \(maximumBytes)")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= maximumBytes {
            let got = Glibc.read(descriptor, &buffer, buffer.count)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw refusal(place, errno) }
            if got == 0 { break }
            bytes.append(contentsOf: buffer[..<got])
        }
        return bytes
    }

    private static func refusal(_ place: SettingsPlace, _ error: Int32) -> SettingsProblem {
        let hint =
            switch error {
            case EACCES, EPERM: "check the permissions of the file and of the folders above it"
            case ENOENT, ENOTDIR: "check the path"
            default: ""
            }
        return SettingsProblem(place, "cannot be read: \(String(cString: strerror(error)))", hint: hint)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// What is wrong with a file that holds a secret: absent, no file, or open to others.
    ///
    /// As libpq has it: a file of root may be readable by its group.
    static func secretProblem(_ path: String, at place: SettingsPlace, key: String) -> SettingsProblem? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let cause = String(cString: strerror(errno))
            return SettingsProblem(
                place, key: key, found: "\(SettingsText.quoted(path)): \(cause)",
                expected: "a file that holds the secret")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return SettingsProblem(
                place, key: key, found: "\(SettingsText.quoted(path)), which is no file",
                expected: "a file that holds the secret")
        }
        let open: mode_t = status.st_uid == 0 ? 0o027 : 0o077
        guard status.st_mode & open == 0 else {
            return SettingsProblem(
                place, key: key, "others can read \(SettingsText.quoted(path)), which holds a secret",
                hint: "run: chmod 600 \(shellQuoted(path))")
        }
        return nil
    }

    private static func shellQuoted(_ path: String) -> String {
        let plain = path.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || "/._-~+@%".utf8.contains($0)
        }
        return plain ? path : "'" + SettingsText.plain(path).replacing("'", with: "'\\''") + "'"
    }

    /// The offset of the first byte that is no UTF-8; nil when all of it is.
    static func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
        var decoder = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .error: return offset
            case .emptyInput: return nil
            }
        }
    }
}
