import Glibc
import PlatformModel
import TerminalCells
import Testing

@testable import Console

/// Prints screens for the eye: `LOOK=overview,orders SIZES=80x24,120x40 swift test --skip-build --filter LookTests`.
@Suite struct LookTests {
    @Test(.enabled(if: getenv("LOOK") != nil)) func print() {
        let wanted = String(cString: getenv("LOOK")).split(separator: ",").map(String.init)
        let sizes = getenv("SIZES").map { String(cString: $0) } ?? "80x24,120x40,200x60"
        for size in sizes.split(separator: ",") {
            let parts = size.split(separator: "x").compactMap { Int($0) }
            for scene in Scene.all where wanted.contains(scene.name) || wanted == ["all"] {
                let size = Size(columns: parts[0], rows: parts[1])
                Swift.print("==== \(scene.name) \(size.columns)x\(size.rows)")
                for line in scene.state(size).render(size: size).lines { Swift.print(line) }
            }
        }
    }
}
