import PlatformModel

/// How an action ended, step by step.
public struct Outcome: Sendable, Hashable {
    public let state: State
    /// Stable; empty when done.
    public let code: String
    /// The sentence that matters most.
    public let text: String
    public let hint: String
    public let steps: [Step]

    public enum State: String, Sendable, Hashable, CaseIterable {
        case done, failed, refused, unknown
    }

    public struct Step: Sendable, Hashable {
        public let id: String
        public let summary: String
        public let result: StepResult

        public init(id: String, summary: String, result: StepResult) {
            self.id = id
            self.summary = summary
            self.result = result
        }
    }

    init(_ state: State, code: String, _ text: String, hint: String = "", steps: [Step] = []) {
        self.state = state
        self.code = code
        self.text = text
        self.hint = hint
        self.steps = steps
    }

    /// The worst step decides: unknown before failed before refused.
    init(_ steps: [Step]) {
        self.steps = steps
        for (state, worst) in [(State.unknown, StepResult.State.unknown), (.failed, .failed), (.refused, .refused)] {
            guard let step = steps.first(where: { $0.result.state == worst }) else { continue }
            self.state = state
            code = step.result.code
            text = "\(step.summary): \(step.result.text)"
            hint = step.result.hint
            return
        }
        state = steps.allSatisfy { $0.result.state == .done } ? .done : .failed
        code = state == .done ? "" : "not-run"
        text = steps.count == 1 ? steps[0].result.text : "\(steps.count) steps done"
        hint = ""
    }

    public var json: JSON {
        [
            "state": .string(state.rawValue), "code": .string(code), "text": .string(text), "hint": .string(hint),
            "steps": .array(
                steps.map {
                    ["id": .string($0.id), "summary": .string($0.summary), "result": $0.result.json]
                }),
        ]
    }
}

extension StepResult {
    public var json: JSON {
        ["state": .string(state.rawValue), "code": .string(code), "text": .string(text), "hint": .string(hint)]
    }

    init?(json: JSON) {
        guard let state = json["state"]?.text.flatMap(State.init), let text = json["text"]?.text else { return nil }
        self.init(state, code: json["code"]?.text ?? "", text, hint: json["hint"]?.text ?? "")
    }
}
