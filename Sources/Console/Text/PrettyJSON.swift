import TerminalCells

/// JSON laid out for reading. It is not validated: what is cut short or wrong is shown as far as it goes.
enum PrettyJSON {
    static func lines(_ text: String, columns: Int, limit: Int = 2000) -> [String] {
        var lines: [String] = []
        var line = ""
        var depth = 0
        var isInText = false
        var isEscaped = false
        func indent() -> String { String(repeating: "  ", count: min(depth, 20)) }
        func end() {
            if line.contains(where: { $0 != " " }) { lines.append(line) }
            line = indent()
        }
        for character in text.unicodeScalars {
            if lines.count >= limit { break }
            if isInText {
                line.unicodeScalars.append(character)
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    isInText = false
                }
                continue
            }
            switch character {
            case "\"":
                isInText = true
                line += "\""
            case "{", "[":
                line.unicodeScalars.append(character)
                depth += 1
                end()
            case "}", "]":
                depth = max(0, depth - 1)
                end()
                line.unicodeScalars.append(character)
            case ",":
                line += ","
                end()
            case ":": line += ": "
            case " ", "\n", "\r", "\t": break
            default: line.unicodeScalars.append(character)
            }
        }
        end()
        return lines.flatMap { line -> [String] in
            guard line.columns > columns else { return [line] }
            let indent = String(line.prefix { $0 == " " })
            return line.wrapped(to: max(8, columns - indent.count - 2)).enumerated().map {
                indent + ($0.offset == 0 ? "" : "  ") + $0.element
            }
        }
    }
}
