import PlatformModel

/// A filter on the orders: it becomes a query that the server runs.
enum OrderFilter {
    /// The fields that the server can be asked about, for completion and errors.
    static let fields: [(name: String, help: String, words: [String])] = [
        ("status", "Where it stands", OrderStatus.allCases.map(\.rawValue) + ["open"]),
        ("kitchen", "The kitchen's code", []),
        ("supplier", "The supplier's code", []),
        ("late", "Past its delivery", ["yes"]),
        ("total", "At least that much: total>=100", []),
        ("sort", "The order of rows", OrderQuery.Sort.allCases.map(\.rawValue)),
    ]

    /// The query for a filter's text; the sort stays unless the text names one.
    static func query(_ text: String, sort: OrderQuery.Sort) throws(FilterProblem) -> OrderQuery {
        var query = OrderQuery(sort: sort)
        for term in try Filter(parsing: text).terms { try add(term, to: &query) }
        return query
    }

    private static func add(_ term: Filter.Term, to query: inout OrderQuery) throws(FilterProblem) {
        func problem(_ message: String) -> FilterProblem { FilterProblem(message: message, at: term.start) }
        switch (term.field, term.test) {
        case (nil, .contains(let text)):
            if term.isNegated { throw problem("the server cannot search for what is not there; deny a status instead") }
            query.text = query.text.map { $0 + " " + text } ?? text
        case ("status", .oneOf(let words)):
            var statuses: Set<OrderStatus> = []
            for word in words { statuses.formUnion(try status(word.lowercased(), at: term.start)) }
            if term.isNegated { statuses = Set(OrderStatus.allCases).subtracting(statuses) }
            query.statuses = query.statuses.isEmpty ? statuses : query.statuses.intersection(statuses)
            if query.statuses.isEmpty { throw problem("no order can have that status") }
        case ("late", .oneOf(let words)):
            guard !term.isNegated, words == ["yes"] || words == ["true"] else {
                throw problem("“late” can only be asked as late:yes")
            }
            query.lateOnly = true
        case ("kitchen", .oneOf(let words)) where words.count == 1 && !term.isNegated:
            query.kitchen = words[0]
        case ("supplier", .oneOf(let words)) where words.count == 1 && !term.isNegated:
            query.supplier = words[0]
        case ("total", .range(let range)):
            guard let lower = range.lower, range.upper == nil, !term.isNegated, lower.magnitude < 1e12 else {
                throw problem("the server can only be asked for “at least”: total>=100")
            }
            query.minimumMinorUnits = Int64((lower * 100).rounded()) + (range.includesLower ? 0 : 1)
        case ("sort", .oneOf(let words)):
            guard words.count == 1, let sort = OrderQuery.Sort(rawValue: words[0]) else {
                throw problem("sort is one of \(OrderQuery.Sort.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            query.sort = sort
        case (let name?, _) where !fields.contains { $0.name == name }:
            throw problem("no field “\(name)”; there are \(fields.map(\.name).joined(separator: ", "))")
        default:
            throw problem("the server cannot be asked that")
        }
    }

    private static func status(_ word: String, at start: Int) throws(FilterProblem) -> Set<OrderStatus> {
        if word == "open" { return Set(OrderStatus.allCases.filter(\.isOpen)) }
        if let exact = OrderStatus(rawValue: word) { return [exact] }
        let begun = OrderStatus.allCases.filter { !word.isEmpty && $0.rawValue.hasPrefix(word) }
        guard !begun.isEmpty else {
            throw FilterProblem(
                message: "no status “\(word)”; there are "
                    + (OrderStatus.allCases.map(\.rawValue) + ["open"]).joined(separator: ", "), at: start)
        }
        return Set(begun)
    }
}
