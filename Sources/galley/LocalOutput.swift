import Glibc
import LocalPlatform
import PlatformModel

/// What `galley local` says: results on standard output, everything else on standard error.
struct LocalOutput: Sendable {
    let json: Bool

    func write(_ text: String) { Self.put(text, on: 1) }

    func note(_ text: String) { Self.put(text + "\n", on: 2) }

    func result(_ data: JSON, _ text: String) {
        if json { write(envelope(data, errors: [])) } else { write(text.hasSuffix("\n") ? text : text + "\n") }
    }

    func fail(_ error: LocalPlatformError) -> Int32 {
        if json {
            let entry: JSON = [
                "code": .string(error.code), "operation": .string(error.operation), "target": .string(error.target),
                "cause": .string(error.cause), "hint": .string(error.hint),
            ]
            write(envelope(.null, errors: [entry]))
        }
        note("galley: \(error.operation): \(error.target): \(error.cause)")
        if !error.hint.isEmpty { note("  \(error.hint)") }
        return error.exitCode
    }

    private func envelope(_ data: JSON, errors: [JSON]) -> String {
        let object: JSON = [
            "schema": "galley.local/1", "environment": "local", "at": .string(LocalPlatform.timestamp), "data": data,
            "errors": .array(errors),
        ]
        return object.write(pretty: true) + "\n"
    }

    /// Straight to the descriptor, whole.
    static func put(_ text: String, on descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return }
        }
    }
}

/// The status as a table.
enum LocalTable {
    static func text(of status: JSON) -> String {
        var rows = [["process", "state", "role", "pid", "port", "uptime", "memory", ""]]
        for process in status["processes"]?.array ?? [] {
            var remarks: [String] = []
            for fault in process["faults"]?.array ?? [] { remarks.append("fault: \(fault["fault"]?.text ?? "?")") }
            if let reason = process["reason"]?.text { remarks.append(reason) }
            if let restarts = process["restarts"]?.int, restarts > 0 { remarks.append("restarted \(restarts) times") }
            rows.append([
                process["name"]?.text ?? "", process["state"]?.text ?? "", process["role"]?.text ?? "",
                process["pid"]?.int.map(String.init) ?? "-", process["port"]?.int.map(String.init) ?? "-",
                process["uptime_seconds"]?.double.map(uptime) ?? "-",
                process["memory_bytes"]?.int.map { "\($0 >> 20) MB" } ?? "-", remarks.joined(separator: "; "),
            ])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell + String(repeating: " ", count: widths[column] - cell.count + 2)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
        return "\(status["folder"]?.text ?? "") is \(status["phase"]?.text ?? "unknown")\n\n"
            + lines.joined(separator: "\n") + "\n"
    }

    static func uptime(_ seconds: Double) -> String {
        let whole = Int(seconds)
        if whole < 120 { return "\(whole) s" }
        if whole < 7200 { return "\(whole / 60) min" }
        return whole < 172_800 ? "\(whole / 3600) h" : "\(whole / 86400) d"
    }
}
