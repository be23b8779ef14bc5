/// Who may start next: at most so many in all and so many an origin, in order within an origin, origins in turn.
///
/// So one origin that hangs holds its own places only, and a burst to one origin delays no other.
struct TransferQueue {
    private let limit: Int
    private let limitPerOrigin: Int
    private var waiting: [String: [Transfer]] = [:]
    private var turns: [String] = []
    private var running: [String: Int] = [:]
    private var total = 0

    init(limit: Int, limitPerOrigin: Int) {
        self.limit = max(1, limit)
        self.limitPerOrigin = max(1, limitPerOrigin)
    }

    mutating func add(_ transfer: Transfer) {
        let origin = transfer.target.origin
        if waiting[origin] == nil { turns.append(origin) }
        waiting[origin, default: []].append(transfer)
    }

    /// The next transfer that has a place, which it takes.
    mutating func next() -> Transfer? {
        guard total < limit else { return nil }
        for place in turns.indices {
            let origin = turns[place]
            guard running[origin, default: 0] < limitPerOrigin, var list = waiting[origin] else { continue }
            let transfer = list.removeFirst()
            turns.remove(at: place)
            waiting[origin] = list.isEmpty ? nil : list
            if !list.isEmpty { turns.append(origin) }
            running[origin, default: 0] += 1
            total += 1
            return transfer
        }
        return nil
    }

    /// Gives the place of a finished transfer back.
    mutating func release(_ transfer: Transfer) {
        let origin = transfer.target.origin
        total -= 1
        running[origin, default: 1] -= 1
        if running[origin] == 0 { running[origin] = nil }
    }

    /// Drops one that has not started; false when it is not here.
    mutating func remove(_ transfer: Transfer) -> Bool {
        let origin = transfer.target.origin
        guard var list = waiting[origin], let place = list.firstIndex(where: { $0 === transfer }) else { return false }
        list.remove(at: place)
        waiting[origin] = list.isEmpty ? nil : list
        if list.isEmpty { turns.removeAll { $0 == origin } }
        return true
    }

    /// Those that wait.
    var all: [Transfer] { waiting.values.flatMap { $0 } }
}
