import PlatformModel
import Reactor

/// A console that may act for some minutes.
public struct Arming: Sendable, Hashable {
    public let subject: String
    public let environment: String
    public let reason: String
    /// In ``GateClock/ticks`` of ``boot``.
    public let since: UInt64
    public let until: UInt64
    /// The machine's start whose ticks these are.
    public let boot: String

    /// Whether it holds: for this person, on this start of the machine, and only between its two ends.
    public func holds(for subject: String, at clock: GateClock) -> Bool {
        let now = clock.ticks()
        return self.subject == subject && boot == clock.boot && !boot.isEmpty && now >= since && now < until
    }

    /// How long it still holds; zero when it does not.
    public func remaining(at clock: GateClock) -> Duration {
        let now = clock.ticks()
        return now >= since && now < until ? .nanoseconds(Int64(clamping: until - now)) : .zero
    }
}

/// Where the arming of this person's consoles on this machine is kept, one file an environment.
public struct ArmingStore: Sendable {
    private let folder: StateFolder
    private let environment: String
    private let clock: GateClock

    public init(state: StateFolder, environment: String, clock: GateClock) {
        folder = state.folder("armed")
        self.environment = environment
        self.clock = clock
    }

    private var file: String { StateFolder.name(environment) + ".json" }

    /// What holds now for this person; nil when the console is read-only. Reads one small file.
    public func current(for subject: String) -> Arming? {
        guard let json = folder.read(file).flatMap({ try? JSON.parse($0) }), let owner = json["subject"]?.text,
            let since = json["since"]?.int, let until = json["until"]?.int, let boot = json["boot"]?.text
        else { return nil }
        let arming = Arming(
            subject: owner, environment: environment, reason: json["reason"]?.text ?? "",
            since: UInt64(clamping: since), until: UInt64(clamping: until), boot: boot)
        return arming.holds(for: subject, at: clock) ? arming : nil
    }

    func arm(_ subject: String, for duration: Duration, reason: String) throws(StateError) {
        let now = clock.ticks()
        let length = min(max(duration, .zero), EnvironmentPolicy.longestArming)
        let json: JSON = [
            "subject": .string(subject), "reason": .string(reason), "since": .integer(Int64(clamping: now)),
            "until": .integer(Int64(clamping: now + UInt64(length.nanoseconds))), "boot": .string(clock.boot),
        ]
        try folder.replace(file, with: json.write())
    }

    func disarm() throws(StateError) { try folder.remove(file) }
}
