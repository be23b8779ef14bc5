import Glibc
import PlatformModel
import PostgresClient
import Reactor
import TestSupport
import Testing

@testable import Collectors

/// A primary and its replica, read as a role that has nothing but `pg_monitor`.
@Suite(.serialized) struct DatabaseReadingTests {
    private struct Pair {
        let primary: ScratchPostgres
        let replica: ScratchPostgres

        func reader(_ server: ScratchPostgres, password: String = "watch") -> DatabaseCollector {
            var configuration = server.configuration()
            configuration.user = "watcher"
            configuration.password = PostgresSecret(password)
            configuration.connectTimeout = .milliseconds(1500)
            return DatabaseCollector(
                node: "n", region: "r", client: PostgresClient(configuration, name: "watcher"))
        }
    }

    private static let pair = Task {
        let primary = try await ScratchPostgres.start(settings: ["archive_mode": "on", "archive_command": "'false'"])
        let client = primary.client()
        for sql in [
            "CREATE ROLE watcher LOGIN PASSWORD 'watch' IN ROLE pg_monitor",
            "SELECT pg_create_physical_replication_slot('spare', true)", "SELECT pg_switch_wal()",
        ] { _ = try await client.query(sql, until: .generous) }
        let replica = try await primary.startReplica()
        await client.close()
        return Pair(primary: primary, replica: replica)
    }

    @Test func primaryAndReplicaTellTheSameStory() async throws {
        let pair = try await Self.pair.value
        #expect(
            try await eventually {
                try await pair.reader(pair.primary).read().database().replicas.first?.state == "streaming"
            })
        let primary = try await pair.reader(pair.primary).read().database()
        #expect(primary.role == .primary && primary.timeline == 1 && primary.receiver == nil)
        #expect(primary.position != nil && primary.replayed == nil && primary.replayLagBytes == nil)
        #expect(primary.replicas.count == 1 && primary.replicas[0].sent != nil)
        #expect(primary.slots.first { $0.name == "spare" }?.isActive == false)
        #expect(primary.slots.first { $0.name == "spare" }?.retainedBytes ?? -1 > 0)
        #expect(primary.activity?.maximumConnections == 200 && (primary.activity?.connections ?? 0) > 0)
        #expect(!primary.version.contains(" ") && primary.version.contains("."))

