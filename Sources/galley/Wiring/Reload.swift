import Console
import Glibc
import PlatformModel
import Reactor
import Settings

/// Keeps themes, keymaps and the configuration's harmless part as their files are: a change takes effect when the file
/// has been written or renamed into its place, a broken file changes nothing and says why.
///
/// A thread of its own waits for inotify and posts what follows as events; nothing is polled.
final class Reload: Sendable {
    private struct State: Sendable {
        var setup: Setup
        var theme: String
        var keymap: String
        /// What was last read of each, to tell a change from a touch.
        var themeText: Result<String?, SettingsProblem>
        var keymapText: Result<String?, SettingsProblem>
        var problems: [SettingsProblem]
    }

    private let arguments: Arguments
    private let state: Locked<State>
    private let post: @Sendable (ConsoleEvent) -> Void

    /// - Parameter post: called on the watching thread, and on the caller's for ``choose(theme:)``.
    init(_ arguments: Arguments, _ setup: Setup, post: @escaping @Sendable (ConsoleEvent) -> Void) {
        self.arguments = arguments
        self.post = post
        let ui = setup.configuration.ui
        state = Locked(
            State(
                setup: setup, theme: ui.theme, keymap: ui.keymap, themeText: setup.looks.text("themes", ui.theme),
                keymapText: setup.looks.text("keymaps", ui.keymap), problems: setup.problems))
    }

    /// Begins to watch; without inotify, or when it has no watches left, files are simply not followed.
    func start() {
        Thread(name: "galley-reload") { [self] in
            guard let watch = FileWatch(folders: folders, files: files) else { return }
            while watch.wait() {
                repeat { refresh() } while watch.arm(folders: folders, files: files)
            }
        }.start()
    }

    /// Takes another theme for this session; the one in use stays, and false comes back, when that cannot be read.
    @discardableResult
    func choose(theme name: String) -> Bool {
        let looks = state.withLock { $0.setup.looks }
        let checked = looks.theme(name)
        if tell(checked.problems) { return false }
        state.withLock { state in
            state.theme = name
            state.themeText = looks.text("themes", name)
        }
        post(.themeReloaded(checked.value))
        return true
    }

    /// Takes another keymap for this session; the one in use stays, and false comes back, when that cannot be read.
    @discardableResult
    func choose(keymap name: String) -> Bool {
        let looks = state.withLock { $0.setup.looks }
        let checked = looks.keymap(name)
        if tell(checked.problems) { return false }
        state.withLock { state in
            state.keymap = name
            state.keymapText = looks.text("keymaps", name)
        }
        post(.keymapReloaded(checked.value))
        return true
    }

    // MARK: What changed

    private var folders: [String] {
        let configuration = state.withLock { $0.setup.paths.configuration }
        return ["\(configuration)/themes", "\(configuration)/keymaps"]
    }

    private var files: [String] {
        let (paths, theme, keymap) = state.withLock { ($0.setup.paths, $0.theme, $0.keymap) }
        return [
            paths.systemFile, arguments.option("config") ?? paths.userFile,
            "\(paths.configuration)/themes/\(theme).toml",
            "\(paths.configuration)/keymaps/\(keymap).toml",
        ]
    }

    private func refresh() {
        refreshConfiguration()
        let state = state.withLock { $0 }
        let looks = state.setup.looks
        let themeText = looks.text("themes", state.theme)
        if themeText != state.themeText {
            self.state.withLock { $0.themeText = themeText }
            let checked = looks.theme(state.theme)
            if !tell(checked.problems) {
                post(.themeReloaded(checked.value))
                say("theme \(state.theme) was read")
            }
        }
        let keymapText = looks.text("keymaps", state.keymap)
        if keymapText != state.keymapText {
            self.state.withLock { $0.keymapText = keymapText }
            let checked = looks.keymap(state.keymap)
            if !tell(checked.problems) {
                post(.keymapReloaded(checked.value))
                say("keymap \(state.keymap) was read")
            }
        }
    }

    /// Theme and keymap follow the configuration; all else holds from the next start, and is told.
    private func refreshConfiguration() {
        let old = state.withLock { $0 }
        let setup = Setup(arguments)
        guard setup.configuration != old.setup.configuration || setup.problems != old.problems else { return }
        state.withLock { $0.problems = setup.problems }
        if setup.problems != old.problems, tell(setup.problems) { return }
        guard setup.problems.isEmpty else { return }
        let (before, now) = (old.setup.configuration, setup.configuration)
        state.withLock { $0.setup = setup }
        if now.ui.theme != before.ui.theme, choose(theme: now.ui.theme) { say("theme \(now.ui.theme) was read") }
        if now.ui.keymap != before.ui.keymap, choose(keymap: now.ui.keymap) {
            say("keymap \(now.ui.keymap) was read")
        }
        let known = Dictionary(before.settings.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
        let later = now.settings.filter { known[$0.path] != $0.value && !["ui.theme", "ui.keymap"].contains($0.path) }
        let gone = Set(known.keys).subtracting(now.settings.map(\.path))
        if let first = later.first {
            say("\(first.origin): \(first.path)\(more(later.count + gone.count)) changed; it holds from the next start")
        } else if let first = gone.sorted().first {
            say("\(first)\(more(gone.count)) is no longer configured; that holds from the next start")
        }
    }

    private func more(_ count: Int) -> String { count > 1 ? " and \(count - 1) more" : "" }

    /// Tells the first problem; false when there is none.
    private func tell(_ problems: [SettingsProblem]) -> Bool {
        guard let first = problems.first else { return false }
        let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
        post(.notice(severity: .warning, text: "\(first)\(more)", at: .now()))
        return true
    }

    private func say(_ text: String) { post(.notice(severity: .notice, text: text, at: .now())) }
}
