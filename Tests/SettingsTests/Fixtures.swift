import Glibc
import Settings
import Testing

/// A configuration of the documented shape, complete and right.
let goodConfiguration = """
    default_environment = "prod"
    [ui]
    theme = "light"
    refresh = "500ms"
    [environments.prod]
    kind = "prod"
    title = "fb-platform"
    [environments.prod.postgres]
    database = "orders"
    user = "galley"
    sslmode = "verify-full"
    [[environments.prod.postgres.nodes]]
    name = "eu-west-1a"
    host = "10.0.0.1"
    port = 5433
    region = "eu-west-1"
    role_hint = "primary"
    [[environments.prod.postgres.nodes]]
    name = "us-east-1a"
    host = "10.0.0.2"
    [environments.prod.redis]
    url = "rediss://cache.example:6380/0"
    queues = ["order-items", "mail"]
    [[environments.prod.services]]
    name = "api"
    url = "http://127.0.0.1:3000"
    [environments.prod.api]
    graphql_url = "http://127.0.0.1:3000/graphql"
    [environments.prod.thresholds]
    queue_lag = "90s"
    replica_lag_bytes = "64MiB"
    """

/// Loads texts as documents `one.toml`, `two.toml`, ….
func load(
    _ texts: String..., variables: [String: String] = [:], flags: [SettingsFlag] = []
) throws -> (configuration: Configuration, problems: [SettingsProblem]) {
    let names = ["one.toml", "two.toml", "three.toml"]
    var layers: [SettingsLayer] = []
    for (text, name) in zip(texts, names) { layers.append(.document(try TOMLDocument.parse(text, file: name))) }
    return Configuration.load(
        layers: layers + [.variables(variables), .flags(flags)], home: "/home/anna", checksFiles: false)
}

/// A folder that goes with its last reference.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/galley-settings-XXXXXX".utf8CString)
        path = mkdtemp(&template).map { String(cString: $0) } ?? ""
        precondition(!path.isEmpty)
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { remove("\(path)/\(name)") }
            }
            closedir(folder)
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o600) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, mode)
        _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        fchmod(descriptor, mode)
        close(descriptor)
        return file
    }

    @discardableResult
    func write(_ name: String, _ text: String, mode: mode_t = 0o600) -> String {
        write(name, Array(text.utf8), mode: mode)
    }
}
