/// The console's configuration for this platform: where everything is, and no secret.
struct Configuration {
    let folder: Folder
    let ports: Ports

    func write() throws(LocalPlatformError) {
        try Files.write(text, to: folder.configuration, mode: 0o640)
    }

    private var text: String {
        ([head] + Node.all.map(section) + [redis] + Services.names.map(section) + [api, agents]).joined(separator: "\n")
    }

    private var head: String {
        """
        # Written by galley local up at each start; changes here are lost.
        default_environment = "local"

        [environments.local]
        kind = "local"
        title = "fb-platform"

        [environments.local.postgres]
        database = "platform"
        user = "galley_reader"
        passfile = \(quoted(folder.secret("galley_reader.pgpass")))
        sslmode = "disable"
        schema = "galley"

        """
    }

    private func section(_ node: Node) -> String {
        """
        [[environments.local.postgres.nodes]]
        name = \(quoted(node.name))
        host = "127.0.0.1"
        port = \(ports[node.name])
        region = \(quoted(node.region))

        """
    }

    private var redis: String {
        """
        [environments.local.redis]
        url = "redis://127.0.0.1:\(ports["redis"])/0"
        username = "galley_reader"
        password_file = \(quoted(folder.secret(Secrets.redisName("galley_reader") + ".password")))
        bull_prefix = "bull"

        """
    }

    private func section(_ service: String) -> String {
        """
        [[environments.local.services]]
        name = \(quoted(service))
        url = "http://127.0.0.1:\(ports[service])"
        health_path = "/health"

        """
    }

    private var api: String {
        """
        [environments.local.api]
        graphql_url = "http://127.0.0.1:\(ports["api"])/graphql"
        token_file = \(quoted(folder.secret("console.token")))

        """
    }

    private var agents: String {
        """
        [environments.local.agents]
        schema = "agents"
        queue = "agents"

        """
    }

    /// A TOML basic string.
    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
