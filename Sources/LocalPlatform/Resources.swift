import CLocalResources

/// The files compiled into the binary: the services in Python and the database in SQL.
enum Resources {
    /// Paths such as `Python/foodplatform/api.py`, with their bytes.
    static let files: [(path: String, bytes: [UInt8])] = {
        var result: [(String, [UInt8])] = []
        for index in 0..<galley_resource_count() {
            let resource = galley_resource(index)
            let bytes = UnsafeRawBufferPointer(start: resource.bytes, count: resource.length)
            result.append((String(cString: resource.path), Array(bytes)))
        }
        return result
    }()

    static func has(_ path: String) -> Bool { files.contains { $0.path == path } }

    static func bytes(_ path: String) -> [UInt8]? { files.first { $0.path == path }?.bytes }

    /// Changes when any file below the folder, or the one file, does.
    static func edition(of folder: String, alone: Bool = false) -> String {
        // FNV-1a: tells editions apart, protects nothing.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for file in files where alone ? file.path == folder : file.path.hasPrefix(folder + "/") {
            for byte in Array(file.path.utf8) + file.bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        }
        return String(hash, radix: 16)
    }

    /// Writes a folder's files out and removes what an earlier edition left.
    static func write(_ folder: String, to target: String) throws(LocalPlatformError) {
        let note = target + "/.edition"
        let edition = edition(of: folder)
        if Files.readText(note) == edition { return }
        try Files.remove(target)
        try Files.makeFolder(target)
        for file in files where file.path.hasPrefix(folder + "/") {
            let path = target + "/" + file.path.dropFirst(folder.count + 1)
            try Files.makeFolder(Files.parent(of: path))
            try Files.write(file.bytes, to: path)
        }
        try Files.write(edition, to: note)
    }
}
