extension RedisCommand {
    /// Why the command may not go over a connection that others share; nil when it may.
    var reasonToRefuse: String? {
        guard let first = arguments.first, !first.isEmpty else { return "the command is empty" }
        let name = name
        if let better = Self.refused[name] { return better }
        if name == "CLIENT", arguments.count > 1,
            String(decoding: arguments[1], as: UTF8.self).uppercased() == "REPLY"
        {
            return "it would take the replies away"
        }
        return nil
    }

    private static let refused: [String: String] = {
        let identity = "the configuration says who connects and to which database"
        let transaction = "use transaction(watching:_:until:)"
        let subscription = "use subscribe(channels:patterns:)"
        let takesOver = "it would take the connection away from its other users"
        return [
            "AUTH": identity, "SELECT": identity, "HELLO": identity, "QUIT": takesOver, "RESET": takesOver,
            "MULTI": transaction, "EXEC": transaction, "DISCARD": transaction, "WATCH": transaction,
            "UNWATCH": transaction, "SUBSCRIBE": subscription, "PSUBSCRIBE": subscription, "SSUBSCRIBE": subscription,
            "UNSUBSCRIBE": subscription, "PUNSUBSCRIBE": subscription, "SUNSUBSCRIBE": subscription,
            "MONITOR": takesOver, "SYNC": takesOver, "PSYNC": takesOver,
        ]
    }()

    /// Whether the server may withhold the reply, and with it all later ones.
    var blocks: Bool {
        let name = name
        if Self.blocking.contains(name) { return true }
        guard name == "XREAD" || name == "XREADGROUP" else { return false }
        return arguments.contains { $0.count == 5 && String(decoding: $0, as: UTF8.self).uppercased() == "BLOCK" }
    }

    private static let blocking: Set<String> = [
        "BLPOP", "BRPOP", "BRPOPLPUSH", "BLMOVE", "BLMPOP", "BZPOPMIN", "BZPOPMAX", "BZMPOP",
    ]
}
