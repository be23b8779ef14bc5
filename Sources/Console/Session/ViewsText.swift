import PlatformModel

/// The saved views of all environments, as the text of one file.
public enum ViewsText {
    private static let schema = "galley.views"

    /// The file's text with one view saved or, where `view` is nil, deleted. Other consoles' views stay.
    ///
    /// - Returns: nil when the present text is a later version's, which must not be lost.
    public static func changing(_ text: String, name: String, view: SavedView?) -> String? {
        var views: [SavedView] = []
        do throws(SessionText.Problem) {
            views = try parse(text)
        } catch {
            if case .later = error { return nil }
        }
        views.removeAll { $0.name == name }
        if let view { views.append(view) }
        let json: JSON = [
            "schema": .string(schema), "version": .integer(SessionText.version),
            "views": .array(views.sorted { $0.name < $1.name }.map(json)),
        ]
        return json.write(pretty: true) + "\n"
    }

    static func parse(_ text: String) throws(SessionText.Problem) -> [SavedView] {
        if text.isEmpty { return [] }
        let json = try SessionText.parse(text, schema: schema)
        return (json["views"]?.array ?? []).compactMap { one in
            guard let name = one["name"]?.text, let screen = one["screen"]?.text, !name.isEmpty else { return nil }
            var view = SavedView(name: name, screen: screen)
            view.filter = SessionText.line(one["filter"])
            view.sorts = SessionText.sorts(one["sorts"])
            view.columns = SessionText.columns(one["columns"])
            view.isWide = one["wide"]?.bool ?? false
            view.orderSort = one["orders"]?.text.flatMap(OrderQuery.Sort.init)
            return view
        }
    }

    private static func json(_ view: SavedView) -> JSON {
        [
            "name": .string(view.name), "screen": .string(view.screen), "filter": .string(view.filter),
            "sorts": SessionText.json(view.sorts), "columns": SessionText.json(view.columns),
            "wide": .bool(view.isWide), "orders": view.orderSort.map { .string($0.rawValue) } ?? .null,
        ]
    }
}

extension ConsoleState {
    mutating func takeViews(_ text: String) {
        do throws(SessionText.Problem) {
            views = try ViewsText.parse(text)
        } catch {
            tell(.notice, "the saved views are not used: \(error.words)")
        }
    }
}
