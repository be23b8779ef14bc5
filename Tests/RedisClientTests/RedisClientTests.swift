import Reactor
import RedisClient
import TestSupport
import Testing

@Suite struct CommandsTests {
    let deadline = Deadline.after(.seconds(30))

    @Test func repliesOfAllKinds() async throws {
        let client = RedisClient(try await ScratchRedis.shared().configuration, name: "test")
        #expect(try await client.send(RedisCommand("PING"), until: deadline) == .simple("PONG"))
    }
}
