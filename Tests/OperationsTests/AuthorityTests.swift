import PlatformModel
import Reactor
import Testing

@testable import Operations

/// Role, command and environment against what the gate says, as one table.
@Suite struct AuthorityTests {
    /// What each role hears, in the order viewer, kitchen, operator, lead, in five situations: a local platform, an
    /// unarmed prod, an armed prod, a freeze, and a freeze that nobody can tell of.
    ///
    /// `+` may, `r` role, `a` arm first, `z` frozen, `?` freeze unknown, `2` second factor, `p` second person.
    private let table: [(command: String, situations: String)] = [
        ("orders.approve", "rr++ rraa rr++ rrzz rr??"),
        ("orders.hold", "rr++ rraa rr++ rrzz rr??"),
        ("orders.release", "rr++ rraa rr++ rrzz rr??"),
        // A kitchen's own orders are its business: neither arming nor freezes stop them; prod asks for its second factor.
        ("orders.cancel", "r+++ r2aa r222 r+zz r+??"),
        ("orders.note", "r+++ r+aa r+++ r+zz r+??"),
        ("orders.place", "r+++ r+aa r+++ r+zz r+??"),
        ("console.arm", "rr++ rr++ rr++ rr++ rr++"),
        ("console.disarm", "++++ ++++ ++++ ++++ ++++"),
        ("freeze.set", "rr++ rr++ rr++ rr++ rr++"),
        ("freeze.lift", "rr++ rr++ rr++ rr++ rr++"),
        ("approvals.grant", "rr++ rr++ rr++ rrzz rr??"),
        ("approvals.refuse", "rr++ rr++ rr++ rr++ rr++"),
    ]

    /// Those that are decided by the rows of what they lead to: each order of the outbox, the interrupted plan.
    private let elsewhere: Set = ["orders.outbox.send", "operations.resume", "operations.close"]

    private let freeze = Freeze(
        id: 1, owner: "lead1", reason: "release", since: Timestamp(seconds: 0), until: Timestamp(seconds: 9))

    private func authority(
        _ command: Command, _ role: Role, prod: Bool = false, armed: Bool = false, freeze: FreezeState = .none
    ) -> Authority {
        Authority(
            command: command, kitchens: command.id.hasPrefix("orders.") ? ["MUC-01"] : [],
            identity: .test(role, kitchens: role == .kitchen ? .only(["MUC-01"]) : .all),
            policy: .standard(for: prod ? .prod : .local), armed: armed, freeze: freeze, secondFactor: nil,
            isApproved: false, now: 0)
    }

    private func sign(_ refusal: AuthorityRefusal?) -> Character {
        switch refusal?.rule {
        case nil: "+"
        case .role: "r"
        case .notArmed: "a"
        case .frozen: "z"
        case .freezeUnknown: "?"
        case .secondFactor: "2"
        case .secondPerson: "p"
        case .readOnly: "R"
        case .kitchen: "k"
        }
    }

    @Test func roleCommandAndEnvironment() throws {
        for (id, expected) in table {
            let command = try #require(CommandTable.command(id))
            let situations: [(Role) -> Authority] = [
                { authority(command, $0) }, { authority(command, $0, prod: true) },
                { authority(command, $0, prod: true, armed: true) },
                { authority(command, $0, freeze: .frozen(freeze)) },
                { authority(command, $0, freeze: .unknown("no answer")) },
            ]
            let found = situations.map { situation in String(Role.all.map { sign(situation($0).refusal) }) }
            #expect(found.joined(separator: " ") == expected, "\(id)")
        }
    }

    @Test func theTableKnowsEveryActionThereIs() {
        let actions = Set(CommandTable.all.filter { $0.danger > .none }.map(\.id))
        #expect(actions == Set(table.map(\.command)).union(elsewhere))
    }

    @Test func whatOnlyReadsNeedsNothing() {
        for command in CommandTable.all where command.danger == .none {
            #expect(authority(command, .viewer, prod: true, freeze: .unknown("")).refusal == nil, "\(command.id)")
        }
    }

