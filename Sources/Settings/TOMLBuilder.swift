import CTomlPlusPlus

/// Builds the tree from the parser's visits.
final class TOMLBuilder {
    private struct Open {
        let key: String?
        let keyAt: galley_toml_place
        let at: galley_toml_place
        let isTable: Bool
        var entries: [TOMLEntry] = []
        var elements: [TOMLNode] = []
    }

    private(set) var root: TOMLNode?
    private var open: [Open] = []
    private var scalar: Open?

    /// Without a context.
    static var visitor: galley_toml_visitor {
        galley_toml_visitor(
            context: nil,
            enter: { context, key, length, kind, keyAt, valueAt in
                let name = key.map { TOMLBuilder.text($0, length) }
                TOMLBuilder.from(context)?.enter(name, kind, keyAt, valueAt)
            },
            leave: { TOMLBuilder.from($0)?.leave() },
            string: { context, text, length in
                TOMLBuilder.from(context)?.string(text.map { TOMLBuilder.text($0, length) })
            },
            integer: { TOMLBuilder.from($0)?.add(.integer(Int($1))) },
            floating: { TOMLBuilder.from($0)?.add(.float($1)) },
            boolean: { TOMLBuilder.from($0)?.add(.boolean($1)) })
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> TOMLBuilder? {
        // `TOMLDocument.parse` keeps the builder alive during the calls.
        context.map { Unmanaged<TOMLBuilder>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func text(_ start: UnsafePointer<CChar>, _ length: Int) -> String {
        // Valid during the call, as the header says; copied here.
        String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }

    private var isDate = false

    private func enter(
        _ key: String?, _ kind: galley_toml_kind, _ keyAt: galley_toml_place, _ valueAt: galley_toml_place
    ) {
        let node = Open(key: key, keyAt: keyAt, at: valueAt, isTable: kind == GALLEY_TOML_TABLE)
        isDate = kind == GALLEY_TOML_DATE
        if kind == GALLEY_TOML_TABLE || kind == GALLEY_TOML_ARRAY { open.append(node) } else { scalar = node }
    }

    private func string(_ text: String?) {
        add(isDate ? .date(text ?? "") : .string(text ?? ""))
    }

    private func add(_ value: TOMLNode.Value) {
        if let scalar { attach(scalar, value) }
        scalar = nil
    }

    private func leave() {
        guard let last = open.popLast() else { return }
        // The parser sorts by name; people read from top to bottom.
        let entries = last.entries.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        attach(last, last.isTable ? .table(entries) : .array(last.elements))
    }

    private func attach(_ node: Open, _ value: TOMLNode.Value) {
        let finished = TOMLNode(value: value, line: Int(node.at.line), column: Int(node.at.column))
        guard !open.isEmpty else {
            root = finished
            return
        }
        if let key = node.key {
            let entry = TOMLEntry(
                key: key, line: Int(node.keyAt.line), column: Int(node.keyAt.column), node: finished)
            open[open.count - 1].entries.append(entry)
        } else {
            open[open.count - 1].elements.append(finished)
        }
    }
}
