import HTTPClient
import PlatformModel
import Reactor

/// Reads one service: `GET` of its health path, judged by what it says and how long it takes.
public struct ServiceCollector: Collector {
    public let name: String
    public let interval = Duration.seconds(2)
    private let service: String
    private let url: String
    private let client: HTTPClient
    private let patience = Duration.milliseconds(2500)

    /// - Parameter url: the health check's full address.
    public init(service: String, url: String, client: HTTPClient) {
        self.service = service
        self.url = url
        self.client = client
        name = "service \(service)"
    }

    public func read() async -> [Observation] {
        let attempt = await Reader.attempt {
            var request = HTTPRequest("GET", url, headers: ["Accept": "application/json"])
            request.maximumResponseBytes = 256 << 10
            let response = try await client.send(request, until: .after(patience))
            return Self.health(service, response)
        }
        return [.service(name: service, attempt)]
    }

    /// A service that answers anything is reached; its body, where there is one, says more than the status.
    static func health(_ service: String, _ response: HTTPResponse) -> ServiceHealth {
        let body = (try? JSON.parse(response.body)) ?? .null
        let isWell = (200..<300).contains(response.status)
        let state = isWell ? body["status"]?.text.flatMap(ServiceHealth.State.init) ?? .ok : .down
        var health = ServiceHealth(
            name: service, state: state, statusCode: response.status, latency: response.timing.total)
        health.version = body["version"]?.text ?? ""
        health.uptime = body["uptime_seconds"]?.double.map { .seconds($0) }
        for (name, dependency) in body["dependencies"]?.object.map(Array.init) ?? [] {
            health.dependencies.append(
                ServiceHealth.Dependency(
                    name: name, state: dependency["status"]?.text ?? "unknown",
                    latency: dependency["latency_ms"]?.double.map { .milliseconds($0) },
                    error: dependency["error"]?.text ?? ""))
        }
        return health
    }
}
