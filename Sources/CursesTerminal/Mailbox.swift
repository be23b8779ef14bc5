import CSystem
import Glibc
import Reactor

/// What tasks tell the screen: posted from any thread, taken by the main loop.
public final class Mailbox<Message: Sendable>: Sendable {
    private struct Contents {
        var messages: [Message] = []
        /// Where the message of a key waits.
        var places: [String: Int] = [:]
    }

    private let contents = Locked(Contents())
    /// Readable while something waits.
    public let descriptor: Int32

    public init() {
        descriptor = galley_eventfd_create()
        precondition(descriptor >= 0, "no descriptor left for the mailbox")
    }

    deinit { close(descriptor) }

    /// Adds a message that must not be lost.
    public func post(_ message: Message) {
        contents.withLock { $0.messages.append(message) }
        galley_eventfd_signal(descriptor)
    }

    /// Adds a message of which only the newest counts: it takes the place of one of the same key that still waits.
    public func post(_ message: Message, replacing key: String) {
        contents.withLock { contents in
            if let place = contents.places[key] {
                contents.messages[place] = message
            } else {
                contents.places[key] = contents.messages.count
                contents.messages.append(message)
            }
        }
        galley_eventfd_signal(descriptor)
    }

    /// Everything that waits, in the order in which it came.
    public func takeAll() -> [Message] {
        galley_eventfd_drain(descriptor)
        return contents.withLock { contents in
            defer { contents = Contents() }
            return contents.messages
        }
    }
}
