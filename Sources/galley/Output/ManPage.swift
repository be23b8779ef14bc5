import Console
import Operations
import Settings

/// The manual page, made from the command table, the settings and the default keymap.
enum ManPage {
    static var text: String {
        var page = Roff()
        page.request("TH", ["GALLEY", "1", "", "galley \(Galley.version)", "User Commands"])
        page.section("NAME")
        page.paragraph("galley \u{2d} the operations console of a food and beverage platform")
        page.section("SYNOPSIS")
        page.request("B", ["galley"])
        page.paragraph("[COMMAND] [OPTIONS]", isFirst: true)
        page.section("DESCRIPTION")
        page.paragraph(
            "Without a command galley opens the console: orders, queues, databases, services and what needs attention,"
                + " live. Where standard output is no terminal it prints the status instead. With --plain, or"
                + " ui.plain = true in the configuration, it speaks in sentences and takes words for commands.")
        commands(&page)
        page.section("OPTIONS")
        page.paragraph("Every command takes these:")
        for argument in CommandTable.globalArguments { page.item(Help.form(argument), sentence(argument)) }
        page.section("KEYS")
        page.paragraph("As the default keymap has them; galley keys prints those of the chosen one.")
        for binding in Keymap.load("default").value.bindings where binding.context == nil || binding.context == .list {
            page.item(binding.text, CommandTable.command(binding.command)?.help ?? binding.command)
        }
        page.section("EXIT STATUS")
        for (status, meaning) in ExitStatus.meanings { page.item("\(status)", meaning) }
        environment(&page)
        page.section("EXAMPLES")
        for command in CommandTable.all where !command.example.isEmpty {
            page.item("galley \(command.example)", command.help)
        }
        return page.text
    }

    private static func commands(_ page: inout Roff) {
        page.section("COMMANDS")
        for command in CommandTable.all where !command.words.isEmpty {
            page.subsection(Help.usage(command).replacing(" [options]", with: ""))
            page.paragraph(command.help, isFirst: true)
            for argument in command.arguments { page.item(Help.form(argument), sentence(argument)) }
        }
    }

    private static func environment(_ page: inout Roff) {
        page.section("ENVIRONMENT")
        for key in SettingKey.all {
            if let variable = key.variable { page.item(variable, key.summary) }
        }
        page.item("NO_COLOR", "When it is set and not empty, no colours are used.")
        page.item("PG*", "As libpq has them, where the configuration does not say.")
        page.section("FILES")
        page.item(
            "$XDG_CONFIG_HOME/galley/galley.toml", "The user's configuration; ~/.config/galley without the variable.")
        page.item("/etc/galley/galley.toml", "The system's configuration, below the user's.")
        page.item("$XDG_CONFIG_HOME/galley/themes, keymaps", "Themes and keymaps of one's own.")
        page.item("$XDG_STATE_HOME/galley", "What galley remembers, and reports of crashes.")
    }

    private static func sentence(_ argument: CommandArgument) -> String {
        let allowed = argument.allowed.isEmpty ? "" : ": " + argument.allowed.joined(separator: ", ")
        return Wording.sentence(argument.help + allowed)
    }
}

/// Text in the language of man(7).
private struct Roff {
    private(set) var text = ""

    mutating func request(_ name: String, _ arguments: [String]) {
        let quoted = arguments.map { "\"\(Self.escaped($0).replacing("\"", with: "\\(dq"))\"" }
        text += ".\(name) \(quoted.joined(separator: " "))\n"
    }

    mutating func section(_ title: String) { request("SH", [title]) }

    mutating func subsection(_ title: String) { request("SS", [title]) }

    /// - Parameter isFirst: directly below a heading or another line, without a gap.
    mutating func paragraph(_ words: String, isFirst: Bool = false) {
        if !isFirst, !text.hasSuffix("\"\n") { text += ".PP\n" }
        text += Self.line(words)
    }

    mutating func item(_ term: String, _ words: String) {
        text += ".TP\n"
        request("B", [term])
        text += Self.line(words)
    }

    /// A line of text may not begin with what makes it a request.
    private static func line(_ words: String) -> String {
        let escaped = escaped(words)
        return (escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" : "") + escaped + "\n"
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            case "\n": result += " "
            case " "..."~": result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
            }
        }
    }
}
