import PlatformModel
import RedisClient

/// The fields of a job's hash, read within bounds: nobody limits what a job's data, reason or name may grow to.
///
/// Lengths are asked first (`HSTRLEN`), and only what fits is fetched.
struct JobFields: Sendable {
    /// One field: how long it may be to be fetched, and how much of it is kept.
    struct Field: Sendable {
        let name: String
        let fetched: Int
        let kept: Int
    }

    static let all = [
        Field(name: "name", fetched: 4 << 10, kept: 1 << 10), Field(name: "timestamp", fetched: 64, kept: 64),
        Field(name: "processedOn", fetched: 64, kept: 64), Field(name: "finishedOn", fetched: 64, kept: 64),
        Field(name: "opts", fetched: 64 << 10, kept: 64 << 10), Field(name: "atm", fetched: 64, kept: 64),
        Field(name: "attemptsMade", fetched: 64, kept: 64), Field(name: "priority", fetched: 64, kept: 64),
        Field(name: "failedReason", fetched: 1 << 20, kept: 16 << 10),
        Field(name: "data", fetched: 1 << 20, kept: 64 << 10), Field(name: "pb", fetched: 4 << 10, kept: 1 << 10),
    ]

    /// Bytes of all jobs of a page together; what does not fit is told by its size.
    static let pageLimit = 16 << 20

    /// The fields that are there; an empty one counts as none.
    private let values: [String: String]

    /// nil for a job of which nothing is left.
    var isEmpty: Bool { values.isEmpty }
    subscript(name: String) -> String? { values[name] }

    /// Whole milliseconds, as JavaScript stores an instant.
    func time(_ name: String) -> Timestamp? {
        values[name].flatMap { JobAge.milliseconds(.simple($0)) }.map { Timestamp(milliseconds: $0) }
    }

    // MARK: Asking

    static func lengthCommands(_ job: String) -> [RedisCommand] { all.map { RedisCommand("HSTRLEN", job, $0.name) } }

    /// What is to be fetched of one job.
    struct Plan: Sendable {
        let job: String
        let lengths: [Int64]
        let fetched: [Int]

        /// - Parameters:
        ///   - lengths: the answers to ``lengthCommands(_:)``.
        ///   - budget: bytes that are left for the page; reduced by what this job takes.
        init(job: String, lengths: [Int64], budget: inout Int) {
            self.job = job
            self.lengths = lengths
            var fetched: [Int] = []
            for (index, field) in JobFields.all.enumerated() where index < lengths.count && lengths[index] > 0 {
                guard lengths[index] <= Int64(field.fetched), Int(lengths[index]) <= budget else { continue }
                budget -= Int(lengths[index])
                fetched.append(index)
            }
            self.fetched = fetched
        }

        /// nil when nothing is to be fetched.
        var command: RedisCommand? {
            fetched.isEmpty ? nil : RedisCommand(["HMGET", job] + fetched.map { JobFields.all[$0].name })
        }
    }

    /// - Parameter reply: the answer to the plan's command.
    init(_ plan: Plan, _ reply: RedisValue) {
        var values: [String: String] = [:]
        for (index, value) in zip(plan.fetched, reply.array ?? []) {
            if let bytes = value.bytes { values[Self.all[index].name] = Self.cut(bytes, to: Self.all[index].kept) }
        }
        for (index, length) in plan.lengths.enumerated() where length > 0 && !plan.fetched.contains(index) {
            let field = Self.all[index]
            if field.kept > 64, field.name != "opts" {
                values[field.name] = "(\(Quantity.grouped(length)) bytes, too many to show)"
            }
        }
        self.values = values
    }

    /// The beginning, without half a character at its end; bytes that are no UTF-8 become U+FFFD.
    static func cut(_ bytes: [UInt8], to limit: Int) -> String {
        guard bytes.count > limit else { return String(decoding: bytes, as: UTF8.self) }
        var end = limit
        // At most three continuation bytes belong to one character.
        while end > limit - 3, end > 0, bytes[end] & 0xc0 == 0x80 { end -= 1 }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}
