/// The members of a JSON object, in the order in which they were written.
///
/// Equality and hash ignore the order, as JSON does. A lookup is a scan up to 16 members, then a hash table.
public struct JSONObject: Sendable {
    private(set) var members: [(key: String, value: JSON)] = []
    private var places: [String: Int]?

    private static let scanLimit = 16

    public init() {}

    /// The last of several equal keys wins, at the place of the first.
    public init(_ members: [(String, JSON)]) {
        for (key, value) in members { set(key, value) }
    }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    public var keys: [String] { members.map(\.key) }
    public var values: [JSON] { members.map(\.value) }

    /// The member's value; setting replaces it in its place, appends it, or with nil removes it.
    public subscript(key: String) -> JSON? {
        get { place(of: key).map { members[$0].value } }
        set {
            if let newValue {
                set(key, newValue)
            } else if let place = place(of: key) {
                members.remove(at: place)
                if places != nil { indexAll() }
            }
        }
    }

    mutating func reserve(_ count: Int) { members.reserveCapacity(count) }

    mutating func set(_ key: String, _ value: JSON) {
        if let place = place(of: key) {
            members[place].value = value
            return
        }
        members.append((key, value))
        if places != nil {
            places?[key] = members.count - 1
        } else if members.count > Self.scanLimit {
            indexAll()
        }
    }

    private mutating func indexAll() {
        var index: [String: Int] = [:]
        for (place, member) in members.enumerated() { index[member.key] = place }
        places = index
    }

    private func place(of key: String) -> Int? {
        if let places { return places[key] }
        return members.firstIndex { $0.key == key }
    }
}

extension JSONObject: Sequence {
    public func makeIterator() -> IndexingIterator<[(key: String, value: JSON)]> { members.makeIterator() }
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
