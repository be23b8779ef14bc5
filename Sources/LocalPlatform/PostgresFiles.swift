/// The configuration files of a node, written anew at each start: ports may have moved.
///
/// What a failover changes by ALTER SYSTEM lies in `postgresql.auto.conf` and wins over these.
struct PostgresFiles {
    let folder: Folder
    let node: Node
    let ports: Ports
    let owner: Account
    let asynchronous: Bool

    static let include = "include_if_exists = 'galley.conf'"

    func write() throws(LocalPlatformError) {
        let data = folder.data(node.name)
        let main = Files.readText(data + "/postgresql.conf") ?? ""
        if !main.contains(Self.include) {
            try Files.write(main + "\n\(Self.include)\n", to: data + "/postgresql.conf", mode: 0o600, owner: owner)
        }
        try Files.write(settings, to: data + "/galley.conf", mode: 0o600, owner: owner)
        try Files.write(access, to: data + "/pg_hba.conf", mode: 0o600, owner: owner)
        try Files.write(identities, to: data + "/pg_ident.conf", mode: 0o600, owner: owner)
    }

    private var settings: String {
        let lines: [(String, String)] = [
            ("cluster_name", node.name),
            ("listen_addresses", "127.0.0.1"),
            ("port", "\(ports[node.name])"),
            ("unix_socket_directories", folder.run),
            ("unix_socket_permissions", "0700"),
            ("password_encryption", "scram-sha-256"),
            ("max_connections", "120"),
            ("superuser_reserved_connections", "5"),
            ("shared_buffers", "64MB"),
            // In the data folder, not in /dev/shm: nothing outlives the folder.
            ("dynamic_shared_memory_type", "mmap"),
            ("min_dynamic_shared_memory", "0"),
            ("wal_level", "replica"),
            ("wal_log_hints", "on"),
            ("max_wal_senders", "20"),
            ("max_replication_slots", "20"),
            ("max_slot_wal_keep_size", "2GB"),
            ("min_wal_size", "80MB"),
            ("max_wal_size", "1GB"),
            ("wal_sender_timeout", "20s"),
            ("wal_receiver_timeout", "20s"),
            ("wal_receiver_status_interval", "1s"),
            ("wal_retrieve_retry_interval", "1s"),
            ("hot_standby", "on"),
            ("hot_standby_feedback", "on"),
            ("recovery_target_timeline", "latest"),
            ("synchronous_commit", "on"),
            ("synchronous_standby_names", asynchronous ? "" : node.quorum),
            ("archive_mode", "on"),
            ("archive_command", archiveCommand),
            ("shared_preload_libraries", "pg_stat_statements"),
            ("track_io_timing", "on"),
            ("track_commit_timestamp", "on"),
            ("jit", "off"),
            ("timezone", "UTC"),
            ("log_timezone", "UTC"),
            ("logging_collector", "off"),
            ("log_destination", "stderr"),
            ("log_line_prefix", "%m [%p] %q%u@%d "),
            ("log_checkpoints", "off"),
            ("log_min_duration_statement", "2s"),
            // A primary ignores both; they are there for the day it comes back as a standby.
            ("primary_conninfo", conninfo(port: ports["link-" + node.name])),
            ("primary_slot_name", node.slot),
        ]
        return "# Written by galley local up at each start; changes here are lost.\n"
            + lines.map { "\($0.0) = \(Self.quoted($0.1))\n" }.joined()
    }

    /// How this node reaches its primary; the password is in the replicator's own file.
    func conninfo(port: UInt16) -> String {
        let passfile = Self.connectionQuoted(folder.secret("galley_replicator.pgpass"))
        return "host=127.0.0.1 port=\(port) user=galley_replicator passfile=\(passfile) "
            + "application_name=\(node.name) connect_timeout=3 sslmode=disable"
    }

    /// Never overwrites a segment; the same one again is a success, as after a crash before it was noted.
    private var archiveCommand: String {
        let target = Self.shellQuoted(folder.archive.replacing("%", with: "%%")) + "/%f"
        let part = target + "." + node.name
        return "if test -f \(target); then cmp -s %p \(target); "
            + "else cp %p \(part) && sync -d \(part) && mv -n \(part) \(target); fi"
    }

    private var access: String {
        """
        # Written by galley local up at each start; changes here are lost.
        local all postgres peer map=galley
        local replication postgres peer map=galley
        local all all scram-sha-256
        host replication all 127.0.0.1/32 scram-sha-256
        host all all 127.0.0.1/32 scram-sha-256

        """
    }

    /// The folder's owner and root are the superuser, over the socket in a folder that only they can enter.
    private var identities: String {
        ["root", owner.name].map { "galley \"\($0)\" postgres\n" }.joined()
    }

    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    static func shellQuoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

    static func connectionQuoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
