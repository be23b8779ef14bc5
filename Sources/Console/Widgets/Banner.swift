import Operations
import PlatformModel
import TerminalCells

/// Line 1: where one is, who one is, and how far what is on screen can be trusted.
struct Banner: Sendable {
    let state: ConsoleState

    /// A part of the line; the ones of least importance go first when it gets narrow.
    private struct Part {
        let spans: [Span]
        let importance: Int
        var width: Int { spans.reduce(0) { $0 + $1.text.width } }
    }

    func draw(on canvas: inout Canvas, in rect: Rect, hasTabs: Bool) {
        canvas.fill(rect, .banner)
        var left = leftParts(hasTabs: hasTabs)
        var right = rightParts(canvas.glyphs)
        func width() -> Int { (left + right).reduce(0) { $0 + $1.width } + (left.isEmpty || right.isEmpty ? 0 : 1) }
        while width() > rect.columns, left.count + right.count > 1 {
            let least = (left + right).map(\.importance).min() ?? 0
            left.removeAll { $0.importance == least }
            right.removeAll { $0.importance == least }
        }
        canvas.write(
            left.flatMap(\.spans), at: Point(column: rect.column, row: rect.row), columns: rect.columns)
        let spans = right.flatMap(\.spans)
        canvas.write(
            spans, endingAt: rect.right, row: rect.row,
            columns: min(rect.columns, spans.reduce(0) { $0 + $1.text.width }))
    }

    private func leftParts(hasTabs: Bool) -> [Part] {
        var parts = [
            Part(spans: [Span(" GALLEY ", .banner)], importance: 30),
            Part(spans: [Banner.badge(state.environment), Span(" ", .banner)], importance: 100),
        ]
        if !hasTabs { parts.append(Part(spans: [Span(crumbs + " ", .banner)], importance: 90)) }
        if !state.environment.title.isEmpty {
            parts.append(Part(spans: [Span(state.environment.title + " ", .banner)], importance: 20))
        }
        parts.append(primaryPart)
        return parts
    }

    private var crumbs: String {
        state.places.map(\.title).joined(separator: state.options.glyphs.isASCII ? " > " : " › ")
    }

    /// Which region is primary; that there is none stays when everything else has to go.
    private var primaryPart: Part {
        let bullet = state.options.glyphs.bullet
        guard let snapshot = state.shown, !snapshot.databases.isEmpty else { return Part(spans: [], importance: 50) }
        if let primary = snapshot.primary {
            let place = primary.region.isEmpty ? primary.name : primary.region
            return Part(spans: [Span("\(bullet) primary \(place) ", .banner)], importance: 50)
        }
        // A node that has not been asked yet may be it.
        guard snapshot.databases.allSatisfy(\.reading.isTried) else { return Part(spans: [], importance: 50) }
        let sign = state.options.glyphs.status(.critical)
        return Part(spans: [Span("\(bullet) \(sign) NO PRIMARY ", .banner)], importance: 94)
    }

    private func rightParts(_ glyphs: GlyphSet) -> [Part] {
        let dot = " \(glyphs.bullet) "
        var parts = [Part(spans: [Span(state.user + dot, .banner)], importance: 15)]
        parts.append(Part(spans: [Span(state.role.word + dot, .banner)], importance: 40))
        if state.isReadOnly {
            parts.append(Part(spans: [Span("READ-ONLY" + dot, .banner)], importance: 80))
        } else {
            parts.append(Part(spans: [Span(" ARMED ", .armed), Span(dot, .banner)], importance: 95))
        }
        if let now = state.now {
            parts.append(Part(spans: [Span(now.wall.clockText + "Z" + dot, .banner)], importance: 60))
        }
        if state.line.isSlow {
            let speed = state.line.bytesPerSecond.map { " \(Quantity.bytes(Int64($0)))/s" } ?? ""
            parts.append(Part(spans: [Span("slow line\(speed)" + dot, .banner)], importance: 70))
        }
        if let now = state.now, let shown = state.shown, state.isPaused {
            // Held still is what must not be overlooked: its own colour, in words, and since when.
            let age = Wording.ageText(now.since(shown.at))
            let sign = glyphs.isASCII ? "=" : "‖"
            parts.append(Part(spans: [Span(" \(sign) PAUSED \(age) ago ", .armed)], importance: 99))
            return parts
        }
        let (glyph, text) = trust(glyphs)
        parts.append(Part(spans: [Span("\(glyph) \(text) ", .banner)], importance: 99))
        return parts
    }

    /// Live, old, or held still; and how old.
    private func trust(_ glyphs: GlyphSet) -> (String, String) {
        guard let snapshot = state.shown, let now = state.now else { return (glyphs.status(.unknown), "loading") }
        let age = Wording.ageText(now.since(snapshot.at))
        if now.since(snapshot.at) > snapshot.thresholds.staleAfter { return (glyphs.status(.warning), "stale \(age)") }
        let sources = SourceHealth(snapshot)
        if sources.failing == sources.total { return (glyphs.status(.failed), "nothing answers") }
        if sources.failing > 0 {
            return (glyphs.status(.failed), "\(sources.failing) of \(sources.total) silent \(age)")
        }
        return (glyphs.status(.good), "live \(age)")
    }

