/// What every error of a client, a collector or an action tells: which, where, why, and what to do.
///
/// No part of it ever holds a secret.
public protocol OperationError: Error, CustomStringConvertible {
    /// Stable, for scripts and tests: `connection-refused`.
    var code: String { get }
    /// What was tried: `connect`, `query`, `GET /health`.
    var operation: String { get }
    /// At what: `eu-west-1a (127.0.0.1:5432)`.
    var target: String { get }
    /// What went wrong, in the words of whoever said it.
    var cause: String { get }
    /// What a person can do about it; empty when nothing is known.
    var hint: String { get }
}

extension OperationError {
    public var description: String {
        let sentence = "\(operation) at \(target) failed: \(cause)"
        return hint.isEmpty ? sentence : "\(sentence) (\(hint))"
    }
}
