/// What is to be written, and how much ever was: positions count from the connection's first byte.
struct OutputBuffer {
    private var bytes: [UInt8] = []
    private var head = 0
    /// Bytes that the transport has taken.
    private(set) var written: UInt64 = 0

    var isEmpty: Bool { head == bytes.count }
    /// The position after the last byte appended.
    var end: UInt64 { written + UInt64(bytes.count - head) }

    mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }

    /// Offers the bytes to `write` and forgets those that it took.
    mutating func drain(_ write: (UnsafeRawBufferPointer) -> Progress) -> Progress {
        let progress = bytes.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[head...])) }
        if case .moved(let count) = progress {
            head += count
            written += UInt64(count)
            if head == bytes.count {
                bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 16)
                head = 0
            } else if head > 1 << 20 {
                bytes.removeFirst(head)
                head = 0
            }
        }
        return progress
    }

    /// Takes back bytes that were never written.
    mutating func withdraw(from start: UInt64, to end: UInt64) {
        let first = head + Int(start - written)
        bytes.removeSubrange(first..<(first + Int(end - start)))
    }
}
