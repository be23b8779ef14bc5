import Operations
import PlatformModel
import TerminalCells
import Testing

@testable import Console

/// What people do with lists: search, sort, choose columns, mark, follow, walk.
@Suite struct WorkTests {
    private let scene = Scene(name: "work")

    private func console(_ keys: String, at size: Size = Size(columns: 120, rows: 40)) -> ConsoleState {
        var scene = scene
        scene.keys = keys
        return scene.state(size)
    }

    // MARK: Searching

    @Test func nGoesOnWithTheLastFilterWhenAllRowsAreShownAgain() {
        var state = console("3 / 'no enter esc")
        #expect(state.queues.count == 5)
        scene.press("home n", &state)
        #expect(state.list.selected == .name("normalise"))
        scene.press("n", &state)
        #expect(state.list.selected == .name("notifications"))
        scene.press("n", &state)
        #expect(state.list.selected == .name("normalise"))
        scene.press("N N", &state)
        #expect(state.list.selected == .name("normalise"))
        #expect(state.list.showsSearch)
    }

    @Test func aFilterThatIsGivenUpLeavesTheOneBefore() {
        var state = console("3 / 'or enter")
        #expect(state.queues.count == 2)
        scene.press("/ ctrl-u 'invoices", &state)
        #expect(state.queues.count == 1)
        scene.press("esc", &state)
        #expect(state.list.filter == "or")
        #expect(state.queues.count == 2)
    }

    @Test func whatWasLookedForIsPointedOut() {
        let state = console("3 / 'name:vo enter")
        let screen = state.render(size: Size(columns: 80, rows: 24))
        let match = Samples.theme[.match].foreground
        // The footer tells the filter too: only the rows of the list are looked at.
        let found = (3..<22).flatMap { screen.row($0) }.filter {
            $0.style.foreground == match && $0.style.attributes.contains(.underline)
        }
        #expect(found.map(\.text).joined() == "vo")
    }

    @Test func textsAreSearched() {
        var state = console("2 enter / 'basil enter", at: Size(columns: 60, rows: 8))
        #expect(state.textSearch == "basil")
        let lines = state.render(size: Size(columns: 60, rows: 8)).lines
        #expect(lines.contains { $0.contains("Basil") }, "\(lines)")
        scene.press("n", &state)
        scene.press("esc", &state)
        #expect(state.textSearch.isEmpty)
        #expect(state.place == .order(20_500))
    }

    @Test func tabWalksThroughWhatFits() {
        var state = console("3 / 'la")
        scene.press("tab", &state)
        #expect(state.prompt?.editor.text == "lag:")
        scene.press("ctrl-u 's tab", &state)
        #expect(state.prompt?.editor.text == "state:")
        scene.press("tab", &state)
        #expect(state.prompt?.editor.text == "stalled:")
        scene.press("shift-tab", &state)
        #expect(state.prompt?.editor.text == "state:")
        scene.press("'pa tab", &state)
        #expect(state.prompt?.editor.text == "state:paused")
        scene.press("ctrl-u 'name:inv tab", &state)
        #expect(state.prompt?.editor.text == "name:invoices")
    }

    /// A filter of which the server knows only a part looks through what it sends, and not for ever.
    @Test func ordersAreLookedThroughForWhatTheServerCannotBeAsked() {
        var state = console("2")
        var effects: [ConsoleEffect] = []
        for key in ["/", "n", "o", "t", "e", ":", "x", "y", "z"] {
            effects = state.update(.terminal(.key(Key(Character(key)))))
        }
        effects = state.update(.terminal(.key(.enter)))
        var asked = 0
        while let effect = effects.first {
            guard case .loadOrders(let query, let after) = effect else { break }
            asked += 1
            let page = Samples.page(query, after: after)
            effects = state.update(.orders(.value(page), query: query, after: after, at: Samples.moment()))
        }
        #expect(asked == 10)
        #expect(state.orders.rows.count == 0)
        let text = state.render(size: Size(columns: 120, rows: 40)).lines.joined()
        #expect(text.contains("None of the 2,000 orders looked through matches."))
        #expect(!state.update(.terminal(.key(.end))).isEmpty)
    }

