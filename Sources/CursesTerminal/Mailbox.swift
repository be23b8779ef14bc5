import CSystem
import Reactor

/// What tasks tell the screen: posted from any thread, taken by the main loop.
public final class Mailbox<Message: Sendable>: Sendable {
    private struct Contents {
        var messages: [(key: String?, message: Message)] = []
    }

    private let contents = Locked(Contents())
    /// Readable while something waits.
    let descriptor: Int32

    public init() {
        descriptor = galley_eventfd_create()
        precondition(descriptor >= 0, "no descriptor left for the mailbox")
    }

    /// Adds a message.
    ///
    /// - Parameter key: a message of the same key that still waits is replaced: of snapshots only the newest counts.
    public func post(_ message: Message, replacing key: String? = nil) {
        contents.withLock { contents in
            if let key { contents.messages.removeAll { $0.key == key } }
            contents.messages.append((key, message))
        }
        galley_eventfd_signal(descriptor)
    }

    func takeAll() -> [Message] {
        galley_eventfd_drain(descriptor)
        return contents.withLock { contents in
            defer { contents.messages = [] }
            return contents.messages.map(\.message)
        }
    }
}
