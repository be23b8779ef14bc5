import PlatformModel

/// A filter on the orders: what the server can be asked becomes a query, the rest is looked for in what it sends.
struct OrderFilter: Sendable, Equatable {
    var query: OrderQuery
    /// What the server cannot be asked: held against each order that was loaded.
    var rest = Filter()

    /// The fields, for completion and errors.
    static let fields: [FieldHelp] = [
        FieldHelp("status", "Where it stands", OrderStatus.allCases.map(\.rawValue) + ["open"]),
        FieldHelp("kitchen", "The kitchen's code"), FieldHelp("supplier", "The supplier's code"),
        FieldHelp("late", "Past its delivery", ["yes", "no"]),
        FieldHelp("total", "What it is worth: total:100..500"),
        FieldHelp("age", "Since it was placed: age:>2h"), FieldHelp("lines", "How many lines it has"),
        FieldHelp("region", "Where its kitchen is"), FieldHelp("note", "What was noted on it"),
        FieldHelp("sort", "The order of rows", OrderQuery.Sort.allCases.map(\.rawValue)),
    ]

    /// What orders that were loaded can be asked, without the server.
    static func localFields(now: Timestamp) -> [FilterField<Order>] {
        [
            FilterField("id", "Its number") { .text(String($0.id)) },
            FilterField("status", "Where it stands") {
                .text($0.status.isOpen ? $0.status.rawValue + " open" : $0.status.rawValue)
            },
            FilterField("kitchen", "The kitchen") { .text("\($0.kitchenCode) \($0.kitchen)") },
            FilterField("supplier", "The supplier") { .text("\($0.supplierCode) \($0.supplier)") },
            FilterField("late", "Past its delivery") { .text($0.lateness(at: now) == nil ? "no" : "yes") },
            FilterField("total", "What it is worth") { .number(Double($0.total.minorUnits) / 100) },
            FilterField("age", "Since it was placed") { .number((now - $0.placedAt).inSeconds) },
            FilterField("lines", "How many lines it has") { .number(Double($0.lineCount)) },
            FilterField("region", "Where its kitchen is") { .text($0.region) },
            FilterField("note", "What was noted on it") { .text($0.note) },
        ]
    }

    /// The filter for a text; the sort stays unless the text names one.
    init(_ text: String, sort: OrderQuery.Sort) throws(FilterProblem) {
        query = OrderQuery(sort: sort)
        for term in try Filter(parsing: text).terms { try add(term) }
    }

    /// The rest as a test of orders; nil when the server does everything.
    func test(now: Timestamp) -> (@Sendable (Order) -> Bool)? {
        rest.terms.isEmpty ? nil : try? rest.test(OrderFilter.localFields(now: now))
    }

    private mutating func add(_ term: Filter.Term) throws(FilterProblem) {
        func problem(_ message: String) -> FilterProblem { FilterProblem(message: message, at: term.start) }
        switch (term.field, term.test) {
        case (nil, .contains(let text)) where !term.isNegated:
            query.text = query.text.map { $0 + " " + text } ?? text
        case (nil, _): rest.terms.append(term)
        case ("status", .oneOf(let words)):
            var statuses: Set<OrderStatus> = []
            for word in words { statuses.formUnion(try OrderFilter.status(word.lowercased(), at: term.start)) }
            if term.isNegated { statuses = Set(OrderStatus.allCases).subtracting(statuses) }
            query.statuses = query.statuses.isEmpty ? statuses : query.statuses.intersection(statuses)
            if query.statuses.isEmpty { throw problem("no order can have that status") }
        case ("late", .oneOf(let words)):
            guard let word = words.first, words.count == 1, ["yes", "true", "no", "false"].contains(word) else {
                throw problem("late is asked as late:yes or late:no")
            }
            if (word == "yes" || word == "true") != term.isNegated {
                query.lateOnly = true
            } else {
                rest.terms.append(Filter.Term(field: "late", test: .oneOf(["no"]), start: term.start))
            }
        case ("kitchen", .oneOf(let words)) where words.count == 1 && !term.isNegated && query.kitchen == nil:
            query.kitchen = words[0]
        case ("supplier", .oneOf(let words)) where words.count == 1 && !term.isNegated && query.supplier == nil:
            query.supplier = words[0]
        case ("total", .range(let range)): try addTotal(range, term)
        case ("sort", .oneOf(let words)):
            guard words.count == 1, let sort = OrderQuery.Sort(rawValue: words[0]), !term.isNegated else {
                throw problem("sort is one of \(OrderQuery.Sort.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            query.sort = sort
        case (let name?, _) where !OrderFilter.fields.contains { $0.name == name }:
            throw problem("no field “\(name)”; there are \(OrderFilter.fields.map(\.name).joined(separator: ", "))")
        case ("sort", _): throw problem("sort is asked as sort:due")
        case (let name?, .range) where !["total", "age", "lines"].contains(name):
            throw problem("“\(name)” is no number")
        default: rest.terms.append(term)
        }
    }

    /// The server knows “at least”; an upper bound is looked at here.
    private mutating func addTotal(_ range: Filter.Range, _ term: Filter.Term) throws(FilterProblem) {
        if [range.lower, range.upper].contains(where: { ($0 ?? 0).magnitude >= 1e12 }) {
            throw FilterProblem(message: "no order is worth that much", at: term.start)
        }
        guard !term.isNegated else {
            rest.terms.append(term)
            return
        }
        if let lower = range.lower {
            query.minimumMinorUnits = Int64((lower * 100).rounded()) + (range.includesLower ? 0 : 1)
        }
        if range.upper != nil { rest.terms.append(term) }
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
