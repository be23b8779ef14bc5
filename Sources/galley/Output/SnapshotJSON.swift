import PlatformModel
import Settings

/// The snapshot as `--json` prints it; versioned by `schema`, durations in seconds, money in minor units.
enum SnapshotJSON {
    /// The envelope that every command shares.
    static func envelope(
        _ schema: String, environment: String, at: Timestamp, _ members: [(String, JSON)], errors: [JSON] = []
    ) -> JSON {
        let head: [(String, JSON)] = [
            ("schema", .string("galley.\(schema)/1")), ("environment", .string(environment)),
            ("at", .string(at.description)),
        ]
        return .object(JSONObject(head + members + [("errors", .array(errors))]))
    }

    static func status(_ snapshot: Snapshot) -> JSON {
        envelope(
            "status", environment: snapshot.environment.name, at: snapshot.at.wall,
            [
                ("health", .string(snapshot.health.rawValue)),
                ("findings", .array(snapshot.findings.map { finding($0, at: snapshot.at) })),
                ("databases", databases(snapshot)),
                ("redis", reading(snapshot.redis, snapshot, redis)),
                ("queues", reading(snapshot.queues, snapshot) { .array($0.map(queue)) }),
                ("orders", reading(snapshot.orders, snapshot, orders)),
                ("services", .array(snapshot.services.map { named($0, snapshot, service) })),
            ], errors: errors(snapshot))
    }

    /// Every reading that failed, where it was tried.
    static func errors(_ snapshot: Snapshot) -> [JSON] {
        var list: [(String, ReadFailure?)] = snapshot.databases.map { ($0.name, $0.reading.failure) }
        list += [
            ("redis", snapshot.redis.failure), ("queues", snapshot.queues.failure), ("orders", snapshot.orders.failure),
        ]
        list += snapshot.services.map { ($0.name, $0.reading.failure) }
        return list.compactMap { origin, failure in failure.map { error($0, origin: origin) } }
    }

    static func error(_ failure: ReadFailure, origin: String) -> JSON {
        [
            "origin": .string(origin), "code": .string(failure.code), "cause": .string(failure.cause),
            "hint": .string(failure.hint),
        ]
    }

    static func error(_ problem: SettingsProblem) -> JSON {
        [
            "origin": .string(problem.file), "line": .integer(Int64(problem.line)), "key": .string(problem.key),
            "code": "configuration", "cause": .string(problem.message), "hint": .string(problem.hint),
        ]
    }

    static func finding(_ finding: Finding, at now: Moment) -> JSON {
        [
            "code": .string(finding.code.rawValue), "severity": .string(finding.severity.word.lowercased()),
            "subject": .string(finding.subject),
            "since": .string((now.wall + (.zero - now.since(finding.since))).description),
            "evidence": .string(finding.evidence), "advice": .string(finding.advice),
            "cause": finding.cause.map { ["code": .string($0.code.rawValue), "subject": .string($0.subject)] } ?? .null,
        ]
    }

    static func databases(_ snapshot: Snapshot) -> JSON {
        .array(snapshot.databases.map { named($0, snapshot, { database($0, in: snapshot) }) })
    }

    // MARK: Readings

    static func reading<Value>(_ reading: Reading<Value>, _ snapshot: Snapshot, _ body: (Value) -> JSON) -> JSON {
        var members: [(String, JSON)] = [
            ("origin", .string(reading.origin)),
            ("age", reading.age(at: snapshot.at).map(seconds) ?? .null), ("took", seconds(reading.duration)),
            ("failure", reading.failure.map { error($0, origin: reading.origin) } ?? .null),
        ]
        members.append(("value", reading.value.map(body) ?? .null))
        return .object(JSONObject(members))
    }

    static func named<Value>(_ named: NamedReading<Value>, _ snapshot: Snapshot, _ body: (Value) -> JSON) -> JSON {
        guard case .object(var object) = reading(named.reading, snapshot, body) else { return .null }
        object["name"] = .string(named.name)
        object["region"] = named.region.isEmpty ? .null : .string(named.region)
        object["address"] = .string(named.address)
        return .object(object)
    }

    static func seconds(_ duration: Duration) -> JSON {
        let (seconds, attoseconds) = duration.components
        return .number(Double(seconds) + (Double(attoseconds) * 1e-12).rounded() * 1e-6)
    }

    static func time(_ timestamp: Timestamp?) -> JSON { timestamp.map { .string($0.description) } ?? .null }

    static func money(_ money: Money) -> JSON {
        ["minor": .integer(money.minorUnits), "currency": .string(money.currency)]
    }
}
