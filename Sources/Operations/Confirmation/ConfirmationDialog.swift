/// A dialog that asks before something is done, as a state machine that fingers cannot slip through.
///
/// Cancel has the keys at first. What is typed in the first half second is thrown away, and so is what a held key
/// repeats, what is pasted, and what comes faster than people type. `y` or Space on the confirming button takes effect
/// only when nothing else follows at once. Enter presses Cancel, or at the lowest level the button that has the
/// keys; at the upper two it confirms nothing.
public struct ConfirmationDialog: Sendable, Hashable {
    public let challenge: ConfirmationChallenge
    public private(set) var focus = Focus.cancel
    /// What is typed so far, in the order of the challenge's fields.
    public private(set) var texts: [String]
    /// Why the last input did nothing; empty when it did something.
    public private(set) var note = ""

    /// Who has the keys.
    public enum Focus: Sendable, Hashable {
        case cancel
        case field(Int)
        case confirm
    }

    /// What a key does here; keys that do nothing here are `other`.
    public enum Input: Sendable, Hashable {
        case character(Character)
        case enter, escape, tab, backTab, backspace
        /// A bracketed paste, whatever it holds.
        case paste
        case other
    }

    /// Where it stands.
    public enum Result: Sendable, Hashable {
        case open
        case cancelled
        case confirmed(ConfirmationProof)
    }

    /// Input is ignored for this long after the dialog has appeared, in nanoseconds.
    public static let deafness: UInt64 = 500_000_000
    /// A key that was pressed while the dialog was deaf counts as held until it has been silent for this long:
    /// longer than keyboards wait before they repeat.
    static let heldKeyRelease: UInt64 = 800_000_000
    /// The same key again within this time is its repetition.
    static let repetition: UInt64 = 60_000_000
    /// Three characters within this time were not typed.
    static let burst: UInt64 = 10_000_000
    /// A confirming key takes effect after this silence.
    static let silence: UInt64 = 150_000_000

    private let openedAt: UInt64
    private var held: Input?
    private var last: (input: Input, at: UInt64)? {
        get { lastInput.map { ($0, lastAt) } }
        set { (lastInput, lastAt) = (newValue?.input, newValue?.at ?? 0) }
    }
    private var lastInput: Input?
    private var lastAt: UInt64 = 0
    private var recent: [UInt64] = []
    private var burstUntil: UInt64 = 0
    private var pendingSince: UInt64?
    private var result = Result.open

    /// - Parameter now: of any clock that only goes forward, in nanoseconds; the same clock is used throughout.
    public init(_ challenge: ConfirmationChallenge, at now: UInt64) {
        self.challenge = challenge
        openedAt = now
        texts = challenge.fields.map { _ in "" }
        if challenge.level == .none { result = challenge.answer().map { .confirmed($0) } ?? .open }
    }

    /// Whether the confirming button can be pressed: everything is typed as it must be.
    public var isReady: Bool { challenge.answer(yes: true, texts: texts) != nil }

    /// When ``elapse(to:)`` must be called at the latest; nil when nothing waits for time.
    public var wakeAt: UInt64? { pendingSince.map { $0 &+ Self.silence } }

    /// Takes one input.
    public mutating func handle(_ input: Input, at now: UInt64) -> Result {
        guard case .open = elapse(to: now) else { return result }
        note = ""
        if pendingSince != nil {
            // Something followed at once: nobody decides that fast.
            pendingSince = nil
            note = "keys came too fast: press again, alone"
            remember(input, now)
            return result
        }
        guard now >= openedAt, now - openedAt >= Self.deafness else {
            held = input
            remember(input, now)
            return result
        }
        defer { remember(input, now) }
        if let held {
            if input == held, now &- lastAt < Self.heldKeyRelease { return result }
            self.held = nil
        }
        if let last, last.input == input, now &- last.at < Self.repetition, input != .backspace { return result }
        switch input {
        case .paste: note = "a paste is not accepted here: type it"
        case .escape: result = .cancelled
        case .tab: move(by: 1)
        case .backTab: move(by: -1)
        case .enter: enter(now)
        case .backspace: if case .field(let index) = focus { _ = texts[index].popLast() }
        case .character(let character): type(character, now)
        case .other: break
        }
        return result
    }

    /// Lets time pass: a confirming key that nothing followed takes effect.
    public mutating func elapse(to now: UInt64) -> Result {
        if case .open = result, let since = pendingSince, now >= since, now - since >= Self.silence {
            pendingSince = nil
            if let proof = challenge.answer(yes: true, texts: texts) { result = .confirmed(proof) }
        }
        return result
    }

    // MARK: What keys do

    private var places: [Focus] {
        [.cancel] + challenge.fields.indices.map { .field($0) } + [.confirm]
    }

    private mutating func move(by step: Int) {
        let places = places
        let place = places.firstIndex(of: focus) ?? 0
        focus = places[(place + step + places.count) % places.count]
        recent = []
    }

    private mutating func enter(_ now: UInt64) {
        switch focus {
        case .cancel: result = .cancelled
        case .confirm where challenge.level == .yes: pendingSince = now
        case .confirm: note = "Enter does not confirm this: press Space"
        case .field: note = "Tab goes on"
        }
    }

    private mutating func type(_ character: Character, _ now: UInt64) {
        if case .field(let index) = focus {
            if tooFast(now) {
                texts[index] = ""
                note = "that came all at once: type it"
                return
            }
            guard texts[index].count < 200 else { return }
            texts[index].append(character)
            return
        }
        let confirms =
            challenge.level == .yes
            ? character == "y" || (character == " " && focus == .confirm)
            : character == " " && focus == .confirm
        if confirms {
            if isReady { pendingSince = now } else { note = "not yet: something is missing or differs" }
        } else if character == "n" || (character == " " && focus == .cancel) {
            result = .cancelled
        }
    }

    /// Whether characters come faster than they are typed, as a paste without brackets does.
    private mutating func tooFast(_ now: UInt64) -> Bool {
        if now < burstUntil {
            burstUntil = now &+ 5 * Self.burst
            return true
        }
        recent.append(now)
        if recent.count > 3 { recent.removeFirst() }
        guard recent.count == 3, now &- recent[0] < Self.burst else { return false }
        recent = []
        burstUntil = now &+ 5 * Self.burst
        return true
    }

    private mutating func remember(_ input: Input, _ now: UInt64) { last = (input, now) }
}
