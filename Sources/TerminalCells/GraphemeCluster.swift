extension SafeText {
    /// One cell's worth of scalars while it is put together.
    struct Cluster {
        private var text = String.UnicodeScalarView()
        private var columns = 0
        private var marks = 0
        private var joins = 0
        private var last: Unicode.Scalar?
        /// Marks that were left out.
        var dropped = 0

        mutating func start(_ scalar: Unicode.Scalar) {
            if ColumnWidth.isJoining(scalar) { text.append("◌") }
            text.append(scalar)
            columns = max(1, ColumnWidth.columns(of: scalar))
            last = scalar
        }

        /// Adds a scalar to what was started, where it belongs; false when it must be shown on its own.
        mutating func take(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) -> Bool {
            guard let last else { return false }
            switch scalar.value {
            case 0x200D:
                guard let next, joins < SafeText.joinLimit, isPicture(next), isPicture(last) || isEmojiPart(last) else {
                    return false
                }
            case 0xFE0E, 0xFE0F:
                let keycap = last.isASCII && next?.value == 0x20E3
                guard keycap || (isPicture(last) && !last.isASCII) else { return false }
                if scalar.value == 0xFE0F { columns = 2 }
            case 0x1F3FB...0x1F3FF:
                guard last.properties.isEmojiModifierBase || last.value == 0xFE0F else { return false }
                columns = 2
            case 0x1F1E6...0x1F1FF:
                guard (0x1F1E6...0x1F1FF).contains(last.value), text.count == 1 else { return false }
                columns = 2
            default:
                if last.value == 0x200D {
                    joins += 1
                    columns = 2
                    break
                }
                guard !SafeText.isHidden(scalar), ColumnWidth.isJoining(scalar) else { return false }
                marks += 1
                if marks > SafeText.markLimit {
                    dropped += 1
                    return true
                }
                if scalar.properties.generalCategory == .spacingMark { columns = 2 }
            }
            text.append(scalar)
            self.last = scalar
            return true
        }

        /// Hands over what was put together and starts anew; false when the receiver wants no more.
        mutating func flush(_ body: (String, Int) -> Bool) -> Bool {
            defer { self = Cluster() }
            if !text.isEmpty, !body(String(text), columns) { return false }
            return dropped == 0 || "‹+\(dropped)›".allSatisfy { body(String($0), 1) }
        }

        private func isPicture(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isEmoji && scalar.value > 0xA0 }

        private func isEmojiPart(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value == 0xFE0F || (0x1F3FB...0x1F3FF).contains(scalar.value)
        }
    }
}
