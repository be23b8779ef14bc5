import PlatformModel

/// How many of the systems that are read answer: what keeps an empty list of findings from looking like good news.
struct SourceHealth: Sendable, Equatable {
    var total = 0
    /// The newest attempt brought nothing.
    var failing = 0
    /// Not tried yet.
    var loading = 0

    init(_ snapshot: Snapshot) {
        for named in snapshot.databases { add(named.reading) }
        for named in snapshot.services { add(named.reading) }
        add(snapshot.redis)
        add(snapshot.queues)
        add(snapshot.orders)
    }

    private mutating func add<Value>(_ reading: Reading<Value>) {
        total += 1
        if reading.isFailing { failing += 1 } else if reading.value == nil { loading += 1 }
    }

    var isWhole: Bool { failing == 0 && loading == 0 }

    /// What is missing from the picture, in a phrase; empty when nothing is.
    var phrase: String {
        var parts: [String] = []
        if failing > 0 { parts.append("\(failing) of \(total) sources do not answer") }
        if loading > 0 { parts.append("\(loading) of \(total) were not read yet") }
        return parts.joined(separator: ", ")
    }
}
