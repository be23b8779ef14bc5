import PlatformModel
import TerminalCells

extension ConsoleState {
    /// Takes an event; returns what is to be done outside.
    public mutating func update(_ event: ConsoleEvent) -> [ConsoleEffect] {
        var effects: [ConsoleEffect] = []
        switch event {
        case .terminal(let event): take(event, &effects)
        case .snapshot(let snapshot): take(snapshot: snapshot, &effects)
        case .orders(let answer, let query, let after, let moment):
            advance(to: moment)
            take(orders: answer, query: query, after: after, at: moment, &effects)
        case .orderDetails(let answer, let id, let moment):
            advance(to: moment)
            details[id, default: Loaded()].take(answer, at: moment)
        case .jobs(let answer, let queue, let state, let moment):
            advance(to: moment)
            jobPages[JobListKey(queue: queue, state: state), default: Loaded()].take(answer, at: moment)
            rebuildRows()
        case .rested(let moment):
            advance(to: moment)
            rest(&effects)
        case .tick(let moment): advance(to: moment)
        case .line(let estimate): line = estimate
        case .notice(let severity, let text, let moment):
            advance(to: moment)
            add(Notice(number: 0, severity: severity, text: text, at: moment))
            say(text, Tone(severity))
        case .themeReloaded(let theme):
            self.theme = theme
        case .sessionRead(let text): restore(text, &effects)
        case .viewsRead(let text): takeViews(text)
        case .keymapReloaded(let keymap):
            self.keymap = keymap
            pendingKeys = []
        case .displaySaved(let path, let failure, let moment):
            advance(to: moment)
            if let failure { say("not written: \(failure)", .failed) } else { say("written to \(path)", .good) }
        }
        if list.detail == nil { list.detail = list.selected }
        return effects
    }

    private mutating func take(_ event: TerminalEvent, _ effects: inout [ConsoleEffect]) {
        switch event {
        case .key(let key): take(key, &effects)
        case .paste(let text): paste(text, &effects)
        case .resize(let size):
            self.size = size
            keepSelectionVisible()
            if place == .orders { loadSelectedOrder(&effects) }
        case .mouse(let mouse): take(mouse, &effects)
        case .focus: break
        }
    }

    mutating func say(_ text: String, _ tone: Tone) {
        flash = Flash(text: text, tone: tone, since: now)
    }

    mutating func keepSelectionVisible() {
        let rows = currentRows
        list.top = list.top(count: rows.count, page: pageRows(), leaps: hasNeighbour)
    }

    private mutating func take(_ mouse: MouseEvent, _ effects: inout [ConsoleEffect]) {
        guard prompt == nil, columnsDialog == nil else { return }
        switch mouse.kind {
        case .wheelUp: move(by: -3, &effects)
        case .wheelDown: move(by: 3, &effects)
        default: break
        }
    }
}
