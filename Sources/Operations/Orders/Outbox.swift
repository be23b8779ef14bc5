import PlatformModel
import Reactor

/// Orders that were confirmed and are not placed yet, in the order in which they were given.
///
/// Each is a file that is written before it is first sent, with the idempotency key that was made with its draft: it can
/// be sent any number of times, after any crash, and one order exists.
public struct Outbox: Sendable {
    private let folder: StateFolder
    private let clock: GateClock

    /// One order in it.
    public struct Entry: Sendable, Hashable, Identifiable {
        /// The file's name, which gives the order.
        public let id: String
        public let key: String
        public let draft: OrderDraft
        /// Who gave it; nobody else sends it.
        public let subject: String
        public let addedAt: Timestamp
        /// How the last attempt ended; empty before the first.
        public let note: String
    }

    public init(state: StateFolder, environment: String, clock: GateClock = .system) {
        folder = state.folder("outbox").folder(StateFolder.name(environment))
        self.clock = clock
    }

    private var returnedFolder: StateFolder { folder.folder("returned") }
    private var sentFolder: StateFolder { folder.folder("sent") }

    /// What waits, oldest first. Reads the folder.
    public func waiting() -> [Entry] { entries(in: folder) }

    /// What the platform refused, with its reason: drafts again, to be changed and given anew.
    public func returned() -> [Entry] { entries(in: returnedFolder) }

    /// Adds a draft, durable when it returns.
    public func add(_ draft: OrderDraft, subject: String) throws(StateError) -> Entry {
        try folder.prepare()
        // One writer at a time, or two orders would share a place.
        let lock = try AppendFile(folder.file(".lock"), lock: .waiting)
        let last = (folder.names() + sentFolder.names() + returnedFolder.names()).compactMap { Int64($0.prefix(12)) }
            .max()
        let number = String((last ?? 0) + 1)
        let key = Digest.identity()
        let name = String(repeating: "0", count: 12 - number.count) + number + "-" + key.prefix(8) + ".json"
        let entry = Entry(id: name, key: key, draft: draft, subject: subject, addedAt: clock.wall(), note: "")
        try folder.replace(name, with: entry.text)
        withExtendedLifetime(lock) {}
        return entry
    }

    /// Sends what waits, oldest first, until one cannot be sent: the later ones stay behind it.
    ///
    /// - Parameters:
    ///   - attempt: sends one; called for the entries of this person only.
    /// - Returns: how each attempt ended.
    public func send(
        as subject: String, _ attempt: (Entry) async -> Outcome
    ) async throws(StateError) -> [(entry: Entry, outcome: Outcome)] {
        try folder.prepare()
        let lock: AppendFile
        do throws(StateError) {
            // Another console is sending: it will send these too.
            lock = try AppendFile(folder.file(".sending"), lock: .ifFree)
        } catch {
            if error.code == "in-use" { return [] }
            throw error
        }
        var ended: [(entry: Entry, outcome: Outcome)] = []
        for entry in waiting() where entry.subject == subject {
            let outcome = await attempt(entry)
            ended.append((entry, outcome))
            if try settle(entry, outcome) == .waits { break }
        }
        withExtendedLifetime(lock) {}
        return ended
    }

    enum Settled { case sent, returned, waits }

    private func settle(_ entry: Entry, _ outcome: Outcome) throws(StateError) -> Settled {
        let told = Entry(
            id: entry.id, key: entry.key, draft: entry.draft, subject: entry.subject, addedAt: entry.addedAt,
            note: outcome.text)
        try folder.replace(entry.id, with: told.text)
        switch outcome.state {
        case .done:
            try folder.move(entry.id, to: sentFolder)
            return .sent
        case .refused where Self.isFinal(outcome.code):
            try folder.move(entry.id, to: returnedFolder)
            return .returned
        case .refused, .failed, .unknown: return .waits
        }
    }

    /// Whether waiting would change nothing: the platform looked at the order and said no.
    private static func isFinal(_ code: String) -> Bool {
        ![
            "unauthenticated", "frozen", "freeze-unknown", "not-armed", "read-only", "second-factor", "second-person",
            "in-use", "rate-limited",
        ].contains(code)
    }

    private func entries(in folder: StateFolder) -> [Entry] {
        folder.names().compactMap { name in
            guard name.hasSuffix(".json"), let text = folder.read(name), let json = try? JSON.parse(text),
                let key = json["key"]?.text, let draft = OrderDraft(input: json["draft"])
            else { return nil }
            return Entry(
                id: name, key: key, draft: draft, subject: json["subject"]?.text ?? "",
                addedAt: Timestamp(microseconds: Int64(json["at_us"]?.int ?? 0)), note: json["note"]?.text ?? "")
        }
    }
}

extension Outbox.Entry {
    fileprivate var text: String {
        let json: JSON = [
            "key": .string(key), "subject": .string(subject), "at_us": .integer(addedAt.microseconds),
            "at": .string(addedAt.description), "note": .string(note), "draft": draft.input,
        ]
        return json.write(pretty: true) + "\n"
    }

    /// The intent to place it: a new one for each attempt, always with the draft's own key.
    public func intent(environment: String, origin: Intent.Origin) -> Intent {
        Intent(
            command: "orders.place", environment: environment,
            arguments: ["draft": draft.input, "key": .string(key)], origin: origin)
    }
}

extension Gate {
    /// Sends one order of the outbox, which was confirmed when it was put there.
    ///
    /// What an interrupted attempt left is brought to its end instead of beginning another.
    public func send(_ entry: Outbox.Entry, origin: Intent.Origin, secondFactor: SecondFactor? = nil) async -> Outcome {
        let open = journals.interrupted().first {
            $0.plan.intent.command == "orders.place" && $0.plan.intent.arguments["key"]?.text == entry.key
        }
        if let open { return await resume(open, secondFactor: secondFactor) }
        do throws(PlanError) {
            let plan = try OrdersPlanner.placing(entry.intent(environment: environment.name, origin: origin))
            let proof = ConfirmationProof(digest: plan.digest, level: .yes, reason: "")
            return await submit(plan, proof: proof, secondFactor: secondFactor)
        } catch {
            return Outcome(.refused, code: error.code, error.cause, hint: error.hint)
        }
    }
}
