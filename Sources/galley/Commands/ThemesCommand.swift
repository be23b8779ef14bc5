import Collectors
import Console
import CursesTerminal
import PlatformModel
import Settings
import TerminalCells

/// `galley themes …`: which looks there are, whether they can be read, and what they look like.
enum ThemesCommand {
    static func list(_ arguments: Arguments) -> Int32 {
        let setup = Setup(arguments)
        let rows = setup.looks.themeNames.map { name in (name, setup.looks.theme(name)) }
        let chosen = setup.configuration.ui.theme
        if arguments.has("json") {
            let list: [JSON] = rows.map { name, checked in
                [
                    "name": .string(name), "title": .string(checked.value.title),
                    "appearance": .string(checked.value.isLight ? "light" : "dark"),
                    "file": .string(file(setup.looks, name)), "chosen": .bool(name == chosen),
                    "good": .bool(checked.problems.isEmpty),
                ]
            }
            return finish("themes", [("themes", .array(list))], problems: rows.flatMap(\.1.problems))
        }
        var table = TextTable([("THEME", .left), ("CHOSEN", .left), ("TITLE", .left), ("FROM", .left)])
        for (name, checked) in rows {
            let title = checked.problems.isEmpty ? checked.value.title : "✕ broken: galley themes check \(name)"
            table.add([name, name == chosen ? "chosen" : "", title, file(setup.looks, name)])
        }
        table.print()
        return ExitStatus.done
    }

    static func check(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let setup = Setup(arguments)
        let names = try names(arguments, setup.looks)
        let checks = names.map { check($0, setup.looks) }
        let problems = checks.flatMap(\.problems)
        if arguments.has("json") {
            let list: [JSON] = zip(names, checks).map { name, check in
                [
                    "name": .string(name), "file": .string(file(setup.looks, name)), "good": .bool(check.isGood),
                    "least_contrast": .number(ThemeCheck.least), "roles": .array(check.measures.map(measure)),
                ]
            }
            _ = finish("theme-check", [("themes", .array(list))], problems: problems)
        } else {
            for (name, check) in zip(names, checks) { tell(name, check, everything: names.count == 1) }
        }
        return checks.allSatisfy(\.isGood) ? ExitStatus.done : ExitStatus.configuration
    }

    static func preview(_ arguments: Arguments) throws(CommandFailure) -> Int32 {
        let setup = Setup(arguments)
        let name = arguments.positionals.first ?? setup.configuration.ui.theme
        try known(name, setup.looks)
        let checked = setup.looks.theme(name)
        if arguments.has("json") {
            let roles: [JSON] = ThemeRole.allCases.map { role in
                let style = checked.value[role]
                return [
                    "role": .string(role.name), "foreground": .string(ThemeWords.name(style.foreground)),
                    "background": .string(ThemeWords.name(style.background)),
                    "attributes": .array(ThemeWords.attributes(style.attributes).map { .string($0) }),
                ]
            }
            return finish(
                "theme", [("name", .string(name)), ("title", .string(checked.value.title)), ("roles", .array(roles))],
                problems: checked.problems)
        }
        for problem in checked.problems { Output.error("\(problem)") }
        Output.line("\(name): \(checked.value.title)")
        let depth = colors
        var text = StyledText(colors: depth ?? .mono)
        for role in ThemeRole.allCases {
            let words = ThemeWords.describe(checked.value[role])
            let sample = AsciiSample.text(ThemeWords.sample(role)).padded(to: 44)
            if depth == nil {
                Output.line("  \(role.name.padded(to: 16)) \(sample) \(words)")
            } else {
                let painted = text.paint(" \(sample) ", checked.value[role])
                Output.raw("  \(role.name.padded(to: 16)) \(painted) \(words)")
            }
        }
        return checked.problems.isEmpty ? ExitStatus.done : ExitStatus.configuration
    }

    // MARK: Parts

