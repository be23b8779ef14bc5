/// The themes and keymaps that are compiled in from the top-level folders `Themes` and `Keymaps`.
enum Shipped {
    static let roles = text(PackageResources.roles_toml)

    static let themes: [String: String] = [
        "dark": text(PackageResources.dark_toml), "light": text(PackageResources.light_toml),
        "high-contrast": text(PackageResources.high_contrast_toml), "deutan": text(PackageResources.deutan_toml),
        "tritan": text(PackageResources.tritan_toml), "ansi16": text(PackageResources.ansi16_toml),
        "mono": text(PackageResources.mono_toml), "gruvbox": text(PackageResources.gruvbox_toml),
        "nord": text(PackageResources.nord_toml), "solarized-dark": text(PackageResources.solarized_dark_toml),
        "dracula": text(PackageResources.dracula_toml),
    ]

    static let keymaps: [String: String] = [
        "default": text(PackageResources.default_toml), "vim": text(PackageResources.vim_toml),
        "function": text(PackageResources.function_toml), "emacs": text(PackageResources.emacs_toml),
    ]

    static let themeNames = themes.keys.sorted()
    static let keymapNames = keymaps.keys.sorted()

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
