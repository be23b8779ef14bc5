import PostgresClient
import Reactor
import TestSupport
import Testing

/// LISTEN and NOTIFY on a real server.
@Suite struct NotificationTests {
    private func payload(_ event: PostgresNotificationEvent?) -> String? {
        guard case .notification(let notification) = event else { return nil }
        return "\(notification.channel):\(notification.payload)"
    }

    @Test(.timeLimit(.minutes(1)))
    func `what others notify arrives, also while this client is idle or busy`() async throws {
        try await ScratchPostgres.withTwo { (watcher, client) async throws in
            var events = await client.notifications(on: ["Orders \"x\"", "queues"]).makeAsyncIterator()
            #expect(await events.next() == .listening)
            _ = try await watcher.query("select pg_notify('Orders \"x\"', 'one')", until: .generous)
            #expect(payload(await events.next()) == "Orders \"x\":one")
            // Its own, while a statement runs.
            _ = try await client.query("select pg_notify('queues', 'two')", until: .generous)
            #expect(payload(await events.next()) == "queues:two")
            _ = try await watcher.query(
                "select pg_notify('elsewhere', 'no'), pg_notify('queues', 'three')", until: .generous)
            #expect(payload(await events.next()) == "queues:three")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a lost session is listened on again and the reader is told`() async throws {
        try await ScratchPostgres.withTwo { (watcher, client) async throws in
            var events = await client.notifications(on: ["lost"]).makeAsyncIterator()
            #expect(await events.next() == .listening)
            let pid = try #require(await client.state.backendPID)
            _ = try await watcher.query("select pg_terminate_backend($1)", [.int(pid)], until: .generous)
            guard case .disconnected(let error)? = await events.next() else {
                Issue.record("the loss is not told")
                return
            }
            #expect(error.code == "server-closed")
            #expect(await events.next() == .reconnected)
            _ = try await watcher.query("select pg_notify('lost', 'back')", until: .generous)
            #expect(payload(await events.next()) == "lost:back")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `two readers hear their own channels, and an ended one is unlistened`() async throws {
        try await ScratchPostgres.withTwo { (watcher, client) async throws in
            var first = await client.notifications(on: ["a"]).makeAsyncIterator()
            #expect(await first.next() == .listening)
            do {
                var second = await client.notifications(on: ["b"]).makeAsyncIterator()
                #expect(await second.next() == .listening)
                _ = try await watcher.query("select pg_notify('a', '1'), pg_notify('b', '2')", until: .generous)
                #expect(payload(await second.next()) == "b:2")
            }
            #expect(payload(await first.next()) == "a:1")
            #expect(
                try await eventually {
                    try await client.query("select pg_listening_channels()", until: .generous)
                        .map { try $0.decode(0, as: String.self) } == ["a"]
                })
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a reader that is too slow is told that it missed something`() async throws {
        try await ScratchPostgres.withTwo { (watcher, client) async throws in
            let stream = await client.notifications(on: ["flood"])
            var events = stream.makeAsyncIterator()
            #expect(await events.next() == .listening)
            _ = try await watcher.query(
                "select pg_notify('flood', n::text) from generate_series(1, 5000) n", until: .generous)
            // Takes in what the session has received by now, and some more.
            #expect(
                try await eventually {
                    _ = try await client.query("select 1", until: .generous)
                    return try await watcher.query(
                        "select pg_notification_queue_usage() = 0", until: .generous
                    ).value()
                })
            await client.close()
            var (count, overflowed, last) = (0, false, "")
            while let event = await events.next() {
                count += 1
                if event == .overflowed { overflowed = true }
                last = payload(event) ?? last
            }
            #expect(overflowed)
            #expect(count <= 1024)
            #expect(last == "flood:5000")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `closing ends the stream`() async throws {
        let client = try await ScratchPostgres.shared().client()
        var events = await client.notifications(on: ["x"]).makeAsyncIterator()
        #expect(await events.next() == .listening)
        await client.close()
        #expect(await events.next() == nil)
    }
}
