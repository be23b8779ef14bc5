import Operations
import PlatformModel
import TerminalCells
import Testing

@testable import Console

@Suite struct BehaviourTests {
    private func console(_ keys: String = "", at size: Size = Size(columns: 120, rows: 40)) -> ConsoleState {
        var scene = Scene(name: "test")
        scene.keys = keys
        return scene.state(size)
    }

    private func press(_ keys: String, _ state: inout ConsoleState) -> [ConsoleEffect] {
        keys.split(separator: " ").flatMap { key in
            Key(parsing: String(key)).map { state.update(.terminal(.key($0))) } ?? []
        }
    }

    private func type(_ text: String, _ state: inout ConsoleState) {
        for character in text { _ = state.update(.terminal(.key(Key(character)))) }
    }

    @Test func selectionFollowsIdentityWhenTheListIsSortedAnew() {
        var state = console("3 down down")
        #expect(state.list.selected == .name("supplier-confirmations"))
        for _ in 0..<12 {
            _ = press("s", &state)
            #expect(state.list.selected == .name("supplier-confirmations"))
            #expect(state.queues[state.list.position].name == "supplier-confirmations")
        }
        var snapshot = Samples.snapshot(at: 1)
        snapshot.queues.succeed(Samples.queues.reversed(), at: Samples.moment(1), took: .zero)
        _ = state.update(.snapshot(snapshot))
        #expect(state.queues[state.list.position].name == "supplier-confirmations")
    }

    @Test func whoStandsAtTheTopSeesNewOrdersAndWhoMovedKeepsTheirs() {
        var state = console("2")
        let newer = (0..<3).map { Samples.order(20_503 - Int64($0)) } + Samples.page().orders
        let query = state.orders.query
        let page = OrderPage(query: query, after: nil, orders: newer, next: OrderCursor(id: 1, at: nil))
        var snapshot = Samples.snapshot(at: 1)
        var overview = Samples.ordersOverview
        overview.placedToday += 3
        snapshot.orders.succeed(overview, at: Samples.moment(1), took: .zero)
        #expect(state.update(.snapshot(snapshot)).contains(.loadOrders(query, after: nil)))
        _ = state.update(.orders(.value(page), query: query, after: nil, at: Samples.moment(1)))
        #expect(state.list.selected == .number(20_503))
        _ = press("down down", &state)
        let selected = state.list.selected
        let more = OrderPage(
            query: query, after: nil, orders: [Samples.order(20_504)] + newer, next: OrderCursor(id: 1, at: nil))
        snapshot.orders.succeed(Samples.ordersOverview, at: Samples.moment(2), took: .zero)
        _ = state.update(.snapshot(snapshot))
        _ = state.update(.orders(.value(more), query: query, after: nil, at: Samples.moment(2)))
        #expect(state.list.selected == selected)
        #expect(state.orders.rows.identity(at: state.list.position) == selected)
    }

    @Test func pagesAreAskedForAsTheirEndComesNear() {
        var state = console("2")
        let effects = press("end", &state)
        guard case .loadOrders(let query, let after?)? = effects.first else {
            Issue.record("no page was asked for: \(effects)")
            return
        }
        #expect(after.id == 20_301)
        #expect(press("up end", &state).isEmpty, "asked twice")
        let page = Samples.page(query, after: after)
        _ = state.update(.orders(.value(page), query: query, after: after, at: Samples.moment(1)))
        #expect(state.orders.rows.count == 400)
    }

    @Test func answersToOldQuestionsAreDropped() {
        var state = console("2")
        let old = state.orders.query
        _ = press("h", &state)
        #expect(state.orders.query.statuses == [.held])
        _ = state.update(.orders(.value(Samples.page(old)), query: old, after: nil, at: Samples.moment(1)))
        #expect(state.orders.rows.count == 0)
    }

    @Test func quitLeavesADrillFirst() {
        var state = console("3 enter")
        #expect(press("q", &state).isEmpty)
        #expect(state.place == .queues)
        #expect(press("q", &state) == [.quit])
    }

    @Test func escapeGoesBackAndMinusToTheLastScreen() {
        var state = console("3 enter enter")
        _ = press("esc", &state)
        #expect(state.place == .jobs(queue: "orders", state: .waiting))
        _ = press("4 -", &state)
        #expect(state.place == .jobs(queue: "orders", state: .waiting))
        _ = press("-", &state)
        #expect(state.place == .databases)
    }

