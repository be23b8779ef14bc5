import Testing

@testable import Collectors

@Suite struct QueueWorkersTests {
    private func count(_ names: [String], _ queue: String = "orders", prefix: String = "bull") -> Int? {
        let lines = names.enumerated().map { "id=\($0) addr=127.0.0.1:1 name=\($1) age=1 cmd=bzpopmin user=default" }
        let keys = QueueKeys(prefix: prefix, name: queue)
        return QueueWorkers.count(in: lines.joined(separator: "\n") + "\n", queues: [keys])[keys]
    }

    @Test func classicWorkersAreOneConnectionEach() {
        // base64 of `orders`
        #expect(count(["bull:b3JkZXJz", "bull:b3JkZXJz", ""]) == 2)
    }

    @Test func connectionsOfOneNamedWorkerCountOnce() {
        #expect(count(["bull:orders:w:worker-orders", "bull:orders:w:worker-orders"]) == 1)
        #expect(count(["bull:orders:w:one", "bull:orders:w:other"]) == 2)
        #expect(count(["bull:b3JkZXJz:w:one", "bull:b3JkZXJz:w:one", "bull:b3JkZXJz:w:two"]) == 2)
    }

    @Test func unnamedWorkersInClearAreToldFromNone() {
        #expect(count(["bull:orders", "bull:orders"]) == 1)
    }

    @Test func othersDoNotCount() {
        #expect(count(["bull:orders2:w:x", "bull:b3JkZXJzMg==", "other:orders:w:x", "galley", ""]) == 0)
        #expect(count(["{bull}:orders:w:x"], prefix: "{bull}") == 1)
        #expect(count([]) == 0)
    }

    @Test func base64IsThatOfRFC4648() {
        let table = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE="]
        for (text, encoded) in table { #expect(Base64.encode(Array(text.utf8)) == encoded) }
    }
}