    // MARK: Order and columns

    @Test func rowsThatAreEqualAreSortedByTheNextColumn() {
        var state = console("3")
        scene.press(": 'sort_workers enter", &state)
        #expect(state.list.sorts == [SortOrder(column: "workers", isDescending: true)])
        scene.press(": 'sort.add_queue enter", &state)
        let names = state.queues.visible.map { "\($0.workers ?? 0) \($0.name)" }
        #expect(names == ["4 normalise", "2 invoices", "2 supplier-confirmations", "1 notifications", "1 orders"])
        let lines = state.render(size: Size(columns: 120, rows: 40)).lines
        #expect(lines.contains { $0.contains("QUEUE↑2") && $0.contains("WORK↓1") })
    }

    @Test func columnsAreHiddenMovedAndBroughtBack() {
        var state = console("3 c")
        #expect(state.contexts == [.dialog])
        scene.press("space", &state)
        #expect(state.flash?.text.contains("stays") == true)
        scene.press("down space", &state)
        #expect(state.list.columns.hidden == ["lag"])
        scene.press("end space esc", &state)
        #expect(state.list.columns.shown == ["flavour"])
        var lines = state.render(size: Size(columns: 120, rows: 40)).lines
        #expect(!lines[3].contains("LAG  "))
        #expect(lines[3].contains("KIND"))
        scene.press("c down down > esc", &state)
        #expect(state.list.columns.order.prefix(4) == ["queue", "lag", "waiting", "trend"])
        scene.press("c = esc", &state)
        #expect(state.list.columns.isDesigned)
        lines = state.render(size: Size(columns: 120, rows: 40)).lines
        #expect(lines[3].contains("LAG  "))
    }

    @Test func theServerSortsTheOrders() {
        var state = console("2")
        let effects = state.update(.terminal(.key(Key("s"))))
        #expect(effects == [.loadOrders(OrderQuery(sort: .due), after: nil)])
    }

    // MARK: Marks

    @Test func aRangeOfRowsIsMarkedByIdentity() {
        var state = console("3 space down down")
        scene.press("v", &state)
        #expect(state.list.marks.count == 4)
        scene.press("s", &state)
        #expect(state.list.marks.contains(.name("invoices")))
        scene.press("u", &state)
        #expect(state.list.marks.isEmpty)
        #expect(state.whyDisabled(CommandTable.command("mark.none")!) == "nothing is marked")
    }

    @Test func followingStaysWithTheFirstRow() {
        var state = console("3 F")
        #expect(state.list.isFollowing)
        scene.press("s", &state)
        #expect(state.list.selected == state.queues.identity(at: 0))
        scene.press("down", &state)
        #expect(!state.list.isFollowing)
    }

    // MARK: Panels

    @Test func tabGivesTheKeysToTheNextPanel() {
        var state = console("4", at: Size(columns: 120, rows: 40))
        #expect(state.panels == [.main, .details, .replication])
        scene.press("tab", &state)
        #expect(state.isText)
        scene.press("z", &state)
        let zoomed = state.render(size: Size(columns: 120, rows: 40)).lines.joined()
        #expect(zoomed.contains("eu-west-1a") && !zoomed.contains("Databases · 4"))
        scene.press("esc esc", &state)
        #expect(state.focused == .main && state.place == .databases)
        scene.press("shift-tab", &state)
        #expect(state.focused == .replication)
    }

    @Test func aPanelOfTheOverviewIsAListOfItsOwn() {
        var state = console("", at: Size(columns: 200, rows: 60))
        scene.press("tab down enter", &state)
        #expect(state.place == .jobs(queue: "normalise", state: .waiting))
        scene.press("esc", &state)
        #expect(state.place == .overview)
        scene.press("esc esc", &state)
        #expect(state.focused == .main)
    }

