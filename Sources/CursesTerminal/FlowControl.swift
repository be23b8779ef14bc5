import Reactor

/// How much may be on its way to the terminal: frames are dropped, never queued.
///
/// A pseudo-terminal and an SSH connection swallow tens of kilobytes before a write blocks, so that a slow line shows
/// only in the answers to `ESC [ 5 n` that follow what was sent. A terminal that never answers is trusted to be fast.
struct FlowControl: Sendable {
    /// Below this, in bytes a second, the line is slow: every frame asks, and the screen is spared.
    private static let slow = 6000.0
    /// On a fast line it is enough to ask once in a while.
    private static let askEvery = 16 << 10
    /// An answer later than this is none.
    private static let patience = Duration.seconds(8)

    private let canAsk: Bool
    private var answers = false
    private var asked: (at: Deadline, bytes: Int)?
    private var sinceAsked = 0
    private var roundTrip: Double?
    /// Bytes a second, once the line showed one.
    private(set) var rate: Double?
    private var lastFrame = Deadline(nanoseconds: 0)
    private var lastBytes = 0

    init(canAsk: Bool) { self.canAsk = canAsk }

    var isSlow: Bool { rate.map { $0 < Self.slow } ?? false }
    /// Whether an answer may still come: leaving must wait for it, or it would be typed into the shell.
    var awaitsAnswer: Bool { asked != nil && answers }
    var mayBeAnswered: Bool { asked != nil }

    /// Whether the bytes about to be sent should be followed by a question.
    func wantsQuestion(after bytes: Int) -> Bool {
        guard canAsk, asked == nil else { return false }
        return !answers || isSlow || sinceAsked + bytes >= Self.askEvery
    }

    mutating func sent(_ bytes: Int, asking: Bool, at now: Deadline) {
        lastFrame = now
        lastBytes = bytes
        if asking {
            asked = (now, bytes + sinceAsked)
            sinceAsked = 0
        } else {
            sinceAsked += bytes
        }
    }

    mutating func answered(at now: Deadline) {
        answers = true
        guard let asked else { return }
        self.asked = nil
        let seconds = Double(now.nanoseconds - min(asked.at.nanoseconds, now.nanoseconds)) * 1e-9
        if asked.bytes < 200 || roundTrip == nil { roundTrip = min(roundTrip ?? seconds, seconds) }
        guard asked.bytes >= 100 else { return }
        // The first measurement cannot tell the round trip from the transfer: it counts all as transfer.
        let transfer = max(0.001, rate == nil ? seconds : seconds - (roundTrip ?? 0) * 0.9)
        let measured = Double(asked.bytes) / transfer
        rate = rate.map { $0 * 0.6 + measured * 0.4 } ?? measured
    }

    /// Gives up on an answer that does not come.
    mutating func expire(at now: Deadline) {
        guard let asked, asked.at.advanced(by: Self.patience) <= now else { return }
        self.asked = nil
        answers = false
    }

    /// How many bytes may be sent now; zero: not before an answer or ``nextChance(isUrgent:)``.
    ///
    /// - Parameter isUrgent: a key was pressed; else only data changed.
    func budget(isUrgent: Bool, at now: Deadline) -> Int {
        guard isSlow, let rate else {
            // The first frames of a line that may be slow: one at a time until it has answered.
            return asked != nil && !answers && !isUrgent && lastFrame.advanced(by: .milliseconds(700)) > now ? 0 : .max
        }
        if isUrgent { return asked == nil ? max(160, Int(rate * 0.25)) : asked.map { $0.bytes < 400 ? 160 : 0 } ?? 0 }
        guard asked == nil, nextData <= now else { return 0 }
        return max(120, Int(rate * 0.15))
    }

    /// When data may be painted again on a slow line: it gets a quarter of the time.
    var nextData: Deadline {
        guard isSlow, let rate else { return lastFrame }
        return lastFrame.advanced(by: max(.seconds(1), .seconds(Double(lastBytes) / rate * 4)))
    }
}
