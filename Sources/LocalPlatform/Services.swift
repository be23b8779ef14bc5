import Glibc

/// The platform's own programs, all in Python: what each is told through its environment.
struct Services {
    let folder: Folder
    let ports: Ports
    let options: LocalOptions.Effective
    let python: String

    /// Those with a port and `/health`.
    static let names = ["api", "admin", "webhook", "worker", "agents"]

    /// Nodes with the primary of this start, which the links lead to.
    func children(primary: Node) -> [Child] {
        var children = [links(primary: primary)]
        guard !options.serversOnly else { return children }
        children += Self.names.map { service($0) }
        children.append(Child(name: "traffic", kind: .helper, port: nil, launch: launch("traffic", role: nil)))
        return children
    }

    private func service(_ name: String) -> Child {
        Child(name: name, kind: .service, port: ports[name], launch: launch(name, role: "platform_" + name))
    }

    /// One proxy for each node on its way to the primary, so that a way can be cut or slowed.
    private func links(primary: Node) -> Child {
        var launch = launch("links", role: nil)
        launch.environment["LINKS"] = Node.all.filter { $0 != primary }
            .map { "\($0.name)=\(ports["link-" + $0.name]):\(ports[primary.name])" }.joined(separator: ",")
        return Child(name: "links", kind: .helper, port: nil, launch: launch)
    }

    func launch(_ module: String, role: String?, arguments: [String] = []) -> Launch {
        var environment: [String: String] = [
            "PYTHONPATH": folder.python, "PYTHONUNBUFFERED": "1",
            "PYTHONPYCACHEPREFIX": folder.python + "/.cache", "SERVICE": module, "FAULTS_FOLDER": folder.faults,
            "TOKEN_KEY_FILE": folder.secret("token.key"), "WEBHOOK_SECRET_FILE": folder.secret("webhook.secret"),
            "API_URL": "http://127.0.0.1:\(ports["api"])", "WEBHOOK_URL": "http://127.0.0.1:\(ports["webhook"])",
            "RATE": "\(options.rate)",
            "SUPPLIER_SEED": getenv("GALLEY_SUPPLIER_SEED").map { String(cString: $0) } ?? "1",
            "REDIS_HOST": "127.0.0.1", "REDIS_PORT": "\(ports["redis"])",
            "REDIS_USERNAME": "platform_app", "BULL_PREFIX": "bull",
            "REDIS_PASSWORD_FILE": folder.secret(Secrets.redisName("platform_app") + ".password"),
        ]
        if let role {
            // All nodes, and libpq finds the one that accepts writes: services follow a failover by themselves.
            environment["PGHOST"] = Node.all.map { _ in "127.0.0.1" }.joined(separator: ",")
            environment["PGPORT"] = Node.all.map { "\(ports[$0.name])" }.joined(separator: ",")
            environment["PGTARGETSESSIONATTRS"] = "read-write"
            environment["PGDATABASE"] = "platform"
            environment["PGUSER"] = role
            environment["PGPASSFILE"] = folder.secret(role + ".pgpass")
            environment["PGAPPNAME"] = module
        }
        let port = ports[module]
        if port != 0 { environment["PORT"] = "\(port)" }
        return Launch(
            program: python, arguments: ["-m", "foodplatform.\(module)"] + arguments, environment: environment,
            folder: folder.root)
    }
}