    private static func names(_ arguments: Arguments, _ looks: Looks) throws(CommandFailure) -> [String] {
        guard let name = arguments.positionals.first else { return looks.themeNames }
        try known(name, looks)
        return [name]
    }

    private static func known(_ name: String, _ looks: Looks) throws(CommandFailure) {
        let names = looks.themeNames
        guard !names.contains(name) else { return }
        throw CommandFailure(
            status: ExitStatus.notFound,
            message: "there is no theme “\(name)”" + Suggestion.text(for: name, among: names), code: "not-found",
            hint: "there are: \(names.joined(separator: ", "))")
    }

    private static func check(_ name: String, _ looks: Looks) -> ThemeCheck {
        var text: String?
        if case .success(let own) = looks.text("themes", name) { text = own }
        return ThemeCheck(looks.theme(name), text: text, file: text == nil ? "" : looks.path("themes", name))
    }

    private static func file(_ looks: Looks, _ name: String) -> String {
        looks.isOwn("themes", name) ? looks.path("themes", name) : "built in"
    }

    private static func tell(_ name: String, _ check: ThemeCheck, everything: Bool) {
        if !check.problems.isEmpty {
            Output.line("\(name): broken")
            for problem in check.problems { Output.line("  \(problem)") }
            return
        }
        let bad = check.measures.filter { !$0.isReadable }
        let worst = check.worst.map { ", the least contrast is \(ratio($0)) (\($0.name))" } ?? ""
        Output.line(
            bad.isEmpty ? "\(name): good\(worst)" : "\(name): \(bad.count) hard to read, below \(ThemeCheck.least)")
        var table = TextTable([("  ROLE", .left), ("CONTRAST", .right), ("COLOURS", .left), ("DECIDED AT", .left)])
        let shown = everything ? check.measures : bad
        for measure in shown {
            let mark = measure.isReadable ? "  " : "✕ "
            table.add([
                mark + measure.name, ratio(measure), ThemeWords.describe(measure.style), "\(measure.place)",
            ])
        }
        if !shown.isEmpty { table.print() }
    }

    private static func ratio(_ measure: ThemeCheck.Measure) -> String {
        measure.ratio.map { Quantity.fixed($0, 1) } ?? "terminal's own"
    }

    private static func measure(_ measure: ThemeCheck.Measure) -> JSON {
        [
            "role": .string(measure.name), "contrast": measure.ratio.map { .number($0) } ?? .null,
            "readable": .bool(measure.isReadable), "foreground": .string(ThemeWords.name(measure.style.foreground)),
            "background": .string(ThemeWords.name(measure.style.background)),
            "attributes": .array(ThemeWords.attributes(measure.style.attributes).map { .string($0) }),
            "file": .string(measure.place.source), "line": .integer(Int64(measure.place.line)),
        ]
    }

    private static func finish(_ schema: String, _ members: [(String, JSON)], problems: [SettingsProblem]) -> Int32 {
        let object = SnapshotJSON.envelope(
            schema, environment: "", at: Moment.now().wall, members, errors: problems.map(SnapshotJSON.error))
        Output.raw(object.write(pretty: true))
        return problems.isEmpty ? ExitStatus.done : ExitStatus.configuration
    }

    /// How many colours the terminal shows; nil where there are none to show or nobody to see them.
    private static var colors: ColorDepth? {
        let variables = Setup.variables
        let term = variables["TERM"] ?? ""
        guard Output.isTerminal, variables["NO_COLOR", default: ""].isEmpty, !["", "dumb"].contains(term) else {
            return nil
        }
        if ["truecolor", "24bit"].contains(variables["COLORTERM"] ?? "") || term.hasSuffix("-direct") {
            return .direct
        }
        if term.contains("256color") { return .indexed }
        if term.hasPrefix("vt1") || term.hasPrefix("vt2") { return nil }
        return .sixteen
    }
}

/// Samples for terminals without UTF-8.
private enum AsciiSample {
    static func text(_ text: String) -> String { SafeText.line(text, ascii: !TerminalLocale.isUnicode) }
}
