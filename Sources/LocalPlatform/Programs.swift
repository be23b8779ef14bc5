import Glibc

/// Where the real servers are on this machine; a missing one is told with the package to install.
struct Programs: Sendable, Hashable {
    /// The folder that has `postgres`, `initdb` and the rest of one version.
    let postgresBin: String
    let postgresVersion: Int
    let redisServer: String

    /// - Parameter version: the one that made the data that is there; nil or 0 takes the newest.
    static func find(version wanted: Int?) throws(LocalPlatformError) -> Programs {
        let made = wanted == 0 ? nil : wanted
        guard let (bin, version) = postgresFolder(made) else {
            guard let made else { throw missing("PostgreSQL (15 or newer)", package: "postgresql") }
            throw missing("PostgreSQL \(made), which made this platform's data,", package: "postgresql-\(made)")
        }
        guard let redis = which("redis-server") else { throw missing("Redis", package: "redis-server") }
        return Programs(postgresBin: bin, postgresVersion: version, redisServer: redis)
    }

    func postgres(_ program: String) -> String { postgresBin + "/" + program }

    /// The newest version that is wholly there; the first to know ALTER SYSTEM grants is 15.
    private static func postgresFolder(_ wanted: Int?) -> (String, Int)? {
        let needed = ["postgres", "initdb", "pg_basebackup", "pg_controldata", "psql"]
        let debian = Files.list("/usr/lib/postgresql").compactMap(Int.init).filter { $0 >= 15 }.sorted(by: >)
        for version in debian where wanted == nil || wanted == version {
            let bin = "/usr/lib/postgresql/\(version)/bin"
            if needed.allSatisfy({ Files.isExecutable(bin + "/" + $0) }) { return (bin, version) }
        }
        return nil
    }

    static func which(_ name: String) -> String? {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let folders = path.split(separator: ":").map(String.init) + ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin"]
        return folders.map { $0 + "/" + name }.first { $0.hasPrefix("/") && Files.isExecutable($0) }
    }

    static func missing(_ what: String, package: String) -> LocalPlatformError {
        LocalPlatformError(
            code: "missing-package", operation: "look for \(what)", target: "this machine",
            cause: "\(what) is not installed",
            hint: "install the Debian package: sudo apt-get install -y \(package)", exitCode: 3)
    }
}
