import PlatformModel

/// An order that is not placed yet.
public struct OrderDraft: Sendable, Hashable {
    public let kitchen: String
    public let supplier: String
    public let lines: [Line]
    public let note: String

    public struct Line: Sendable, Hashable {
        public let item: String
        /// Packs.
        public let quantity: Int
        /// The price of one pack that was seen, in minor units; nil when none was.
        public let price: Int64?

        public init(item: String, quantity: Int, price: Int64? = nil) {
            self.item = item
            self.quantity = quantity
            self.price = price
        }
    }

    public init(kitchen: String, supplier: String, lines: [Line], note: String = "") {
        self.kitchen = kitchen
        self.supplier = supplier
        self.lines = lines
        self.note = note
    }

    /// As the API takes it, and as plans and the outbox keep it.
    public var input: JSON {
        [
            "kitchen": .string(kitchen), "supplier": .string(supplier),
            "lines": .array(
                lines.map { line in
                    var json: JSONObject = ["item": .string(line.item), "quantity": .init(line.quantity)]
                    if let price = line.price { json["expectedPriceMinor"] = .integer(price) }
                    return .object(json)
                }), "note": .string(note),
        ]
    }

    /// Reads ``input`` back; nil when a part is missing.
    public init?(input json: JSON?) {
        guard let kitchen = json?["kitchen"]?.text, let supplier = json?["supplier"]?.text,
            let list = json?["lines"]?.array
        else { return nil }
        var lines: [Line] = []
        for line in list {
            guard let item = line["item"]?.text, let quantity = line["quantity"]?.int else { return nil }
            lines.append(
                Line(item: item, quantity: quantity, price: line["expectedPriceMinor"]?.int.map { Int64($0) }))
        }
        self.init(kitchen: kitchen, supplier: supplier, lines: lines, note: json?["note"]?.text ?? "")
    }

    /// Reads lines of `item,packs[,price in minor units]`, with or without a heading.
    ///
    /// - Returns: the lines, and what is wrong, each with its line number.
    public static func lines(csv text: String) -> (lines: [Line], problems: [String]) {
        var lines: [Line] = []
        var problems: [String] = []
        for (index, row) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let cells = row.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmed }
            if cells == [""] || (index == 0 && cells.first?.lowercased() == "item") { continue }
            guard (2...3).contains(cells.count), !cells[0].isEmpty, let quantity = Int(cells[1]), quantity > 0 else {
                problems.append("line \(index + 1): “\(row)” is not item,packs[,price]")
                continue
            }
            let price = cells.count == 3 ? Int64(cells[2]) : nil
            if cells.count == 3, price == nil {
                problems.append("line \(index + 1): “\(cells[2])” is no price in minor units")
            }
            lines.append(Line(item: cells[0], quantity: quantity, price: price))
        }
        return (lines, problems)
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
