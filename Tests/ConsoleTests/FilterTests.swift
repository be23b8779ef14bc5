import PlatformModel
import Testing

@testable import Console

@Suite struct FilterTests {
    static let table: [(String, [String])] = [
        ("", ["orders", "normalise", "supplier-confirmations", "invoices", "notifications"]),
        ("or", ["orders", "normalise"]),
        ("no", ["normalise", "notifications"]),
        ("no tif", ["notifications"]),
        ("!no", ["orders", "supplier-confirmations", "invoices"]),
        ("!!no", ["normalise", "notifications"]),
        ("~sc", ["supplier-confirmations"]),
        ("name:invoices,orders", ["orders", "invoices"]),
        ("state:paused", ["invoices"]),
        ("!state:paused lag>5", ["orders", "supplier-confirmations"]),
        ("lag>=4m12s", []),
        ("lag>=4m", ["orders"]),
        ("lag:5..60", ["supplier-confirmations", "invoices"]),
        ("lag:..1", ["normalise", "notifications"]),
        ("waiting:0", ["notifications"]),
        ("failed>1k", []),
        ("failed>100", ["supplier-confirmations"]),
        ("kind:bullmq", ["orders", "normalise", "supplier-confirmations", "notifications"]),
        ("kind:\"bull 3\"", ["invoices"]),
        ("NAME:ORDERS", ["orders"]),
        ("lag:>5", ["orders", "supplier-confirmations", "invoices"]),
        ("lag:<=1", ["normalise", "notifications"]),
        ("/^no/", ["normalise", "notifications"]),
        ("/ion|oic/", ["supplier-confirmations", "invoices", "notifications"]),
        ("!/s$/", ["normalise"]),
        ("name:/^.{8}$/", ["invoices"]),
        ("name~^or", ["orders"]),
        ("waiting:/^0$/", ["notifications"]),
        ("/or ders/", []),
    ]

    @Test(arguments: table) func leavesTheRowsThatMatch(text: String, expected: [String]) throws {
        if text == "lag>=4m12s" {
            #expect(throws: FilterProblem.self) { try Filter(parsing: text) }
            return
        }
        let test = try Filter(parsing: text).test(QueueColumns.fields)
        #expect(Samples.queues.filter(test).map(\.name) == expected)
    }

    static let problems: [(String, String, Int)] = [
        ("!", "needs something to deny", 0), ("a !", "needs something to deny", 2), ("lag>", "needs a value", 4),
        ("lag>much", "is no number", 4), ("\"open", "not closed", 0), ("~", "needs letters", 0),
        ("size:3", "no field “size”", 0),
        ("/or", "not closed", 0), ("a /(or/", "“(” is not closed", 3), ("name:/[a/", "“[” is not closed", 6),
        ("/*/", "repeats nothing", 1), ("//", "is empty", 1), ("/a{5,2}/", "from fewer to more", 2),
        ("/b-[z-a]/", "goes backwards", 4), ("/a)/", "closes nothing", 2), ("name~", "needs a value", 5),
        ("a size:3", "no field “size”", 2), ("lag:x..y", "is no range", 4), ("lag:..", "is no range", 4),
    ]

    @Test(arguments: problems) func tellsWhatIsWrongAndWhere(text: String, message: String, at: Int) {
        do throws(FilterProblem) {
            _ = try Filter(parsing: text).test(QueueColumns.fields)
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.message.contains(message))
            #expect(error.at == at)
        }
    }

    @Test func ordersAreFilteredByTheServer() throws {
        let filter = try OrderFilter(
            "status:held,sub late:yes kitchen:TN-HH total>=100 basil pots sort:due", sort: .newest)
        #expect(filter.rest.terms.isEmpty)
        #expect(
            filter.query
                == OrderQuery(
                    sort: .due, statuses: [.held, .submitted], kitchen: "TN-HH", lateOnly: true,
                    minimumMinorUnits: 10_000, text: "basil pots"))
        #expect(
            try OrderFilter("!status:received,cancelled,rejected", sort: .newest).query.statuses
                == Set(OrderStatus.allCases.filter(\.isOpen)))
        #expect(
            try OrderFilter("status:open", sort: .changed).query.statuses == Set(OrderStatus.allCases.filter(\.isOpen)))
    }

    @Test(arguments: [
        ("status:lost", "no status “lost”"), ("colour:red", "no field “colour”"),
        ("late:perhaps", "late:yes"), ("sort:price", "newest, changed, due"), ("!sort:due", "newest, changed, due"),
        ("kitchen>4", "is no number"), ("total<1e15", "no number"), ("total:1..9999999999999", "worth that much"),
        ("status:held status:sent", "no order can have"),
    ]) func whatTheServerCannotBeAskedIsSaid(text: String, message: String) {
        do throws(FilterProblem) {
            _ = try OrderFilter(text, sort: .newest)
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.message.contains(message), "\(error.message)")
        }
    }

    /// What the server cannot be asked is looked for in what it sends.
    @Test(arguments: [
        ("!basil", 1), ("total:100..500", 1), ("late:no", 1), ("kitchen:TN-HH,KG-DUB", 1), ("age:>2h", 1), ("/no/", 1),
        ("lines:>3 status:held", 1), ("kitchen:TN-HH !late:yes", 1), ("total>=100", 0),
    ]) func theRestIsLookedForHere(text: String, terms: Int) throws {
        #expect(try OrderFilter(text, sort: .newest).rest.terms.count == terms)
    }

    @Test func theRestLeavesTheOrdersThatMatch() throws {
        let orders = Samples.page().orders
        func left(_ text: String) throws -> [Order] {
            let filter = try OrderFilter(text, sort: .newest)
            return orders.filter(filter.test(now: Samples.wall) ?? { _ in true })
        }
        let cheap = try left("total:50..100")
        #expect(!cheap.isEmpty)
        #expect(cheap.allSatisfy { (5_000...10_000).contains($0.total.minorUnits) })
        let old = try left("age:>1h")
        #expect(old.count == orders.count { Samples.wall - $0.placedAt > .seconds(3600) })
        #expect(try left("late:no").allSatisfy { $0.lateness(at: Samples.wall) == nil })
        #expect(try left("!/garden/").allSatisfy { !$0.kitchen.contains("Garden") })
    }

    @Test func fuzzyPrefersBeginningsAndRuns() throws {
        #expect(Fuzzy.score("xyz", in: "orders") == nil)
        let exact = try #require(Fuzzy.score("ord", in: "orders"))
        let scattered = try #require(Fuzzy.score("ord", in: "go-reload"))
        #expect(exact > scattered)
    }
}
