import CSystem
import Glibc

/// Temporary folders and free ports for the servers of tests.
enum ScratchFolder {
    /// A new folder under /tmp that only the children's account may enter.
    static func make(_ name: String) throws -> String {
        var template = Array("/tmp/galley-\(name)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ScratchFailure("no folder in /tmp: \(galley_errno())") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try give(folder)
        return folder
    }

    /// Writes a file that only the children's account may read.
    static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ScratchFailure("\(path) cannot be written") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw ScratchFailure("\(path) was not written in full")
        }
        try give(path)
    }

    private static func give(_ path: String) throws {
        guard let account = ScratchProcess.account else { return }
        guard chown(path, account.user, account.group) == 0 else {
            throw ScratchFailure("\(path) cannot be given away")
        }
    }

    /// Up to 64 KiB of a file; empty when there is none.
    static func read(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    /// Removes a folder and what is in it; symbolic links are not followed.
    static func remove(_ folder: String) {
        guard let entries = opendir(folder) else { return }
        while let entry = readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            if unlink("\(folder)/\(name)") != 0 { remove("\(folder)/\(name)") }
        }
        closedir(entries)
        rmdir(folder)
    }

    /// A port on loopback that nobody has at the moment.
    static func freePort() -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(descriptor, $0, length) == 0, "no port on loopback")
                getsockname(descriptor, $0, &length)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }
}
