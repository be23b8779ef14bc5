import CPostgres

/// A statement as libpq takes it: one block of bytes with every text ended by a zero.
struct EncodedStatement: ~Copyable {
    private var bytes: [UInt8] = []
    private var places: [(offset: Int, length: Int32, format: Int32)?] = []
    private var types: [Oid] = []

    /// - Throws: the reason why libpq could not carry it: a zero byte in a text, or too many parameters.
    init(_ sql: String, _ parameters: [PostgresValue]) throws(BadParameter) {
        guard parameters.count <= 65_535 else { throw BadParameter("more than 65,535 parameters") }
        try append(text: sql, "the statement")
        places.reserveCapacity(parameters.count)
        types.reserveCapacity(parameters.count)
        for (index, parameter) in parameters.enumerated() {
            if case .bytes(let value) = parameter {
                places.append((bytes.count, Int32(clamping: value.count), 1))
                types.append(17)  // bytea
                bytes += value
                bytes.append(0)
            } else if let text = parameter.wireText {
                places.append((bytes.count, 0, 0))
                types.append(0)
                try append(text: text, "$\(index + 1)")
            } else {
                places.append(nil)
                types.append(0)
            }
        }
    }

    private mutating func append(text: String, _ what: @autoclosure () -> String) throws(BadParameter) {
        let start = bytes.count
        bytes += text.utf8
        guard !bytes[start...].contains(0) else { throw BadParameter("\(what()) contains a zero byte") }
        bytes.append(0)
    }

    struct BadParameter: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    typealias Values = UnsafePointer<UnsafePointer<CChar>?>

    borrowing func withPointers<Result>(
        _ body: (
            UnsafePointer<CChar>, Int32, UnsafePointer<Oid>?, Values?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Result
    ) -> Result? {
        bytes.withUnsafeBytes { raw -> Result? in
            guard let base = raw.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
            if places.isEmpty { return body(base, 0, nil, nil, nil, nil) }
            let values = places.map { $0.map { base + $0.offset } }
            return body(
                base, Int32(places.count), types, values.map { $0.map { UnsafePointer($0) } },
                places.map { $0?.length ?? 0 }, places.map { $0?.format ?? 0 })
        }
    }
}