    /// The environment in a word, a shape and a colour: none of the three alone has to be seen.
    static func badge(_ environment: EnvironmentIdentity) -> Span {
        switch environment.kind {
        case .local: Span("( LOCAL )", .bannerLocal)
        case .dev: Span("( DEV )", .bannerDev)
        case .staging: Span("[ STAGING ]", .bannerStaging)
        case .drill: Span("< DRILL >", .bannerDrill)
        case .prod: Span("! PROD !", .bannerProd)
        }
    }
}

/// Line 2: the screens that digits open, the open one marked, and where one is below it.
struct Tabs: Sendable {
    let state: ConsoleState

    func draw(on canvas: inout Canvas, in rect: Rect) {
        canvas.fill(rect, .tab)
        var column = rect.column
        for place in Place.top {
            let isOpen = state.places.first == place
            let key = state.keymap.keys(for: "go.\(place.word)", in: []).first { $0.count <= 3 } ?? ""
            let count = place == .findings && state.findings.count > 0 ? " \(state.findings.all.count)" : ""
            let text = " \(key.isEmpty ? "" : key + " ")\(place.title)\(count) "
            guard column + text.width <= rect.right else { return }
            column += canvas.write(text, isOpen ? .tabActive : .tab, at: Point(column: column, row: rect.row))
        }
        let separator = canvas.glyphs.isASCII ? " > " : " › "
        let crumbs = state.places.dropFirst().map(\.title).joined(separator: separator)
        if !crumbs.isEmpty {
            canvas.write(
                [Span(separator + crumbs, .tab)], at: Point(column: column, row: rect.row), columns: rect.right - column
            )
        }
    }
}

/// The last line: the keys that matter here, and what was just told.
struct Footer: Sendable {
    let state: ConsoleState

    func draw(on canvas: inout Canvas, in rect: Rect) {
        guard !rect.isEmpty else { return }
        canvas.fill(rect, .keyTitle)
        var right: [Span] = []
        if !state.pendingKeys.isEmpty {
            right = [Span(" " + state.pendingKeys.map(\.description).joined(separator: " ") + " - ", .key)]
        } else if let flash = state.flash {
            right = [
                Span(" " + canvas.glyphs.status(flash.tone) + " ", flash.tone.role), Span(flash.text + " ", .text),
            ]
        } else if !state.list.filter.isEmpty {
            right = [Span(" filter ", .key), Span(state.list.filter + " ", .match)]
        }
        let rightWidth = min(rect.columns - 2, right.reduce(0) { $0 + $1.text.width })
        if rightWidth > 0 { canvas.write(right, endingAt: rect.right, row: rect.row, columns: rightWidth) }
        let room = rect.columns - max(0, rightWidth) - 1
        var column = rect.column
        for hint in hints {
            let isOn = hint.reason == nil
            var spans = [Span(" " + hint.key, isOn ? .key : .disabled)]
            spans.append(
                Span(" " + hint.title + (hint.reason.map { ": \($0)" } ?? "") + " ", isOn ? .keyTitle : .disabled))
            let width = spans.reduce(0) { $0 + $1.text.width }
            guard column + width <= rect.column + room else { continue }
            column += canvas.write(spans, at: Point(column: column, row: rect.row), columns: width)
        }
    }

    /// What can be done, then, where room is left, what cannot and why not.
    private var hints: [(key: String, title: String, reason: String?)] {
        var hints: [(key: String, title: String, reason: String?)] = []
        for id in FooterHints.commands(for: state) {
            guard let command = CommandTable.command(id),
                let key = state.keymap.keys(for: id, in: state.contexts).first
            else { continue }
            hints.append((key, command.title.lowercased(), state.whyDisabled(command)))
        }
        return hints.filter { $0.reason == nil } + hints.filter { $0.reason != nil }
    }
}

/// Which commands a place's footer shows, the most useful first.
enum FooterHints {
    static func commands(for state: ConsoleState) -> [String] {
        if state.help != nil { return ["back", "filter", "palette"] }
        if state.columnsDialog != nil { return ["back", "columns.toggle", "columns.sort", "help"] }
        if state.isPaused { return ["pause", "help", "back", "quit"] }
        let panels = state.panels.count > 1 ? ["next-panel"] : []
        let here: [String]
        switch state.subject {
        case .overview: here = ["open"] + panels + ["go.orders", "go.queues", "go.databases"]
        case .orders: here = ["open", "filter", "sort", "orders.late", "orders.held", "orders.all", "mark", "copy"]
        case .queues, .databases, .services: here = ["open", "filter"] + panels + ["sort", "columns", "zoom", "copy"]
        case .jobs: here = ["back", "open", "jobs.previous-state", "jobs.next-state", "filter", "copy"]
        case .database: here = ["back", "filter"] + panels + ["sort", "zoom", "copy"]
        case .findings: here = ["open", "filter", "copy"]
        case .finding: here = ["back", "open"]
        case .order, .job, .service: here = ["back", "filter", "copy"]
        case .notices: here = ["filter", "copy"]
        }
        return ["help", "palette"] + here + ["last-screen", "pause", "quit"]
    }
}
