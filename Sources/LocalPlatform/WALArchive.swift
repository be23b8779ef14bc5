import Glibc

/// The archived write-ahead log: bounded, because a platform on a laptop may run for weeks.
struct WALArchive {
    let folder: Folder
    /// 16 MB each.
    static let segmentsKept = 128

    /// Deletes the oldest segments beyond the bound; timeline histories stay.
    func prune() {
        let segments = Files.list(folder.archive).filter { $0.utf8.count == 24 }
        // By log and segment without the timeline, which comes first in the name.
        let ordered = segments.sorted { $0.dropFirst(8) < $1.dropFirst(8) }
        for name in ordered.dropLast(Self.segmentsKept) { unlink(folder.archive + "/" + name) }
    }
}
