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
        let query = try OrderFilter.query(
            "status:held,sub late:yes kitchen:TN-HH total>=100 basil pots sort:due", sort: .newest)
        #expect(
            query
                == OrderQuery(
                    sort: .due, statuses: [.held, .submitted], kitchen: "TN-HH", lateOnly: true,
                    minimumMinorUnits: 10_000, text: "basil pots"))
        #expect(
            try OrderFilter.query("!status:received,cancelled,rejected", sort: .newest).statuses
                == Set(OrderStatus.allCases.filter(\.isOpen)))
        #expect(
            try OrderFilter.query("status:open", sort: .changed).statuses == Set(OrderStatus.allCases.filter(\.isOpen)))
    }

    @Test(arguments: [
        ("status:lost", "no status “lost”"), ("colour:red", "no field “colour”"),
        ("!basil", "cannot search for what is not there"),
        ("total<5", "at least"), ("late:no", "late:yes"), ("sort:price", "newest, changed, due"),
        ("kitchen>4", "cannot be asked that"),
        ("status:held status:sent", "no order can have"),
    ]) func whatTheServerCannotBeAskedIsSaid(text: String, message: String) {
        do throws(FilterProblem) {
            _ = try OrderFilter.query(text, sort: .newest)
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.message.contains(message), "\(error.message)")
        }
    }

    @Test func fuzzyPrefersBeginningsAndRuns() throws {
        #expect(Fuzzy.score("xyz", in: "orders") == nil)
        let exact = try #require(Fuzzy.score("ord", in: "orders"))
        let scattered = try #require(Fuzzy.score("ord", in: "go-reload"))
        #expect(exact > scattered)
    }
}
