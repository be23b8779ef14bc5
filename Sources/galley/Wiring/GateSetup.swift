import Glibc
import HTTPClient
import Operations
import PlatformModel
import PostgresClient
import Reactor
import Settings

/// The gate of one environment, for the account that the arguments or the configuration choose.
struct GateSetup: Sendable {
    let gate: Gate
    let source: LocalAccount
    let account: AccountSettings
    let environment: EnvironmentSettings
    let outbox: Outbox
    let api: OrdersAPI?

    /// Makes the clients; none connects before it is first used.
    init(_ arguments: Arguments) throws(CommandFailure) {
        let setup = Setup(arguments)
        environment = try setup.environment(arguments)
        account = try Self.account(arguments, environment)
        let identity = EnvironmentIdentity(
            name: environment.name, kind: EnvironmentIdentity.Kind(rawValue: environment.kind.rawValue) ?? .prod,
            title: environment.title)
        let state = StateFolder(setup.paths.state)
        source = LocalAccount(
            subject: account.subject ?? Setup.userName, role: Role(word: account.role) ?? .viewer,
            kitchens: KitchenScope(codes: account.kitchens), secretFile: account.totpFile, state: state)
        let source = source
        let person: Result<OperatorIdentity, IdentityError> = runBlocking {
            do throws(IdentityError) {
                return .success(try await source.identify(until: .after(.seconds(10))))
            } catch {
                return .failure(error)
            }
        }
        guard case .success(let person) = person else {
            throw CommandFailure(
                status: ExitStatus.notAllowed, message: "nobody is recognised", code: "unauthenticated")
        }
        var planners: [any Planner] = []
        var performers: [any StepPerformer] = []
        var orders: OrdersAPI?
        if let settings = environment.api {
            let file = account.tokenFile ?? settings.tokenFile
            let api = OrdersAPI(client: HTTPClient(), url: settings.graphqlURL) {
                file.flatMap { try? SecretFile.read($0) }
            }
            planners.append(OrdersPlanner(api: api))
            performers = [OrderPerformer(api: api), PlacePerformer(api: api)]
            orders = api
        }
        api = orders
        gate = Gate(
            environment: identity, policy: Self.policy(environment, arguments), identity: person,
            console: Self.console, state: state, ledger: Self.ledger(environment, account), planners: planners,
            performers: performers)
        outbox = Outbox(state: state, environment: environment.name)
    }

    private static func account(
        _ arguments: Arguments, _ environment: EnvironmentSettings
    ) throws(CommandFailure) -> AccountSettings {
        guard let first = environment.accounts.first else {
            throw CommandFailure(
                status: ExitStatus.notAllowed, message: "environment \(environment.name) has no account for you",
                code: "no-account",
                hint: "add [[environments.\(environment.name).accounts]] with name, role and its credentials")
        }
        let word = arguments.option("as") ?? Setup.variables["GALLEY_ACCOUNT"]
        guard let word, !word.isEmpty else { return first }
        guard let found = environment.accounts.first(where: { $0.name == word }) else {
            let names = environment.accounts.map(\.name)
            throw CommandFailure(
                status: ExitStatus.configuration,
                message: "there is no account “\(word)”" + Suggestion.text(for: word, among: names),
                code: "configuration", hint: "configured: \(names.joined(separator: ", "))")
        }
        return found
    }

    private static func policy(_ environment: EnvironmentSettings, _ arguments: Arguments) -> EnvironmentPolicy {
        func danger(_ word: String) -> Danger? {
            switch word {
            case "low": .low
            case "high": .high
            case "highest": .highest
            default: nil
            }
        }
        let readOnly: EnvironmentPolicy.ReadOnly =
            arguments.has("read-only") ? .always : environment.policy.readOnly ? .untilArmed : .never
        return EnvironmentPolicy(
            readOnly: readOnly, secondFactor: danger(environment.policy.secondFactor),
            secondPerson: danger(environment.policy.secondPerson))
    }

    /// With the role's own database user; nil when the account has none.
    private static func ledger(_ environment: EnvironmentSettings, _ account: AccountSettings) -> PostgresLedger? {
        guard let postgres = environment.postgres, !postgres.nodes.isEmpty, let user = account.databaseUser else {
            return nil
        }
        func client(_ target: PostgresConfiguration.TargetSessionAttributes, _ name: String) -> PostgresClient {
            var configuration = Connections.configuration(postgres, nodes: postgres.nodes, target: target)
            configuration.user = user
            if let passfile = account.passfile { configuration.passfile = passfile }
            // Roles of consoles are read-only unless a session says otherwise; what it may write the grants decide.
            if target == .primary {
                configuration.options = "-c " + PostgresLedger.writable
            }
            return PostgresClient(configuration, name: name)
        }
        return PostgresLedger(
            primary: client(.primary, "ledger"), any: client(.any, "ledger on a replica"), schema: postgres.schema)
    }

    private static var console: ConsoleIdentity {
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        let terminal = ttyname(0).map { String(cString: $0) } ?? ""
        // "client-address client-port server-address server-port"
        let from = Setup.variables["SSH_CONNECTION"]?.split(separator: " ").first.map(String.init) ?? ""
        return ConsoleIdentity(
            host: String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self),
            process: Int(getpid()), terminal: terminal, from: from, version: Galley.version)
    }
}
