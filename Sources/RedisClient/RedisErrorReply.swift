extension RedisError {
    /// Classifies an error reply by its first word, and by its text where Redis has no word for it.
    ///
    /// - Parameter secret: taken out of the text, should the server have echoed it.
    static func reply(_ text: String, operation: String, target: String, secret: RedisSecret?) -> RedisError {
        let text = secret?.redact(text) ?? text
        let (kind, hint) = classify(text)
        return RedisError(
            kind, operation: operation, target: target, cause: text, hint: hint,
            redirection: kind == .moved || kind == .ask ? Redirection(text) : nil)
    }

    private static func classify(_ text: String) -> (Kind, String) {
        let word = text.prefix { $0 != " " }
        if let known = words[String(word)] { return known }
        let lower = text.lowercased()
        for (part, kind, hint) in phrases where lower.contains(part) { return (kind, hint) }
        return (.replyError, "")
    }

    private static let words: [String: (Kind, String)] = [
        "NOAUTH": (
            .noAuth, "the server wants a password: set `password` (and `user`) of this Redis in the configuration"
        ),
        "WRONGPASS": (.wrongPassword, "check `user` and `password` of this Redis in the configuration"),
        "NOPERM": (
            .noPermission,
            "the ACL user lacks this command, key or channel: ACL SETUSER on the server, or another `user`"
        ),
        "NOSCRIPT": (.noScript, "the script cache was flushed: send the script with EVAL"),
        "MOVED": (.moved, "this is one node of a cluster: set `cluster = true` for this Redis"),
        "ASK": (.ask, "the slot is being moved: set `cluster = true` for this Redis"),
        "TRYAGAIN": (.tryAgain, "the slot is being moved, the keys are on both sides: try again"),
        "CLUSTERDOWN": (.clusterDown, "slots without a node: CLUSTER INFO and CLUSTER NODES on any node tell which"),
        "CROSSSLOT": (.crossSlot, "keys of one command must share a {hash tag} in a cluster"),
        "LOADING": (.loading, "the server is reading its data after a start: wait, INFO persistence shows how long"),
        "BUSY": (.busy, "a script holds the server: SCRIPT KILL, or FUNCTION KILL, if it has written nothing"),
        "READONLY": (.readOnly, "this is a replica: writes go to the primary; INFO replication names it"),
        "MASTERDOWN": (.masterDown, "the replica lost its primary and may not serve old data"),
        "NOREPLICAS": (.noReplicas, "fewer replicas in time than min-replicas-to-write asks: writes are refused"),
        "OOM": (.outOfMemory, "the server is at maxmemory and may not evict: raise maxmemory or free keys"),
        "MISCONF": (
            .cannotPersist, "the server cannot write its snapshot and refuses writes: see its log and its disk"
        ),
        "WRONGTYPE": (.wrongType, "the key holds another type than the command wants"),
        "DENIED": (
            .noAuth, "protected mode: the server accepts only loopback until it has a password or a bind address"
        ),
        "NOPROTO": (.unsupported, ""),
    ]

    private static let phrases: [(String, Kind, String)] = [
        (
            "invalid username-password", .wrongPassword,
            "check `user` and `password` of this Redis in the configuration"
        ),
        ("invalid password", .wrongPassword, "check `password` of this Redis in the configuration"),
        (
            "without any password configured", .wrongPassword,
            "the server has no password for this user: remove `password` of this Redis from the configuration"
        ),
        (
            "max number of clients", .tooManyClients,
            "the server's maxclients is reached: CLIENT LIST tells who holds connections"
        ),
        (
            "unknown command", .unknownCommand,
            "the server is older than the command, or its provider refuses or renames it"
        ),
        ("unknown subcommand", .unknownCommand, "the server is older than the command, or its provider refuses it"),
        ("wrong number of arguments for 'auth'", .wrongPassword, "servers before 6 have no users: remove `user`"),
    ]
}

extension RedisError.Redirection {
    /// Reads `MOVED 3999 127.0.0.1:6381`; the host may be empty or an IPv6 address without brackets.
    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count >= 3, let slot = Int(words[1]), (0..<16384).contains(slot),
            let colon = words[2].lastIndex(of: ":"), let port = UInt16(words[2][words[2].index(after: colon)...])
        else { return nil }
        self.init(slot: slot, host: String(words[2][..<colon]), port: port)
    }
}