        let replica = try await pair.reader(pair.replica).read().database()
        #expect(replica.role == .replica && replica.timeline == 1 && replica.replicas.isEmpty)
        #expect(replica.receiver?.status == "streaming" && replica.receiver?.senderPort == Int(pair.primary.port))
        #expect(replica.systemIdentifier == primary.systemIdentifier && !replica.systemIdentifier.isEmpty)
        // Everything received is applied soon, and then the lag is zero however idle the primary is.
        #expect(
            try await eventually {
                try await pair.reader(pair.replica).read().database().replayLagTime == .zero
            })
        #expect(
            try await eventually { try await pair.reader(pair.primary).read().database().archiver?.isFailing == true })
    }

    @Test func sessionsNameTheirBlockers() async throws {
        let pair = try await Self.pair.value
        let (holder, waiter) = (pair.primary.client("holder"), pair.primary.client("waiter"))
        let pid: Int = try #require(
            try await holder.query("SELECT pg_backend_pid() AS pid, pg_advisory_lock(7)", until: .generous).first
        ).decode("pid")
        let waiting = Task { try await waiter.query("SELECT pg_advisory_lock(7)", until: .generous) }
        #expect(
            try await eventually {
                let activity = try await pair.reader(pair.primary).read().database().activity
                let session = activity?.sessions.first { $0.blockedBy == [pid] }
                return activity?.blocked == 1 && session?.wait == "Lock advisory"
                    && session?.query.contains("pg_advisory_lock") == true
            })
        waiting.cancel()
        _ = try? await waiting.value
        await holder.close()
        await waiter.close()
    }

    @Test func oneHungServerTimesOutWhileTheOtherAnswers() async throws {
        let pair = try await Self.pair.value
        let (primary, replica) = (pair.reader(pair.primary), pair.reader(pair.replica))
        let pid = try #require(
            try await pair.primary.client().query(
                "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid", until: .generous
            ).first
        ).decode("pid", as: Int.self)
        kill(pid_t(pid), SIGSTOP)
        defer { kill(pid_t(pid), SIGCONT) }
        async let hung = primary.read()
        #expect(try await replica.read().database().role == .replica)
        #expect(try await hung.failure()?.code == "timed-out")
        kill(pid_t(pid), SIGCONT)
        #expect(await eventually { (try? await primary.read().database()) != nil })
    }

    @Test func refusalsHaveACodeAndAHint() async throws {
        let pair = try await Self.pair.value
        let wrong = try await pair.reader(pair.primary, password: "other").read().failure()
        #expect(wrong?.code == "password-rejected")
        #expect(wrong?.hint.contains("watcher") == true && wrong?.hint.contains("pgpass") == true)
        var configuration = pair.primary.configuration()
        configuration.hosts = [.init(host: "127.0.0.1", port: try ScratchPostgres.freePort())]
        let nobody = DatabaseCollector(node: "n", region: "r", client: PostgresClient(configuration, name: "n"))
        #expect(try await nobody.read().failure()?.code == "connection-refused")
    }

    @Test func whatARoleMayNotSeeIsSaidWithTheStatementThatHelps() async throws {
        let pair = try await Self.pair.value
        let admin = pair.primary.client("admin")
        for sql in [
            "DROP ROLE IF EXISTS blind", "CREATE ROLE blind LOGIN PASSWORD 'watch'",
            "DROP ROLE IF EXISTS late", "CREATE ROLE late LOGIN PASSWORD 'watch' IN ROLE pg_monitor",
            "ALTER ROLE late CONNECTION LIMIT 0",
        ] { _ = try await admin.query(sql, until: .generous) }
        func failure(_ change: (inout PostgresConfiguration) -> Void) async throws -> ReadFailure {
            var configuration = pair.primary.configuration()
            (configuration.user, configuration.password) = ("watcher", PostgresSecret("watch"))
            change(&configuration)
            let client = PostgresClient(configuration, name: "n")
            let failure = try await DatabaseCollector(node: "n", region: "r", client: client).read().failure()
            await client.close()
            return try #require(failure)
        }
        // Without the statistics every view has rows of nothing: that is no replica without a stream.
        let blind = try await failure { $0.user = "blind" }
        #expect(blind.kind == .permission && blind.hint.contains("GRANT pg_monitor TO \"blind\""))
        let nowhere = try await failure { $0.database = "nowhere" }
        #expect(nowhere.kind == .unknownDatabase && nowhere.hint.contains("\"nowhere\""))
        let full = try await failure { $0.user = "late" }
        #expect(full.kind == .full && full.hint.contains("connections"))
        let clear = try await failure { $0.tls.mode = .require }
        #expect(clear.kind == .encryption && clear.hint.contains("ssl"))
        let stranger = try await failure { $0.user = "stranger" }
        #expect(stranger.kind == .credentials)
        await admin.close()
    }

    @Test func aServerThatLiesIsAFailure() async throws {
        for lie in ["HTTP/1.1 400 Bad Request\r\n\r\n", "R\u{0}\u{0}\u{0}\u{4}", ""] {
            let server = ScriptedServer { connection, _ in
                _ = connection.read()
                connection.write(lie)
            }
            let configuration = PostgresConfiguration(
                hosts: [.init(host: "127.0.0.1", port: server.port)], database: "d", user: "u", tls: .disable)
            let liar = DatabaseCollector(node: "n", region: "r", client: PostgresClient(configuration, name: "liar"))
            let failure = try await liar.read().failure()
            #expect(failure != nil && failure?.cause.isEmpty == false)
            server.stop()
        }
    }
}
