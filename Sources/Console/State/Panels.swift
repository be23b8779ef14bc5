import PlatformModel
import TerminalCells

/// A part of a screen that can have the keys.
enum PanelID: String, Sendable, Hashable {
    /// What the screen is about.
    case main
    /// The overview's queues.
    case queues
    /// What stands beside or below a list, about its selected row.
    case details
    case replication
}

/// A panel of a place, for what is remembered of it.
struct PanelKey: Sendable, Hashable {
    let place: Place
    let panel: PanelID
}

extension ConsoleState {
    /// The panels of the screen that can have the keys, in the order of Tab.
    var panels: [PanelID] {
        let body = FrameLayout(size).body
        switch place {
        case .overview:
            let layout = OverviewScreen.layout(
                body, nodes: nodes.all.count, findings: findings.count, queues: queues.all.count)
            return layout.queues.rows >= 5 ? [.main, .queues] : [.main]
        case .orders:
            return OrdersScreen.layout(body, isZoomed: false).side.isEmpty ? [.main] : [.main, .details]
        case .queues:
            return QueuesScreen.layout(body, isZoomed: false).charts.isEmpty ? [.main] : [.main, .details]
        case .databases:
            let below = DatabasesScreen.layout(body, nodes: nodes.count, isZoomed: false).below
            if below.isEmpty { return [.main] }
            return below.columns >= DatabasesScreen.splitColumns ? [.main, .details, .replication] : [.main, .details]
        case .services:
            let below = ServicesScreen.layout(body, services: services.count, isZoomed: false).below
            return below.isEmpty ? [.main] : [.main, .details]
        case .jobs: return JobsScreen.layout(body, isZoomed: false).side.isEmpty ? [.main] : [.main, .details]
        case .database(let name):
            let facts = DatabaseScreen.layout(body, isZoomed: false).facts
            if facts.isEmpty { return [.main] }
            let isPrimary = nodes.all.first { $0.name == name }?.isPrimary == true
            return facts.columns >= DatabaseScreen.splitColumns && isPrimary
                ? [.main, .details, .replication] : [.main, .details]
        default: return [.main]
        }
    }

    /// The panel that has the keys.
    var focused: PanelID {
        guard let chosen = focus[place], chosen != .main, panels.contains(chosen) else { return .main }
        return chosen
    }

    /// Whether this panel fills the screen.
    func isZoomed(_ panel: PanelID) -> Bool { isZoomed && focused == panel }

    /// The place whose list has the keys: a panel of the overview is a small screen of its own.
    var subject: Place { place == .overview && focused == .queues ? .queues : place }

    mutating func moveFocus(by step: Int) {
        let panels = panels
        guard panels.count > 1 else {
            say("this screen has one panel at this size", .notice)
            return
        }
        let index = panels.firstIndex(of: focused) ?? 0
        focus[place] = panels[(index + step + panels.count) % panels.count]
    }

    /// Whether what has the keys is text: it scrolls like a list without selection.
    var isText: Bool {
        if focused == .details || focused == .replication { return true }
        switch place {
        case .order, .job, .service, .finding: return true
        default: return false
        }
    }

    /// The first line on screen of the text that has the keys.
    var textTop: Int {
        get { textTops[PanelKey(place: place, panel: focused)] ?? 0 }
        set { textTops[PanelKey(place: place, panel: focused)] = newValue }
    }

    func textTop(of panel: PanelID) -> Int { textTops[PanelKey(place: place, panel: panel)] ?? 0 }

    /// What is pointed out in the text that has the keys.
    func textMatcher(of panel: PanelID) -> Matcher? {
        panel == focused && !textSearch.isEmpty ? Matcher(text: textSearch) : nil
    }
}
