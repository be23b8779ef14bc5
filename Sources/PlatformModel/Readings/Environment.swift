/// Which platform is on screen, and how careful to be with it.
public struct EnvironmentIdentity: Sendable, Hashable {
    /// The word in the configuration: `local`, `prod`.
    public let name: String
    public let kind: Kind
    /// What people call the platform.
    public let title: String

    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case local, dev, staging, drill, prod
    }

    public init(name: String, kind: Kind, title: String) {
        self.name = name
        self.kind = kind
        self.title = title
    }
}
