import Console
import Glibc
import Settings

/// The themes and keymaps that are compiled in, and the user's own beside them.
struct Looks: Sendable {
    /// The folder that holds `themes` and `keymaps`.
    let folder: String

    func theme(_ name: String) -> Checked<Theme> {
        switch text("themes", name) {
        case .success(let text): Theme.load(name, userText: text, file: path("themes", name))
        case .failure(let problem): Checked(.plain, problems: [problem])
        }
    }

    func keymap(_ name: String) -> Checked<Keymap> {
        switch text("keymaps", name) {
        case .success(let text): Keymap.load(name, userText: text, file: path("keymaps", name))
        case .failure(let problem): Checked(.minimal, problems: [problem])
        }
    }

    /// Shipped names and the user's, sorted; a user's file of a shipped name takes its place.
    var themeNames: [String] { Set(Theme.shippedNames + own("themes")).sorted() }
    var keymapNames: [String] { Set(Keymap.shippedNames + own("keymaps")).sorted() }

    func isOwn(_ kind: String, _ name: String) -> Bool { own(kind).contains(name) }

    func path(_ kind: String, _ name: String) -> String { "\(folder)/\(kind)/\(name).toml" }

    /// The text of the user's own file, nil when there is none of that name.
    func text(_ kind: String, _ name: String) -> Result<String?, SettingsProblem> {
        guard !name.isEmpty, !name.contains("/"), !name.utf8.contains(0), access(path(kind, name), F_OK) == 0 else {
            return .success(nil)
        }
        do throws(SettingsProblem) {
            return .success(try TOMLDocument.text(ofFile: path(kind, name)))
        } catch {
            return .failure(error)
        }
    }

    private func own(_ kind: String) -> [String] {
        guard let stream = opendir("\(folder)/\(kind)") else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".toml"), name.first != "." { names.append(String(name.dropLast(5))) }
        }
        return names
    }
}
