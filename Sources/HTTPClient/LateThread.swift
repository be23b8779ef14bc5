import CCurl
import CCurlLate
import Reactor

/// A client's transfer thread, made for the first request.
///
/// Loading libcurl takes milliseconds that the first frame does not have, and most commands speak no HTTP.
final class LateThread: Sendable {
    private struct State {
        var thread: TransferThread?
        var isStopped = false
    }

    private let configuration: HTTPClient.Configuration
    private let state = Locked(State())

    /// Whether libcurl is there and usable; loaded on a thread of its own, so that the event loop goes on.
    private static let library = Task(executorPreference: EventLoop.shared) {
        await Thread.run("galley-curl", on: .shared, until: .never) {
            galley_curl_load() && galley_curl_global_init() == CURLE_OK
        } ?? false
    }

    init(_ configuration: HTTPClient.Configuration) { self.configuration = configuration }

    /// - Throws: ``HTTPError/Kind/outOfResources`` when libcurl cannot be used.
    func get() async throws(HTTPError) -> TransferThread {
        guard await Self.library.value else {
            throw HTTPError(
                .outOfResources, at: .invalid, "libcurl.so.4 cannot be loaded", hint: "apt install libcurl4",
                mayHaveReached: false)
        }
        return state.withLock { state in
            if let thread = state.thread { return thread }
            let thread = TransferThread(configuration)
            if state.isStopped { thread.stop() }
            state.thread = thread
            return thread
        }
    }

    func stop() {
        let thread = state.withLock { state in
            state.isStopped = true
            return state.thread
        }
        thread?.stop()
    }
}
