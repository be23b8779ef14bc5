import PlatformModel

extension JSON {
    /// The same value always as the same text: members sorted by name, no spaces. What digests are made of.
    var canonicalText: String { sorted.write() }

    private var sorted: JSON {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let object):
            .object(
                JSONObject(object.map { ($0.key, $0.value.sorted) }.sorted { Array($0.0.utf8).precedes($1.0.utf8) }))
        default: self
        }
    }
}

extension [UInt8] {
    fileprivate func precedes(_ other: String.UTF8View) -> Bool { lexicographicallyPrecedes(other) }
}
