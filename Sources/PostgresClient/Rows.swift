import CPostgres

/// The rows of one statement, in memory, immutable and cheap to copy.
public struct PostgresRows: Sendable, RandomAccessCollection {
    let storage: ResultStorage

    public var startIndex: Int { 0 }
    public var endIndex: Int { storage.rowCount }

    public subscript(position: Int) -> PostgresRow {
        precondition(indices.contains(position), "row out of range")
        return PostgresRow(storage: storage, row: position)
    }

    /// The names of the columns, in order.
    public var columns: [String] { storage.columns }

    /// How many rows an INSERT, UPDATE, DELETE, SELECT or COPY touched; 0 for other commands.
    public var affectedRows: Int { storage.affectedRows }

    /// What the server says it did: `INSERT 0 1`.
    public var command: String { storage.command }
}

/// One row of a result.
public struct PostgresRow: Sendable {
    let storage: ResultStorage
    let row: Int

    public var columns: [String] { storage.columns }

    /// The value of a column by name.
    /// - Parameters:
    ///   - column: the exact name, as the statement gives it.
    ///   - type: what to decode; an `Optional` takes NULL as nil.
    /// - Throws: ``PostgresError`` with code `decode` for a missing column, an unexpected NULL or text that does not fit.
    public func decode<Value: PostgresDecodable>(
        _ column: String, as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        guard let index = storage.index(of: column) else {
            throw storage.decodeError(
                column, "there is no such column", hint: "columns: \(storage.columns.joined(separator: ", "))")
        }
        return try decode(index, as: type)
    }

    /// The value of a column by place, from 0.
    public func decode<Value: PostgresDecodable>(
        _ column: Int, as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        guard column >= 0, column < storage.columnCount else {
            throw storage.decodeError("\(column)", "there are \(storage.columnCount) columns")
        }
        do throws(PostgresDecodeProblem) {
            return try Value(postgres: PostgresCell(storage: storage, row: row, column: column))
        } catch {
            throw storage.decodeError(storage.columns[column], error.reason)
        }
    }

    /// Whether a column is NULL; true for a column that does not exist.
    public func isNull(_ column: String) -> Bool {
        storage.index(of: column).map { storage.bytes(row, $0) == nil } ?? true
    }
}

/// One value of one row as the server sent it, in text format.
public struct PostgresCell: Sendable {
    let storage: ResultStorage
    let row: Int
    let column: Int

    public var isNull: Bool { storage.bytes(row, column) == nil }

    /// The server's number of the column's type (`pg_type.oid`).
    public var typeIdentifier: UInt32 { PQftype(storage.pointer, Int32(column)) }

    /// The text; broken UTF-8 is repaired. nil for NULL.
    public var text: String? {
        storage.bytes(row, column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Gives the bytes of the text without a copy; nil for NULL.
    func withBytes<Result>(
        _ body: (UnsafeBufferPointer<UInt8>?) throws(PostgresDecodeProblem) -> Result
    ) throws(PostgresDecodeProblem) -> Result {
        // The storage lives through the call because this value holds it.
        defer { withExtendedLifetime(storage) {} }
        return try body(storage.bytes(row, column))
    }
}

/// The one owner of a `PGresult`.
final class ResultStorage: @unchecked Sendable {
    // Guarded: libpq never changes a finished PGresult, and nothing here does; it is freed with the last reference.
    let pointer: OpaquePointer
    let target: String
    let columns: [String]
    let rowCount: Int

    init(_ pointer: OpaquePointer, target: String, columns: [String]? = nil) {
        self.pointer = pointer
        self.target = target
        rowCount = Int(PQntuples(pointer))
        self.columns = columns ?? (0..<PQnfields(pointer)).map { String(cString: PQfname(pointer, $0)) }
    }

    deinit { PQclear(pointer) }

    var columnCount: Int { columns.count }
    var command: String { tidy(String(cString: PQcmdStatus(pointer))) }
    var affectedRows: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    func index(of column: String) -> Int? { columns.firstIndex(of: column) }

    func bytes(_ row: Int, _ column: Int) -> UnsafeBufferPointer<UInt8>? {
        let (row, column) = (Int32(row), Int32(column))
        guard PQgetisnull(pointer, row, column) == 0, let start = PQgetvalue(pointer, row, column) else { return nil }
        let count = Int(PQgetlength(pointer, row, column))
        return UnsafeBufferPointer(start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: count)
    }

    func decodeError(_ column: String, _ reason: String, hint: String = "") -> PostgresError {
        PostgresError(
            PostgresError.Code.decode, operation: "decode column \(tidy(column, limit: 63))", target: target,
            cause: tidy(reason), hint: tidy(hint))
    }
}
