/// One PostgreSQL server of the platform, named by where it stands.
struct Node: Sendable, Hashable {
    let name: String
    let region: String

    /// Its replication slot on every other node.
    var slot: String { name.replacing("-", with: "_") }

    static let all = [
        Node(name: "eu-west-1a", region: "eu-west-1"),
        Node(name: "eu-west-1b", region: "eu-west-1"),
        Node(name: "eu-central-1a", region: "eu-central-1"),
        Node(name: "us-east-1a", region: "us-east-1"),
    ]

    /// The primary of a new platform; failovers change who is primary later.
    static let firstPrimary = all[0]

    static func named(_ name: String) -> Node? { all.first { $0.name == name } }

    /// The quorum rule this node follows while it is primary: two of the three others have each commit on disk.
    var quorum: String {
        let others = Node.all.filter { $0 != self }.map { "\"\($0.name)\"" }.joined(separator: ", ")
        return "ANY 2 (\(others))"
    }
}