    @Test func whatStandsBesideTheListWaitsUntilTheSelectionRests() {
        let size = Size(columns: 200, rows: 60)
        var state = console("2", at: size)
        scene.press("down down down", &state)
        #expect(state.isSelectionMoving)
        #expect(state.render(size: size).lines.contains { $0.contains("Order 20500") })
        scene.send(.rested(Samples.moment(1)), to: &state)
        #expect(!state.isSelectionMoving)
        #expect(state.render(size: size).lines.contains { $0.contains("Order 20497") })
    }

    @Test func textEndsWhereItEnds() {
        let size = Size(columns: 80, rows: 12)
        var state = console("2 enter end", at: size)
        let last = state.render(size: size).lines
        scene.press("down", &state)
        #expect(state.render(size: size).lines == last)
        scene.press("up", &state)
        #expect(state.render(size: size).lines != last)
    }

    // MARK: Walking

    @Test func forwardReturnsToWhatEscLeft() {
        var state = console("3 enter enter esc esc")
        #expect(state.place == .queues)
        scene.press("alt-right alt-right", &state)
        #expect(state.place == .job(queue: "orders", state: .waiting, id: "90400"))
        scene.press("4", &state)
        scene.press("alt-right", &state)
        #expect(state.place == .databases)
        #expect(state.flash?.text.contains("nothing was left") == true)
    }

    @Test(arguments: [
        ("queue_invoices", Place.jobs(queue: "invoices", state: .waiting)), ("worker", .service("worker")),
        ("order_20431", .order(20_431)), ("us-east-1a", .database("us-east-1a")),
        ("finding_ReplicaLagging_us-east-1a", .finding(Finding.ID(code: .replicaLagging, subject: "us-east-1a"))),
    ]) func everythingWithANameCanBeJumpedTo(text: String, place: Place) {
        var state = console("2 1")
        scene.press(": '\(text) enter", &state)
        #expect(state.place == place)
    }

    @Test func kitchensAndSuppliersLeadToTheirOrders() {
        var state = console("2 1")
        scene.press(": 'hamburg tab enter", &state)
        #expect(state.place == .orders)
        #expect(state.orders.query.kitchen == "TN-HH")
        scene.press(": 'supplier_MOLK enter", &state)
        #expect(state.orders.query.supplier == "MOLK")
    }

    @Test func aDisplayIsNotWrittenOverAFileUnasked() {
        var state = console("3")
        func save(_ text: String) -> [ConsoleEffect] {
            scene.press(":", &state)
            for character in text { scene.send(.terminal(.key(Key(character))), to: &state) }
            return state.update(.terminal(.key(.enter)))
        }
        guard case .saveDisplay("a.txt", let text, false)? = save("save-display a.txt").first else {
            Issue.record("nothing was to be saved")
            return
        }
        #expect(text.contains("Queues"))
        guard case .saveDisplay("a.txt", _, true)? = save("save-display a.txt replace").first else {
            Issue.record("the file would not be replaced")
            return
        }
    }

    @Test func aPausedScreenSaysSoAndForHowLong() {
        var state = console("3 p")
        scene.send(.snapshot(Samples.snapshot(at: 8)), to: &state)
        let line = state.render(size: Size(columns: 80, rows: 24)).lines[0]
        #expect(line.contains("PAUSED 8 s ago"), "\(line)")
    }

    /// Whatever cannot be done says why, in help and in the palette.
    @Test func everyDisabledRowSaysWhy() {
        for keys in ["", "2", "2 enter", "3", "3 enter", "4", "4 enter", "5", "6", "7"] {
            var state = console(keys)
            let disabled = CommandTable.all.filter { CommandTable.isOnScreen($0.id) && state.whyDisabled($0) != nil }
            scene.press("?", &state)
            let rows = HelpView(state: state).lines(columns: 400).map { $0.map(\.text).joined() }
            state.help = nil
            for command in disabled where !command.contexts.isDisjoint(with: [.list]) || command.contexts.isEmpty {
                let reason = state.whyDisabled(command) ?? ""
                #expect(rows.contains { $0.contains("(\(reason))") }, "\(keys): \(command.id)")
            }
            for proposal in state.proposals() where proposal.disabled != nil { #expect(proposal.disabled != "") }
        }
    }
}
