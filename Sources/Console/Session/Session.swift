import PlatformModel

extension ConsoleState {
    /// What the next console of this environment takes up, as the text of a file.
    public var sessionText: String {
        var remembered: [JSON] = []
        for (place, state) in lists.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            guard Place.top.contains(place) || place == self.place else { continue }
            remembered.append([
                "place": SessionText.json(place), "filter": .string(state.filter), "search": .string(state.search),
                "sorts": SessionText.json(state.sorts), "columns": SessionText.json(state.columns),
                "wide": .bool(state.isWide), "following": .bool(state.isFollowing),
                "selected": state.selected.map(SessionText.json) ?? .null,
            ])
        }
        let json: JSON = [
            "schema": .string(SessionText.schema), "version": .integer(SessionText.version),
            "environment": .string(environment.name), "places": .array(places.map(SessionText.json)),
            "before": .array(placesBefore.map(SessionText.json)), "lists": .array(remembered),
            "orders": .string(orders.query.sort.rawValue),
            "history": .array(history.suffix(100).map { .string($0) }),
        ]
        return json.write(pretty: true) + "\n"
    }

    /// Takes up what an earlier console left. What cannot be used is said and ignored.
    mutating func restore(_ text: String, _ effects: inout [ConsoleEffect]) {
        let json: JSON
        do throws(SessionText.Problem) {
            json = try SessionText.parse(text, schema: SessionText.schema)
        } catch {
            if case .later = error { keepsSession = false }
            tell(.notice, "the last session is not taken up: \(error.words)")
            return
        }
        guard json["environment"]?.text == environment.name else { return }
        for one in json["lists"]?.array ?? [] {
            guard let place = one["place"].flatMap(SessionText.place) else { continue }
            var state = ListState()
            state.filter = SessionText.line(one["filter"])
            state.search = SessionText.line(one["search"])
            state.sorts = SessionText.sorts(one["sorts"])
            state.columns = SessionText.columns(one["columns"])
            state.isWide = one["wide"]?.bool ?? false
            state.isFollowing = one["following"]?.bool ?? false
            state.selected = SessionText.identity(one["selected"])
            state.isRestored = state.selected != nil
            lists[place] = state
        }
        history = (json["history"]?.array ?? []).map { SessionText.line($0) }.filter { !$0.isEmpty }
        let sort = json["orders"]?.text.flatMap(OrderQuery.Sort.init) ?? .newest
        if let filter = try? OrderFilter(lists[.orders]?.filter ?? "", sort: sort) { orders.prepare(filter) }
        let stack = (json["places"]?.array ?? []).compactMap(SessionText.place)
        // A stack begins with a screen; anything else would leave Esc nowhere to go.
        if let first = stack.first, first.isTop { places = stack }
        let before = (json["before"]?.array ?? []).compactMap(SessionText.place)
        if let first = before.first, first.isTop { placesBefore = before }
        enter(&effects)
        // A filter that somebody forgot must not pass for an empty platform.
        if !list.filter.isEmpty { say("as you left it, filtered; Esc shows all rows", .notice) }
    }

    /// Says something and keeps it among the notices.
    mutating func tell(_ severity: Finding.Severity, _ text: String) {
        say(text, Tone(severity))
        guard let now else {
            untold.append((severity, text))
            return
        }
        add(Notice(number: 0, severity: severity, text: text, at: now))
    }
}
