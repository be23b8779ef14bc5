/// The members of a JSON object, in the order in which they were written.
///
/// Equality and hash ignore the order, as JSON does. A lookup is a scan up to 16 members, then a hash table.
public struct JSONObject: Sendable {
    public private(set) var keys: [String] = []
    public private(set) var values: [JSON] = []
    private var places: [String: Int]?

    private static let scanLimit = 16

    public init() {}

    /// The last of several equal keys wins, at the place of the first.
    public init(_ members: [(String, JSON)]) {
        for (key, value) in members { self[key] = value }
    }

    public var count: Int { keys.count }
    public var isEmpty: Bool { keys.isEmpty }

    /// The member's value; setting replaces it in its place, appends it, or with nil removes it.
    public subscript(key: String) -> JSON? {
        get { place(of: key).map { values[$0] } }
        set {
            if let newValue {
                set(key, newValue)
            } else if let place = place(of: key) {
                keys.remove(at: place)
                values.remove(at: place)
                if places != nil { indexAll() }
            }
        }
    }

    mutating func set(_ key: String, _ value: JSON) {
        if let place = place(of: key) {
            values[place] = value
            return
        }
        keys.append(key)
        values.append(value)
        if places != nil {
            places?[key] = keys.count - 1
        } else if keys.count > Self.scanLimit {
            indexAll()
        }
    }

    private mutating func indexAll() {
        places = Dictionary(uniqueKeysWithValues: zip(keys, keys.indices))
    }

    private func place(of key: String) -> Int? {
        if let places { return places[key] }
        return keys.firstIndex(of: key)
    }
}

extension JSONObject: Sequence {
    public struct Iterator: IteratorProtocol {
        private var members: Zip2Sequence<[String], [JSON]>.Iterator

        init(_ object: JSONObject) {
            members = zip(object.keys, object.values).makeIterator()
        }

        public mutating func next() -> (key: String, value: JSON)? {
            members.next().map { (key: $0.0, value: $0.1) }
        }
    }

    public func makeIterator() -> Iterator { Iterator(self) }
}

extension JSONObject: Hashable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in self {
            var one = Hasher()
            one.combine(key)
            one.combine(value)
            sum ^= one.finalize()
        }
        hasher.combine(count)
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
