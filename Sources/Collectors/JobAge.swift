import PlatformModel
import RedisClient

/// Since when a waiting job could have been taken: the fields that tell, and what they mean.
enum JobAge {
    /// Options are a few words; what is longer is not read, because nobody bounds what is stored there.
    static let optionsLimit = 8 << 10

    static func command(_ job: String) -> RedisCommand {
        RedisCommand("HMGET", job, "timestamp", "retriedOn", "processedOn")
    }

    static func optionsLengthCommand(_ job: String) -> RedisCommand { RedisCommand("HSTRLEN", job, "opts") }

    static func optionsCommand(_ job: String) -> RedisCommand { RedisCommand("HGET", job, "opts") }

    /// In ms since 1970; nil for a job that is gone.
    ///
    /// A promotion sets `delay` to 0, so the delay that it was added with counts; a retry, by hand or after a failed
    /// attempt, starts anew.
    /// - Parameters:
    ///   - fields: the answer to ``command(_:)``.
    ///   - options: the job's options as stored; nil when they are too long.
    static func waitingSince(_ fields: RedisValue, options: String?) -> Int64? {
        guard let fields = fields.array, fields.count == 3, let created = milliseconds(fields[0]) else { return nil }
        var since = created
        if let options, options.contains("\"delay\""), let delay = (try? JSON.parse(options))?["delay"]?.double {
            since = created + Int64(max(0, min(delay, 1e14)))
        }
        for again in fields[1...].compactMap(milliseconds) { since = max(since, again) }
        return since
    }

    /// An instant as JavaScript stores it; one out of its range becomes the end of that range.
    static func milliseconds(_ value: RedisValue) -> Int64? {
        value.text.flatMap { Int64($0) }.map { max(0, min($0, 8_640_000_000_000_000)) }
    }
}
