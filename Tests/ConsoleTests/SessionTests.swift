import PlatformModel
import TerminalCells
import Testing

@testable import Console

@Suite struct SessionTests {
    private let scene = Scene(name: "session")
    private let size = Size(columns: 120, rows: 40)

    private func console(_ keys: String) -> ConsoleState {
        var scene = scene
        scene.keys = keys
        return scene.state(size)
    }

    /// A console that takes up what another left.
    private func next(after text: String) -> ConsoleState {
        var state = Samples.console()
        scene.send(.terminal(.resize(size)), to: &state)
        scene.send(.sessionRead(text), to: &state)
        scene.send(.tick(Samples.moment()), to: &state)
        scene.send(.snapshot(Samples.snapshot()), to: &state)
        return state
    }

    @Test func theNextConsoleGoesOnWhereTheLastStopped() {
        var state = console("3 / 'or enter down s s w")
        scene.press("c down space esc", &state)
        let other = next(after: state.sessionText)
        #expect(other.places == [.queues])
        #expect(other.list.filter == "or")
        #expect(other.list.sorts == state.list.sorts)
        #expect(other.list.columns == state.list.columns)
        #expect(!other.list.columns.isDesigned)
        #expect(other.list.isWide)
        #expect(other.list.selected == state.list.selected)
        #expect(other.queues.position(of: other.list.selected ?? .name("")) == other.list.position)
        #expect(other.sessionText == next(after: other.sessionText).sessionText)
    }

    @Test func ordersAreAskedForAgainWithTheirFilterAndTheSelectionIsFound() {
        let state = console("2 / 'status:held enter down down down")
        let selected = state.list.selected
        #expect(selected != nil)
        let other = next(after: state.sessionText)
        #expect(other.place == .orders)
        #expect(other.orders.query == state.orders.query)
        #expect(other.list.selected == selected)
        #expect(other.list.position == 3)
    }

    @Test func whatWasDrilledIntoIsOpenAgainAndEscLeadsBack() {
        let state = console("3 enter")
        var other = next(after: state.sessionText)
        #expect(other.place == .jobs(queue: "orders", state: .waiting))
        #expect(other.jobs.count == 40)
        scene.press("esc", &other)
        #expect(other.place == .queues)
    }

    @Test func theHistoryOfThePaletteStays() {
        let state = console(": 'databases enter")
        var other = next(after: state.sessionText)
        scene.press(": up", &other)
        #expect(other.prompt?.editor.text == "databases")
    }

    @Test(arguments: [
        ("{\"schema\": \"galley.session\", \"version\": 1, \"pla", "damaged"), ("", "damaged"),
        ("{\"schema\":\"other\",\"version\":1}", "not Galley"), ("[1,2]", "not Galley"),
        ("{\"schema\":\"galley.session\",\"version\":99}", "version 99"),
    ]) func aFileThatCannotBeUsedIsIgnoredAndSaid(text: String, expected: String) {
        let state = next(after: text)
        #expect(state.places == [.overview])
        #expect(state.notices.all.contains { $0.text.contains(expected) }, "\(state.notices.all.map(\.text))")
        #expect(state.keepsSession == !text.contains("99"))
    }

    /// Whatever a file holds that has our schema, the console starts and can be used.
    @Test(arguments: [
        "\"places\":[[\"jobs\",\"x\",\"no-state\"]]", "\"places\":[]", "\"places\":[[\"job\",\"a\",\"waiting\",\"b\"]]",
        "\"places\":[[\"orders\"],[\"order\",\"-5\"]]", "\"lists\":[{\"place\":[\"queues\"],\"filter\":\"(((\"}]",
        "\"lists\":[{\"place\":[\"queues\"],\"sorts\":[{\"column\":\"nosuch\"}],\"columns\":{\"hidden\":[\"queue\"]}}]",
        "\"lists\":{},\"history\":5,\"orders\":\"price\"", "\"places\":[[\"overview\"],[\"finding\",\"nosuch\",\"x\"]]",
    ]) func strangeContentDoesNoHarm(member: String) {
        let text = "{\"schema\":\"galley.session\",\"version\":1,\"environment\":\"local\",\(member)}"
        var state = next(after: text)
        #expect(state.places.first?.isTop == true)
        for key in ["3", "down", "c", "down", "space", "esc", "2", "enter", "esc", "1"] { scene.press(key, &state) }
        #expect(state.render(size: size).size == size)
    }

    @Test func anotherEnvironmentsSessionIsNotTakenUp() {
        let text = console("3").sessionText.replacing("\"local\"", with: "\"prod\"")
        #expect(next(after: text).places == [.overview])
    }

    // MARK: Views

    @Test func aViewBringsBackFilterOrderAndColumns() {
        var state = console("3 / 'lag:>1 enter")
        scene.press("s : 'view_save_slow enter", &state)
        let view = state.views.first
        #expect(view?.filter == "lag:>1")
        #expect(view?.sorts == state.list.sorts)
        scene.press("ctrl-r s 4", &state)
        scene.press(": 'view_slow enter", &state)
        #expect(state.place == .queues)
        #expect(state.list.filter == "lag:>1")
        #expect(state.list.sorts == view?.sorts)
    }

    @Test func viewsAreSavedUnderTheirNamesAndDeleted() {
        var state = console("2 / 'status:held enter")
        scene.press(":", &state)
        for character in "view save held" { scene.send(.terminal(.key(Key(character))), to: &state) }
        guard case .saveView("held", let view?)? = state.update(.terminal(.key(.enter))).first else {
            Issue.record("nothing was saved")
            return
        }
        let text = ViewsText.changing("", name: "held", view: view) ?? ""
        let other = ViewsText.changing(text, name: "also", view: SavedView(name: "also", screen: "queues")) ?? ""
        var fresh = console("")
        scene.send(.viewsRead(other), to: &fresh)
        #expect(fresh.views.map(\.name) == ["also", "held"])
        #expect(fresh.views.last == view)
        scene.send(.viewsRead(ViewsText.changing(other, name: "held", view: nil) ?? ""), to: &fresh)
        #expect(fresh.views.map(\.name) == ["also"])
        #expect(ViewsText.changing("{\"schema\":\"galley.views\",\"version\":9}", name: "x", view: view) == nil)
    }
}
