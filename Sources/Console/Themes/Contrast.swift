import TerminalCells

/// How well one colour is read on another: the contrast ratio of WCAG 2, from 1 to 21.
public enum Contrast {
    /// Nil where a colour is the terminal's own and cannot be known.
    public static func ratio(_ foreground: Color, on background: Color) -> Double? {
        guard let first = luminance(foreground), let second = luminance(background) else { return nil }
        return (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }

    private static func luminance(_ color: Color) -> Double? {
        let (red, green, blue): (UInt8, UInt8, UInt8)
        switch color {
        case .standard: return nil
        case .rgb(let r, let g, let b): (red, green, blue) = (r, g, b)
        case .indexed(let index): (red, green, blue) = xterm(index)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// As xterm has it; terminals let people change the first sixteen.
    static func xterm(_ index: UInt8) -> (UInt8, UInt8, UInt8) {
        let first: [(UInt8, UInt8, UInt8)] = [
            (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
            (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255),
            (0, 255, 255), (255, 255, 255),
        ]
        if index < 16 { return first[Int(index)] }
        if index >= 232 {
            let grey = 8 + (index - 232) * 10
            return (grey, grey, grey)
        }
        let steps: [UInt8] = [0, 95, 135, 175, 215, 255]
        let cube = Int(index) - 16
        return (steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
    }

    private static func linear(_ component: UInt8) -> Double {
        let share = Double(component) / 255
        return share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055)
    }

    /// The 2.4th power for 0 to 1, without the C library: twice squared, times the fifth root squared.
    private static func power(_ base: Double) -> Double {
        guard base > 0 else { return 0 }
        var root = 1.0
        for _ in 0..<60 { root -= (root * root * root * root * root - base) / (5 * root * root * root * root) }
        return base * base * root * root
    }
}
