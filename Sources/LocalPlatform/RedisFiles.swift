/// Redis's configuration and access list, written anew at each start.
struct RedisFiles {
    let folder: Folder
    let port: UInt16
    let owner: Account
    let secrets: Secrets

    var configuration: String { folder.redis + "/redis.conf" }

    func write() throws(LocalPlatformError) {
        try Files.write(settings, to: configuration, mode: 0o600, owner: owner)
        try Files.write(access, to: folder.secret("redis.acl"), mode: 0o600, owner: owner)
    }

    private var settings: String {
        """
        # Written by galley local up at each start; changes here are lost.
        bind 127.0.0.1
        port \(port)
        unixsocket \(quoted(folder.run + "/redis.sock"))
        unixsocketperm 700
        dir \(quoted(folder.redis))
        aclfile \(quoted(folder.secret("redis.acl")))
        daemonize no
        appendonly yes
        appendfsync everysec
        save 300 100
        maxmemory-policy noeviction
        latency-monitor-threshold 100
        slowlog-log-slower-than 10000
        tcp-keepalive 60

        """
    }

    /// Nobody without a name: `default` is off. It keeps its rights all the same, for Redis reads its append-only file
    /// back in that user's name, and without them drops every transaction in it. The console may look at everything and
    /// change nothing, in scripts neither.
    private var access: String {
        let reading =
            "-@all +@read +@connection +@scripting +info +dbsize +memory|usage +slowlog|get +slowlog|len "
            + "+latency +subscribe +psubscribe +unsubscribe +punsubscribe +ssubscribe +sunsubscribe +pubsub "
            + "+multi +exec +discard +watch +unwatch +xinfo +command +time +lastsave -keys -client|kill "
            + "-client|pause -client|unpause -client|no-evict -script|flush -script|kill -script|debug -function "
            + "+client|list +config|get"
        return """
            user default off resetpass ~* &* +@all
            user platform_app on \(password("platform_app")) ~* &* +@all -@admin -@dangerous +info +client|list \
            +client|setname +keys +sort +flushdb -flushall
            user galley_reader on \(password("galley_reader")) ~* &* \(reading)
            user galley_operator on \(password("galley_operator")) ~* &* \(reading) +@write +@blocking \
            -flushall -flushdb -swapdb -restore -migrate

            """
    }

    private func password(_ user: String) -> String { ">" + secrets[Secrets.redisName(user)] }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
