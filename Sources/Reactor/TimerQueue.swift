import CSystem

/// Waits ordered by deadline: a binary heap in which finished waits are dropped when they surface.
struct TimerQueue {
    private struct Entry {
        let deadline: Deadline
        let waiter: Waiter
    }

    private var heap: [Entry] = []

    mutating func add(_ waiter: Waiter, at deadline: Deadline) {
        heap.append(Entry(deadline: deadline, waiter: waiter))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { break }
            heap.swapAt(child, parent)
            child = parent
        }
        // Waits that end early leave their timers behind; without this a busy loop would collect them.
        if heap.count > 1024, heap.count(where: \.waiter.isFinished) > heap.count / 2 {
            let live = heap.filter { !$0.waiter.isFinished }.sorted { $0.deadline < $1.deadline }
            heap = live
        }
    }

    /// The next wait whose time has come.
    mutating func popExpired() -> Waiter? {
        while let first = heap.first {
            if first.waiter.isFinished {
                removeFirst()
            } else if first.deadline.hasPassed {
                removeFirst()
                return first.waiter
            } else {
                return nil
            }
        }
        return nil
    }

    /// How long the loop may sleep, rounded up so that it does not wake just before; -1 without a timer.
    mutating func millisecondsToNext() -> Int32 {
        while let first = heap.first, first.waiter.isFinished { removeFirst() }
        guard let first = heap.first else { return -1 }
        let left = first.deadline.remaining.nanoseconds
        return Int32(clamping: (left + 999_999) / 1_000_000)
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { return }
            let right = left + 1
            let child = right < heap.count && heap[right].deadline < heap[left].deadline ? right : left
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
