import CSystem
import Glibc

/// The generated passwords of a platform, each in a file that only its owner can read.
struct Secrets: Sendable {
    /// PostgreSQL's roles; each has a password file and a libpq password file.
    static let roles = [
        "galley_reader", "galley_kitchen", "galley_operator", "galley_lead", "galley_guard", "galley_replicator",
        "platform_api", "platform_worker", "platform_webhook", "platform_admin", "platform_agents",
    ]
    /// Redis users.
    static let redisUsers = ["platform_app", "galley_reader", "galley_operator"]
    /// Keys that the services share.
    static let keys = ["token.key", "webhook.secret"]

    /// A bearer token of the API in a file; `kitchens` is `*` or a code.
    struct Token: Sendable {
        let file: String
        let subject: String
        let role: String
        var kitchens = "*"
    }

    /// Signed anew at each start, and good for a year.
    static let tokens = [
        Token(file: "console.token", subject: "galley-console", role: "viewer"),
        Token(file: "viewer.token", subject: "viewer", role: "viewer"),
        Token(file: "kitchen.token", subject: "kitchen", role: "kitchen"),
        Token(file: "kitchen-MUC-01.token", subject: "kitchen-MUC-01", role: "kitchen", kitchens: "MUC-01"),
        Token(file: "operator.token", subject: "operator", role: "operator"),
        Token(file: "lead.token", subject: "lead", role: "lead"),
    ]

    private(set) var values: [String: String] = [:]

    /// The role's or user's password.
    subscript(name: String) -> String { values[name] ?? "" }

    static func redisName(_ user: String) -> String { "redis_" + user }

    /// Reads what is there and makes what is missing; passwords never change once made.
    static func prepare(in folder: Folder, owner: Account) throws(LocalPlatformError) -> Secrets {
        var secrets = Secrets()
        let names = roles.map { $0 + ".password" } + redisUsers.map { redisName($0) + ".password" } + keys
        for name in names {
            let path = folder.secret(name)
            let key = name.hasSuffix(".password") ? String(name.dropLast(".password".count)) : name
            if let text = Files.readText(path)?.trimmed, text.utf8.count >= 32 {
                secrets.values[key] = text
            } else {
                let text = try random()
                // No line end: the services read the file as it is.
                try Files.write(text, to: path, mode: 0o600, owner: owner)
                secrets.values[key] = text
            }
        }
        return secrets
    }

    /// One libpq password file a role; ports may have moved since the last start.
    func writePassFiles(in folder: Folder, owner: Account) throws(LocalPlatformError) {
        for role in Secrets.roles {
            // Every host and port: the file is for this platform only, and failover changes both.
            let line = "*:*:*:\(role):\(self[role])\n"
            try Files.write(line, to: folder.secret(role + ".pgpass"), mode: 0o600, owner: owner)
        }
    }

    /// What roles.sql reads by `\getenv`.
    var environment: [String: String] {
        var result: [String: String] = [:]
        for role in Secrets.roles { result[role.uppercased() + "_PASSWORD"] = self[role] }
        return result
    }

    /// 192 random bits as 48 hexadecimal digits: no character that a file format or shell minds.
    private static func random() throws(LocalPlatformError) -> String {
        var bytes = [UInt8](repeating: 0, count: 24)
        guard galley_random(&bytes, bytes.count) == 0 else {
            throw .system("make a password", "getrandom", errno: errno)
        }
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