    @Test func findingsLeadToTheirEvidence() {
        var state = console("enter")
        #expect(state.place == .finding(Finding.ID(code: .workersGone, subject: "orders")))
        _ = press("enter", &state)
        #expect(state.place == .jobs(queue: "orders", state: .waiting))
    }

    @Test func pastedTextIsNeverACommand() {
        var state = console("2")
        #expect(state.update(.terminal(.paste("q\nq\n:quit\n"))).isEmpty)
        #expect(state.place == .orders)
        _ = press(":", &state)
        #expect(state.update(.terminal(.paste("quit\n"))).isEmpty)
        #expect(state.prompt?.editor.text == "quit ")
    }

    @Test func pausedScreensStandStillWhileDataArrives() {
        var state = console("3 p")
        var snapshot = Samples.snapshot(at: 3)
        snapshot.queues.succeed([], at: Samples.moment(3), took: .zero)
        _ = state.update(.snapshot(snapshot))
        #expect(state.queues.count == 5)
        _ = press("p", &state)
        #expect(state.queues.count == 0)
    }

    @Test func thePaletteFindsScreensOrdersAndThings() {
        var state = console()
        _ = press(":", &state)
        type("databases", &state)
        _ = press("enter", &state)
        #expect(state.place == .databases)
        _ = press(":", &state)
        type("20431", &state)
        #expect(press("enter", &state).contains(.loadOrder(id: 20_431)))
        #expect(state.place == .order(20_431))
        _ = press(":", &state)
        type("us-east", &state)
        _ = press("enter", &state)
        #expect(state.place == .database("us-east-1a"))
        _ = press(":", &state)
        type("theme nord", &state)
        #expect(press("enter", &state) == [.loadTheme("nord")])
        _ = press(": up up", &state)
        #expect(state.prompt?.editor.text == "us-east")
    }

    @Test func theFilterShowsItsMistakeAndDoesNotRun() {
        var state = console("2 /")
        type("status:lost", &state)
        #expect(press("enter", &state).isEmpty)
        #expect(state.prompt?.problem?.message.contains("no status") == true)
        _ = press("ctrl-u", &state)
        type("status:he", &state)
        _ = press("tab", &state)
        #expect(state.prompt?.editor.text == "status:held")
        let query = OrderQuery(statuses: [.held])
        #expect(press("enter", &state) == [.loadOrders(query, after: nil)])
    }

    @Test func marksStayWithTheirRows() {
        var state = console("3 space down space")
        #expect(state.list.marks == [.name("orders"), .name("supplier-confirmations")])
        _ = press("s S", &state)
        #expect(press("y", &state) == [.copy(["supplier-confirmations", "orders"].joined(separator: "\n"))])
    }

    @Test func helpScrollsIsSearchedAndCloses() {
        var state = console("3 ?")
        _ = press("j j", &state)
        #expect(state.help?.top == 2)
        _ = press("/", &state)
        type("filter", &state)
        #expect(state.help?.search == "filter")
        _ = press("enter esc", &state)
        #expect(state.help == nil)
        #expect(state.place == .queues)
    }

    @Test func silentSourcesAreNeverGoodNews() {
        var state = Samples.console()
        _ = state.update(.snapshot(Samples.unavailableSnapshot()))
        let text = state.render(size: Size(columns: 120, rows: 40)).lines.joined(separator: "\n")
        #expect(!text.contains("Nothing needs attention"))
        #expect(!text.contains("live"))
        #expect(text.contains("nothing answers"))
    }

    @Test func bellRingsOnceForANewCriticalFinding() {
        var state = Samples.console()
        state.options.alert = .bell
        #expect(state.update(.snapshot(Samples.healthySnapshot())).isEmpty)
        #expect(state.update(.snapshot(Samples.snapshot(at: 1))) == [.bell])
        #expect(state.update(.snapshot(Samples.snapshot(at: 2))).isEmpty)
        #expect(state.notices.count == 2)
    }

    @Test func everyCommandOfTheTableIsPerformed() {
        for command in CommandTable.all where CommandTable.isOnScreen(command.id) {
            var state = console("3")
            _ = state.update(.terminal(.key(.escape)))
            var effects: [ConsoleEffect] = []
            state.perform(command, argument: "x", &effects)
            #expect(state.flash?.text != "that command has no screen yet", "\(command.id)")
        }
    }
}
