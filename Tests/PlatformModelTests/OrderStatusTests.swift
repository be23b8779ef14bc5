import Glibc
import PlatformModel
import Testing

@Suite struct OrderStatusTests {
    /// The local platform's table of statuses is the twin of `isOpen`: a draft was sent to nobody, so nobody waits.
    @Test func openIsWhatTheSchemaSays() throws {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
        let file = try #require(fopen("\(root)/Sources/LocalPlatform/SQL/schema.sql", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        let rows = try #require(
            text.split(separator: "INSERT INTO platform.order_statuses").dropFirst().first?.split(
                separator: "ON CONFLICT"
            )
            .first)
        for status in OrderStatus.allCases {
            let row = rows.split(separator: "('\(status.rawValue)', ").dropFirst().first?.prefix { $0 != ")" }
            #expect(row?.hasSuffix(", \(status.isOpen)") == true, "\(status): \(row ?? "no row")")
        }
        #expect(!OrderStatus.draft.isOpen)
    }

    @Test func draftsDoNotCountAsOpen() {
        let overview = OrdersOverview(counts: [.draft: 5, .submitted: 3, .received: 2])
        #expect(overview.open == 3 && overview.total == 10)
    }
}
