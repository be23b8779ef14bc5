/// The colours that terminals share, and the nearest of them to any other.
enum Palette {
    /// The code of a colour at a depth, as ``PaintStyle`` keeps it.
    static func code(_ color: Color, _ depth: ColorDepth) -> UInt32 {
        switch color {
        case .standard: return 0
        case .rgb(let red, let green, let blue) where depth == .direct:
            return 2 << 24 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
        case .rgb(let red, let green, let blue) where depth == .indexed:
            return PaintStyle.index(nearest256(Int(red), Int(green), Int(blue)))
        case .indexed(let number) where depth >= .indexed || number < depth.rawValue:
            return PaintStyle.index(Int(number))
        default:
            guard case .indexed(let number) = indexed16(color) else { return 0 }
            return PaintStyle.index(depth == .eight ? Int(number) % 8 : Int(number))
        }
    }

    /// The nearest of the sixteen colours that every colour terminal has.
    static func indexed16(_ color: Color) -> Color {
        if case .indexed(let number) = color, number < 16 { return color }
        guard let (red, green, blue) = components(color) else { return .standard }
        let wanted = (red, green, blue)
        let nearest = base.indices.min { distance(base[$0], wanted) < distance(base[$1], wanted) }
        return .indexed(UInt8(nearest ?? 7))
    }

    /// 0 for black to 1 for white; nil for the terminal's own colour.
    static func lightness(_ color: Color) -> Double? {
        guard let (red, green, blue) = components(color) else { return nil }
        return (0.2126 * Double(red) + 0.7152 * Double(green) + 0.0722 * Double(blue)) / 255
    }

    private static let levels = [0, 95, 135, 175, 215, 255]
    /// xterm's default for the first sixteen; a user's own differ, and are meant to.
    private static let base: [(Int, Int, Int)] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
        (255, 255, 255),
    ]

    private static func components(_ color: Color) -> (Int, Int, Int)? {
        switch color {
        case .standard: return nil
        case .rgb(let red, let green, let blue): return (Int(red), Int(green), Int(blue))
        case .indexed(let number) where number < 16: return base[Int(number)]
        case .indexed(let number) where number < 232:
            let place = Int(number) - 16
            return (levels[place / 36], levels[place / 6 % 6], levels[place % 6])
        case .indexed(let number):
            let grey = 8 + 10 * (Int(number) - 232)
            return (grey, grey, grey)
        }
    }

    private static func nearest256(_ red: Int, _ green: Int, _ blue: Int) -> Int {
        func level(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40 }
        let (r, g, b) = (level(red), level(green), level(blue))
        let cube = (levels[r], levels[g], levels[b])
        let mean = (red + green + blue) / 3
        let step = min(23, max(0, (mean - 3) / 10))
        let grey = 8 + 10 * step
        let wanted = (red, green, blue)
        return distance((grey, grey, grey), wanted) < distance(cube, wanted) ? 232 + step : 16 + 36 * r + 6 * g + b
    }

    private static func distance(_ left: (Int, Int, Int), _ right: (Int, Int, Int)) -> Int {
        let (r, g, b) = (left.0 - right.0, left.1 - right.1, left.2 - right.2)
        return 2 * r * r + 4 * g * g + 3 * b * b
    }
}
