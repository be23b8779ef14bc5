/// What an operator can do about an error, by SQLSTATE and by where it happened.
enum Hints {
    /// The stable code of a server's error.
    static func code(_ sqlState: String) -> String {
        switch sqlState {
        case "28P01": PostgresError.Code.passwordRejected
        case "28000": PostgresError.Code.notAllowed
        default: "sqlstate-\(sqlState)"
        }
    }

    /// - Parameters:
    ///   - user: who connects, as far as is known.
    ///   - endpoint: as a `~/.pgpass` line names it: `host:port`.
    ///   - message: the server's own words.
    static func hint(_ sqlState: String, user: String, endpoint: String, database: String, message: String) -> String {
        let role = user.isEmpty ? "the user" : "\"\(user)\""
        switch sqlState {
        case "28P01":
            return "check the password of \(role): the configuration, PGPASSWORD, or the ~/.pgpass line for \(endpoint)"
        case "28000":
            return
                "allow \(role) in the server's pg_hba.conf for this address, database and encryption, then reload it; "
                + "also check that the role exists and may log in"
        case "3D000": return "create the database \"\(database)\", or correct its name"
        case "53300": return "too many connections: raise max_connections, end idle sessions, or use a pooler"
        case "53100": return "the server's disk is full: free space, pg_wal and slots first"
        case "53200": return "the server is out of memory: lower work_mem or the number of sessions"
        case "25006":
            return "this server is read-only (a standby, or default_transaction_read_only): connect to the primary"
        case "57014":
            return "stopped by statement_timeout or by a cancel request: narrow the query or raise the timeout"
        case "55P03": return "another session holds the lock: see pg_blocking_pids() or raise lock_timeout"
        case "40P01": return "a deadlock: repeat the transaction"
        case "40001": return "a concurrent change: repeat the transaction"
        case "42501": return grant(message, role: role, database: database)
        case "42P01": return "the table or view is missing: check the database, search_path and the platform's contract"
        case "42883": return "the function is missing: check its extension, search_path and argument types"
        case "42703": return "the column is missing: the schema differs from the one expected"
        case "3F000": return "the schema is missing: check search_path"
        case "57P01": return "an administrator ended the session or the server is shutting down"
        case "57P02": return "another server process crashed and all sessions were ended: see the server's log"
        case "57P03": return "the server is starting up, shutting down or in recovery: try again shortly"
        case "57P05": return "idle_session_timeout ended the session"
        case "25P03": return "idle_in_transaction_session_timeout ended the session"
        case "55000": return "the object is not in the state that this needs; see the detail"
        case "0A000": return "this version of the server cannot do that"
        case "58P01": return "the server misses a file: see its log"
        case "XX001", "XX002": return "data or index corruption: stop, take a copy, and see the server's log"
        default: return ""
        }
    }

    /// The statement that gives the right whose lack the server tells of: `permission denied for view orders`.
    private static func grant(_ message: String, role: String, database: String) -> String {
        let words = message.split(separator: " ", maxSplits: 4).map(String.init)
        guard message.hasPrefix("permission denied for "), words.count == 5 else {
            return "have an owner or superuser run: GRANT pg_monitor TO \(role)"
        }
        let name = "\"" + words[4].replacing("\"", by: "\"\"") + "\""
        let statement =
            switch words[3] {
            case "schema": "GRANT USAGE ON SCHEMA \(name) TO \(role)"
            case "database": "GRANT CONNECT ON DATABASE \(name) TO \(role)"
            case "table", "view", "relation": "GRANT SELECT ON \(name) TO \(role)"
            case "function":
                words[4].hasPrefix("pg_")
                    ? "GRANT pg_monitor TO \(role)" : "GRANT EXECUTE ON FUNCTION \(words[4]) TO \(role)"
            default: "GRANT pg_monitor TO \(role)"
            }
        return "have its owner run: \(statement)"
    }
}
