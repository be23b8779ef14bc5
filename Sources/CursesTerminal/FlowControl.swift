import Reactor

/// How much may be on its way to the terminal: on a slow line frames are dropped or cut, never queued.
///
/// A pseudo-terminal and an SSH connection swallow tens of kilobytes before a write blocks, so a slow line shows
/// only in the answers to `ESC [ 5 n`: one is asked before a frame and one after it, and the time between the two
/// answers is what the line took for the frame, whatever the distance. A value: time and events in, decisions out.
/// A terminal that never answers is taken for fast; the kernel's own back pressure still holds frames back then.
struct FlowControl: Sendable {
    /// What is sent before and after a frame whose way is to be measured.
    static let question = Array("\u{1B}[5n".utf8)

    /// Below this, in bytes a second, a line is slow.
    private static let slow = 4000.0
    /// As much may follow the first frame while it is not known what the line carries.
    private static let unmeasured = 1500
    /// On a fast line it is enough to ask once in a while.
    private static let askAfterBytes = 16 << 10
    private static let askAfter = Duration.seconds(15)
    /// On a slow line it is asked around data, and around a key's frame only so often: its bytes are time.
    private static let askSoon = Duration.seconds(2)
    /// An answer later than this is none.
    private static let patience = Duration.seconds(8)
    /// A terminal that has not answered by then does not know the question.
    private static let firstPatience = Duration.seconds(3)

    private struct Question {
        var at: Deadline
        /// What was sent between the question before it and this one; nil for the one before a frame.
        var bytes: Int?
    }

    private var canAsk: Bool
    private var hasAnswered = false
    private var questions: [Question] = []
    private var lastAnswer = Deadline(nanoseconds: 0)
    private var lastAsked: Deadline?
    private var bytesSinceAsked = 0
    /// What the last answer took, in seconds, the way of what was sent before it included.
    private var roundTrip: Double?
    /// The quickest of all answers: the round trip of an idle line.
    private var quickest: Double?
    /// Bytes a second; nil while the line has not shown it.
    private(set) var rate: Double?
    private(set) var isSlow = false
    /// Slow measurements in a row on a line that is thought to be fast: one may be a hiccup.
    private var suspicions: [Double] = []
    /// When the line will have carried what was sent, at the rate that it is thought to have.
    private var idleAt = Deadline(nanoseconds: 0)
    private var nextData = Deadline(nanoseconds: 0)
    private var lastData = Deadline(nanoseconds: 0)
    /// What the pieces of the present frame of data came to.
    private var pieceBytes = 0

    init(canAsk: Bool) { self.canAsk = canAsk }

    // MARK: Asking

    /// How many answers may still come: leaving must wait for them, or a shell would get them as keys.
    var owed: Int { questions.count }

    /// How long it is worth waiting for them.
    var patienceForAnswers: Duration {
        guard !questions.isEmpty else { return .zero }
        if !hasAnswered { return .milliseconds(900) }
        let bytes = questions.reduce(0) { $0 + ($1.bytes ?? 0) }
        return .seconds(min(10, 1 + 2 * (roundTrip ?? 0) + 1.5 * Double(bytes) / (rate ?? FlowControl.slow)))
    }

    /// True when the bytes about to be sent should have a question before and after them.
    ///
    /// - Parameter isUrgent: a person waits for them: on a slow line they are measured only when data was not.
    func wantsQuestions(around bytes: Int, isUrgent: Bool, at now: Deadline) -> Bool {
        guard canAsk, questions.isEmpty else { return false }
        guard let lastAsked, hasAnswered else { return true }
        if isSlow, isUrgent, bytes < 2000 { return lastAsked.advanced(by: FlowControl.askSoon) <= now }
        return isSlow || !suspicions.isEmpty || bytesSinceAsked + bytes >= FlowControl.askAfterBytes
            || lastAsked.advanced(by: FlowControl.askAfter) <= now
    }

    /// Tells what was handed to the terminal.
    ///
    /// - Parameters:
    ///   - bytes: all of it, questions included.
    ///   - asking: whether it had a question before and after it.
    ///   - isUrgent: a person waits for it; data keeps quiet for a while after it.
    ///   - isComplete: false for a piece of a frame.
    mutating func sent(_ bytes: Int, asking: Bool, isUrgent: Bool, isComplete: Bool, at now: Deadline) {
        bytesSinceAsked += bytes
        if asking {
            questions += [Question(at: now, bytes: nil), Question(at: now, bytes: bytes - FlowControl.question.count)]
            bytesSinceAsked = 0
            lastAsked = now
        }
        guard isSlow, let rate else { return }
        idleAt = max(idleAt, now).advanced(by: .seconds(Double(bytes) / rate))
        pieceBytes += bytes
        guard isUrgent || isComplete else { return }
        if isUrgent {
            // While a person presses keys, data gives way, but not for long.
            nextData = min(idleAt.advanced(by: .seconds(1.5)), lastData.advanced(by: .seconds(6)))
        } else {
            // Otherwise it gets a quarter of the line.
            nextData = idleAt.advanced(by: .seconds(max(1, Double(pieceBytes) / rate * 3)))
            lastData = idleAt
        }
        pieceBytes = 0
    }

