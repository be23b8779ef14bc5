/// A connected, non-blocking stream of bytes; it closes when the last reference goes.
protocol Transport: Sendable {
    /// What readiness is awaited on.
    var descriptor: Int32 { get }
    /// Whether a read that filled less than the buffer may have left something that no readiness will tell of.
    var holdsBack: Bool { get }
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Progress
    func write(_ bytes: UnsafeRawBufferPointer) -> Progress
    /// Ends both directions at once; a pending wait for readiness sees it.
    func shutDown()
}

/// How far a read or a write came.
enum Progress: Sendable, Hashable {
    /// More than zero bytes.
    case moved(Int)
    /// Nothing now; wait for readiness.
    case blocked
    /// The other side closed.
    case ended
    case failed(String)
}
