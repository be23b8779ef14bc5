import Console
import Glibc
import Reactor
import Settings

/// What a console leaves for the next one, in the user's state folder: its session, one file an environment, and the
/// saved views of all of them.
struct SessionFiles: Sendable {
    private let session: String
    private let views: String
    private let isWriting = Locked(false)
    private static let most = 1 << 20

    /// Nil without a state folder of one's own: then nothing is kept.
    init?(_ paths: SettingsPaths, environment: String) {
        guard paths.state.hasPrefix("/"), SessionFiles.make(folder: paths.state) else { return nil }
        // A name that is no file name still gets a file of its own.
        let name = environment.map { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? $0 : "." }
        session = "\(paths.state)/session-\(String(name)).json"
        views = "\(paths.state)/views.json"
    }

    private static func make(folder: String) -> Bool {
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/" + part
            mkdir(path, 0o700)
        }
        return access(folder, W_OK | X_OK) == 0
    }

    /// What was left, as events for a console that begins.
    func events() -> [ConsoleEvent] {
        [
            AtomicFile.read(views, most: Self.most).map { .viewsRead($0) },
            AtomicFile.read(session, most: Self.most).map { .sessionRead($0) },
        ].compactMap(\.self)
    }

    /// Writes the session on a thread of its own; false when the one before is still being written.
    @discardableResult
    func save(_ text: String) -> Bool {
        let isFree = isWriting.withLock { isWriting in
            defer { isWriting = true }
            return !isWriting
        }
        guard isFree else { return false }
        Thread(name: "session") { [session, isWriting] in
            _ = AtomicFile.write(text, to: session, replaces: true)
            isWriting.withLock { $0 = false }
        }.start()
        return true
    }

    /// Writes the session before the process ends, unless the disk takes longer than a person would wait.
    func saveAtEnd(_ text: String) {
        let deadline = Deadline.after(.milliseconds(300))
        while !save(text), !deadline.hasPassed { usleep(2000) }
        while isWriting.withLock({ $0 }), !deadline.hasPassed { usleep(1000) }
    }

    /// Saves or deletes a view, leaving those of other consoles; the answer is what to tell.
    func change(view name: String, to view: SavedView?, answer: @escaping @Sendable (ConsoleEvent) -> Void) {
        Thread(name: "views") { [views] in
            let present = AtomicFile.read(views, most: Self.most) ?? ""
            guard let text = ViewsText.changing(present, name: name, view: view) else {
                answer(Self.notice("view \(name) is not kept: \(views) was written by a later version"))
                return
            }
            if let failure = AtomicFile.write(text, to: views, replaces: true) {
                answer(Self.notice("view \(name) is not kept: \(views): \(failure)"))
            } else {
                answer(.viewsRead(text))
            }
        }.start()
    }

    private static func notice(_ text: String) -> ConsoleEvent {
        .notice(severity: .warning, text: text, at: .now())
    }
}
