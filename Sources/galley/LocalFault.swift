import LocalPlatform
import PlatformModel

/// `galley local fault …`: damage on purpose, and its cure.
struct LocalFault: Sendable {
    let platform: LocalPlatform
    let options: LocalArguments
    let output: LocalOutput

    func run() async throws(LocalPlatformError) {
        guard let name = options.words.first else { throw .badUsage("which fault? galley local fault list") }
        let target = options.words.dropFirst().first
        switch name {
        case "list":
            let faults = try await platform.faults()
            output.result(faults, text(of: faults))
        case "heal", "resume":
            let answer = try await platform.heal(target ?? "all")
            let names = (answer["healed"]?.array ?? []).compactMap(\.text).joined(separator: ", ")
            output.result(answer, names.isEmpty ? "There was nothing to heal." : "Healed: \(names).")
        default:
            let answer = try await platform.fault(name, target: target, seconds: options.by)
            output.result(
                answer,
                "\(answer["fault"]?.text ?? name) done to \(answer["target"]?.text ?? "") at "
                    + "\(answer["at"]?.text ?? ""); galley local fault heal undoes it.")
        }
    }

    private func text(of faults: JSON) -> String {
        (faults.array ?? []).map { fault in
            let targets = (fault["targets"]?.array ?? []).compactMap(\.text).joined(separator: " ")
            return "\(fault["fault"]?.text ?? ""): \(fault["what"]?.text ?? "")\n    \(targets)\n"
        }.joined()
    }
}
