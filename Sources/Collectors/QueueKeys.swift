/// The keys of one queue (`INTERFACES`: prefix, name, suffix); its base key is opaque, hash tags included.
struct QueueKeys: Sendable, Hashable {
    let prefix: String
    let name: String

    func key(_ suffix: String) -> String { "\(prefix):\(name):\(suffix)" }

    func job(_ id: String) -> String { key(id) }

    /// The queue that a discovery key belongs to; nil for a key that is none.
    ///
    /// - Parameter suffix: `id` or `meta`, which every queue that was ever used has.
    static func parse(_ key: String, prefix: String, suffix: String) -> QueueKeys? {
        let head = prefix + ":"
        let tail = ":" + suffix
        guard key.hasPrefix(head), key.hasSuffix(tail), key.utf8.count > head.utf8.count + tail.utf8.count else {
            return nil
        }
        let name = String(key.dropFirst(head.count).dropLast(tail.count))
        // `bull:orders:17:id` would be a job's key, not a queue's.
        return name.contains(":") ? nil : QueueKeys(prefix: prefix, name: name)
    }
}
