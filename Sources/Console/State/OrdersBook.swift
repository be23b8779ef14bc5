import PlatformModel

/// The pages of orders that were loaded, as one list, and where the next begins.
struct OrdersBook: Sendable {
    private(set) var query = OrderQuery()
    /// What the server cannot be asked, held against each order that comes.
    private(set) var rest: OrderFilter?
    private(set) var rows = Rows<Order>()
    private(set) var next: OrderCursor?
    private(set) var failure: ReadFailure?
    private(set) var readAt: Moment?
    /// What is being asked for: nil when nothing is.
    private(set) var inFlight: Request?
    /// The orders changed while an answer was on its way.
    private var isOutdated = false

    struct Request: Sendable, Hashable {
        let query: OrderQuery
        let after: OrderCursor?
    }

    var isLoading: Bool { inFlight != nil }
    var hasMore: Bool { next != nil }
    /// Whether there has been any answer to the present query.
    var isEmptyForSure: Bool { readAt != nil && rows.count == 0 }
    /// How many orders were looked at.
    var loaded: Int { rows.all.count }
    /// So many orders are looked through for what the server cannot be asked, before a person is asked to go on.
    private static let lookedThrough = 2000

    /// Whether a page of the screen is not full yet though more orders might match.
    func wantsMoreMatches(for page: Int) -> Bool {
        rest != nil && rows.count < page && hasMore && inFlight == nil && loaded < OrdersBook.lookedThrough
    }

    /// Asks what a filter asks.
    mutating func ask(_ filter: OrderFilter) -> Request {
        let request = ask(filter.query)
        rest = filter.rest.terms.isEmpty ? nil : filter
        return request
    }

    /// Sets what will be asked once somebody looks.
    mutating func prepare(_ filter: OrderFilter) {
        query = filter.query
        rest = filter.rest.terms.isEmpty ? nil : filter
    }

    /// Asks again what is set.
    mutating func ask() -> Request {
        let kept = rest
        let request = ask(query)
        rest = kept
        return request
    }

    /// Asks the same in another order.
    mutating func ask(sort: OrderQuery.Sort) -> Request {
        var query = query
        query.sort = sort
        let kept = rest
        let request = ask(query)
        rest = kept
        return request
    }

    /// Asks another question: what was loaded for the old one is no answer to it.
    mutating func ask(_ query: OrderQuery) -> Request {
        self.query = query
        rest = nil
        rows = Rows()
        next = nil
        failure = nil
        readAt = nil
        isOutdated = false
        let request = Request(query: query, after: nil)
        inFlight = request
        return request
    }

    /// Asks for the first page again; nil while an answer is on its way.
    mutating func refresh() -> Request? {
        guard inFlight == nil else {
            isOutdated = true
            return nil
        }
        isOutdated = false
        inFlight = Request(query: query, after: nil)
        return inFlight
    }

    /// Asks for the page after the last one; nil when there is none or an answer is on its way.
    mutating func more() -> Request? {
        guard inFlight == nil, let next else { return nil }
        inFlight = Request(query: query, after: next)
        return inFlight
    }

    /// Takes an answer; one to a question that is no longer asked is dropped. Returns what to ask next.
    mutating func take(_ answer: Answer<OrderPage>, to request: Request, at moment: Moment) -> Request? {
        guard request.query == query else { return nil }
        if inFlight == request { inFlight = nil }
        switch answer {
        case .failure(let failure):
            self.failure = failure
        case .value(let page):
            failure = nil
            readAt = moment
            if request.after == nil { merge(page, at: moment) } else { rows.append(page.orders) }
            if request.after != nil || rows.all.count == page.orders.count { next = page.next }
        }
        return isOutdated ? refresh() : nil
    }

    /// Puts a new first page before the pages that follow it. Rows that the page should hold and does not are gone.
    private mutating func merge(_ page: OrderPage, at moment: Moment) {
        let fresh = Set(page.orders.map(\.id))
        let test = rest?.test(now: moment.wall)
        guard let last = page.orders.last, page.next != nil, rows.all.count > page.orders.count else {
            rows.set(page.orders, keeping: test)
            return
        }
        let later = rows.all.filter { !fresh.contains($0.id) && isAfter($0, last) }
        rows.set(page.orders + later, keeping: test)
    }

    private func isAfter(_ order: Order, _ last: Order) -> Bool {
        switch query.sort {
        case .newest: (order.placedAt, order.id) < (last.placedAt, last.id)
        case .changed: (order.updatedAt, order.id) < (last.updatedAt, last.id)
        case .due:
            (order.dueAt ?? Timestamp(microseconds: .max), order.id)
                > (last.dueAt ?? Timestamp(microseconds: .max), last.id)
        }
    }
}