    @Test func aConsoleThatWasStartedReadOnlyDoesNothingAtAll() {
        for command in CommandTable.all where command.danger > .none {
            let authority = Authority(
                command: command, kitchens: [], identity: .test(.lead), policy: .init(readOnly: .always), armed: true,
                freeze: .none, secondFactor: nil, isApproved: true, now: 0)
            #expect(authority.refusal?.rule == .readOnly, "\(command.id)")
        }
    }

    @Test func kitchensActOnTheirOwnOnly() throws {
        let command = try #require(CommandTable.command("orders.note"))
        func refusal(_ kitchens: [String]) -> AuthorityRefusal.Rule? {
            Authority(
                command: command, kitchens: kitchens, identity: .test(.kitchen, kitchens: .only(["MUC-01", "MUC-02"])),
                policy: .standard(for: .prod), armed: false, freeze: .none, secondFactor: nil, isApproved: false, now: 0
            ).refusal?.rule
        }
        #expect(refusal(["MUC-01"]) == nil && refusal(["MUC-02", "MUC-01"]) == nil)
        #expect(refusal(["MUC-01", "BER-01"]) == .kitchen)
    }

    @Test func factorAndPersonAreAskedByDanger() {
        let policy = EnvironmentPolicy(readOnly: .never, secondFactor: .high, secondPerson: .highest)
        for danger in [Danger.low, .high, .highest] {
            let command = Command("x", "X", help: "X.", danger: danger, role: .operator)
            func rule(_ factor: UInt64?, approved: Bool, now: UInt64 = 400_000_000_000) -> AuthorityRefusal.Rule? {
                Authority(
                    command: command, kitchens: [], identity: .test(.lead), policy: policy, armed: false, freeze: .none,
                    secondFactor: factor.map { SecondFactor(method: "totp", ticks: $0) }, isApproved: approved, now: now
                ).refusal?.rule
            }
            let fresh: UInt64 = 399_000_000_000
            #expect(rule(nil, approved: true) == (danger >= .high ? .secondFactor : nil))
            // Five minutes old is too old, and from the future is no proof either.
            #expect(rule(99_000_000_000, approved: true) == (danger >= .high ? .secondFactor : nil))
            #expect(rule(500_000_000_000, approved: true) == (danger >= .high ? .secondFactor : nil))
            #expect(rule(fresh, approved: false) == (danger == .highest ? .secondPerson : nil))
            #expect(rule(fresh, approved: true) == nil)
        }
    }

    /// Neither a step of UTC nor a reboot nor another person's arming makes a console armed.
    @Test func armingFollowsTheMachinesTicksAlone() async throws {
        try await withFolder { folder in
            let turned = TurnedClock()
            let store = ArmingStore(state: folder, environment: "prod", clock: turned.clock())
            #expect(store.current(for: "anna") == nil)
            try store.arm("anna", for: .seconds(600), reason: "deploy")
            #expect(store.current(for: "anna")?.reason == "deploy")
            #expect(store.current(for: "bert") == nil)
            let other = ArmingStore(state: folder, environment: "staging", clock: turned.clock())
            #expect(other.current(for: "anna") == nil)
            turned.turnWall(by: -86_400)
            turned.pass(590)
            #expect(store.current(for: "anna") != nil)
            turned.turnWall(by: 10 * 86_400)
            #expect(store.current(for: "anna") != nil)
            turned.pass(10)
            #expect(store.current(for: "anna") == nil)
            turned.turnWall(by: -30 * 86_400)
            #expect(store.current(for: "anna") == nil)
            try store.arm("anna", for: .seconds(600), reason: "deploy")
            let afterReboot = ArmingStore(
                state: folder, environment: "prod", clock: TurnedClock().clock(boot: "boot-2"))
            #expect(afterReboot.current(for: "anna") == nil)
            try store.arm("anna", for: .seconds(1_000_000), reason: "long")
            #expect(store.current(for: "anna")?.remaining(at: turned.clock()) == EnvironmentPolicy.longestArming)
            try store.disarm()
            #expect(store.current(for: "anna") == nil)
        }
    }
}