    /// Takes the answer to the oldest question.
    mutating func answered(at now: Deadline) {
        hasAnswered = true
        canAsk = true
        guard !questions.isEmpty else { return }
        let question = questions.removeFirst()
        let taken = now.seconds(since: question.at)
        roundTrip = taken
        quickest = min(quickest ?? taken, taken)
        defer { lastAnswer = now }
        guard let bytes = question.bytes else { return }
        let transfer = max(0.001, now.seconds(since: lastAnswer))
        measure(Double(bytes) / transfer, bytes: bytes, transfer: transfer)
        guard isSlow, let rate else { return }
        // What was sent up to the question left the line a round trip ago; what came after it follows. Told anew each
        // time, for else a rate that is thought a little too high would let frames pile up.
        idleAt = now.earlier(by: quickest ?? 0).advanced(by: .seconds(Double(bytesSinceAsked) / rate))
    }

    private mutating func measure(_ sample: Double, bytes: Int, transfer: Double) {
        if isSlow, let known = rate {
            // A short frame says little: its way is as long as the line's own unevenness.
            let weight = min(0.4, Double(bytes) / known)
            let next = known + weight * (min(max(sample, known / 2), known * 2) - known)
            rate = next
            isSlow = next < FlowControl.slow * 1.25
        } else if sample < FlowControl.slow, transfer > 0.1 {
            suspicions.append(sample)
            guard suspicions.count >= 3 || (rate == nil && bytes >= 500) else { return }
            rate = suspicions.max()
            suspicions = []
            isSlow = true
        } else {
            suspicions = []
            rate = max(sample, (rate ?? 0) / 2)
        }
    }

    // MARK: Time

    /// When ``expire(at:)`` is due.
    var nextExpiry: Deadline? {
        questions.first?.at.advanced(by: hasAnswered ? FlowControl.patience : FlowControl.firstPatience)
    }

    /// Gives up on answers that do not come.
    mutating func expire(at now: Deadline) {
        guard let nextExpiry, nextExpiry <= now else { return }
        if !hasAnswered { canAsk = false }
        questions = []
    }

    // MARK: Allowing

    /// What may be sent now.
    enum Allowance: Sendable, Equatable {
        /// About this many bytes.
        case bytes(Int)
        /// Nothing before then; an answer may allow it sooner.
        case later(Deadline)
    }

    /// - Parameter isUrgent: a person waits for it; else only data changed.
    func allowance(isUrgent: Bool, at now: Deadline) -> Allowance {
        if let question = questions.first {
            // The first frame of a line that may be slow: data waits for what it shows.
            let first = question.at.advanced(by: .seconds(1))
            if !hasAnswered, !isUrgent, first > now { return .later(first) }
            // A person who holds a key down at the very start: what the line is shown to carry comes first.
            if rate == nil, bytesSinceAsked > FlowControl.unmeasured {
                return .later(question.at.advanced(by: FlowControl.firstPatience))
            }
            // An answer long overdue: the line carries less than was thought, and more would queue.
            let bytes = Double(questions.last?.bytes ?? 0)
            let expected = 1.5 * ((roundTrip ?? 0.5) + bytes / (rate ?? FlowControl.slow)) + (isUrgent ? 1 : 0.3)
            if hasAnswered, question.at.advanced(by: .seconds(expected)) <= now {
                return .later(question.at.advanced(by: FlowControl.patience))
            }
        }
        guard isSlow, let rate else { return .bytes(.max) }
        if isUrgent {
            let ready = idleAt.earlier(by: 0.15)
            return ready <= now ? .bytes(max(150, Int(rate * 0.35))) : .later(ready)
        }
        // A piece of data, and a key behind it, must not keep a person waiting: short ones, one after the other.
        let ready = pieceBytes > 0 ? idleAt : max(idleAt, nextData)
        return ready <= now ? .bytes(max(60, Int(rate * 0.2))) : .later(ready)
    }
}

extension Deadline {
    /// Seconds from another instant to this one; negative when it is the later one.
    fileprivate func seconds(since other: Deadline) -> Double {
        nanoseconds >= other.nanoseconds
            ? Double(nanoseconds - other.nanoseconds) * 1e-9 : -Double(other.nanoseconds - nanoseconds) * 1e-9
    }

    fileprivate func earlier(by seconds: Double) -> Deadline {
        let step = UInt64(seconds * 1e9)
        return Deadline(nanoseconds: nanoseconds > step ? nanoseconds - step : 0)
    }
}
