import Glibc

/// Waits for changes in folders, by inotify. For one thread.
///
/// Files are watched through their folders, because editors and deployments rename new files into place; a folder that
/// does not exist yet is awaited through the nearest one above it.
final class FileWatch {
    private let descriptor: Int32
    /// Numbers are not used again by the kernel while this descriptor lives.
    private var watched: Set<Int32> = []
    private static let interest = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF)
    /// What matters of a folder that only stands above a wanted one.
    private static let appearance = UInt32(IN_CREATE | IN_MOVED_TO)
    /// Writing takes several steps: they are over when nothing more happens for this long.
    private static let calm: Int32 = 50

    /// Nil when the system has no inotify, or none left.
    init?(folders: [String], files: [String]) {
        descriptor = inotify_init1(Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        arm(folders: folders, files: files)
    }

    deinit { close(descriptor) }

    /// Adds what is not watched yet; a folder that is watched already is left as it is.
    ///
    /// - Returns: whether a folder was added: what is in it came before anybody watched.
    @discardableResult
    func arm(folders: [String], files: [String]) -> Bool {
        var wanted = Set(folders)
        for file in files {
            wanted.insert(Self.parent(of: file))
            // A link's target lies in another folder, where it is written.
            if let target = realpath(file, nil) {
                wanted.insert(Self.parent(of: String(cString: target)))
                free(target)
            }
        }
        let before = watched
        for folder in wanted {
            var folder = folder
            var number = inotify_add_watch(descriptor, folder, Self.interest)
            while number < 0, errno == ENOENT, folder.count > 1 {
                folder = Self.parent(of: folder)
                number = inotify_add_watch(descriptor, folder, Self.appearance | UInt32(IN_MASK_ADD))
            }
            if number >= 0 { watched.insert(number) }
        }
        return watched != before
    }

    /// Blocks until something in those folders changed, and drops what else waits; false when watching is over.
    func wait() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            break
        }
        for _ in 0..<8 {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, Self.calm) > 0, read(descriptor, &buffer, buffer.count) > 0 else { break }
        }
        return true
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            return path.hasPrefix("/") ? "/" : "."
        }
        return String(path[..<slash])
    }
}
