import PlatformModel

extension Plan {
    /// The plan as `--dry-run` prints it, a line an element.
    public var lines: [String] {
        var lines = [title, "  environment \(intent.environment), plan \(digest.prefix(12))"]
        if !intent.reason.isEmpty { lines.append("  reason: \(intent.reason)") }
        section("checks", checks.map { "\($0.grade.sign) \($0.name): \($0.finding)" }, &lines)
        section("steps", steps.map(Self.line), &lines)
        section("effect", effect, &lines)
        if !loss.isEmpty { section("loss", [loss], &lines) }
        section("undo", undo.isEmpty ? ["there is none"] : undo, &lines)
        return lines
    }

    private static func line(_ step: PlanStep) -> String {
        "\(step.id). \(step.summary)" + (step.precondition.isEmpty ? "" : ", if \(step.precondition)")
    }

    private func section(_ name: String, _ content: [String], _ lines: inout [String]) {
        guard !content.isEmpty else { return }
        lines.append("  \(name)")
        lines += content.map { "    \($0)" }
    }

    public var json: JSON {
        [
            "intent": intent.json, "title": .string(title), "object": .string(object),
            "kitchens": .array(kitchens.map { .string($0) }),
            "checks": .array(
                checks.map {
                    [
                        "name": .string($0.name), "grade": .string($0.grade.rawValue), "finding": .string($0.finding),
                        "code": .string($0.code),
                    ]
                }), "order": .string(order.rawValue), "steps": .array(steps.map(\.json)),
            "effect": .array(effect.map { .string($0) }), "loss": .string(loss),
            "figures": .array(figures.map { ["label": .string($0.label), "value": .string($0.value)] }),
            "undo": .array(undo.map { .string($0) }),
        ]
    }

    /// Reads back what ``json`` wrote; nil when a part is missing or of another kind.
    public init?(json: JSON) {
        guard let intent = json["intent"].flatMap(Intent.init(json:)), let title = json["title"]?.text,
            let object = json["object"]?.text, let order = json["order"]?.text.flatMap(StepOrder.init),
            let loss = json["loss"]?.text, let checks = json["checks"]?.array, let steps = json["steps"]?.array
        else { return nil }
        let decodedSteps = steps.compactMap(PlanStep.init(json:))
        let decodedChecks = checks.compactMap(Check.init(json:))
        guard decodedSteps.count == steps.count, decodedChecks.count == checks.count else { return nil }
        func texts(_ key: String) -> [String] { (json[key]?.array ?? []).compactMap(\.text) }
        self.init(
            intent: intent, title: title, object: object, kitchens: texts("kitchens"), checks: decodedChecks,
            order: order, steps: decodedSteps, effect: texts("effect"), loss: loss,
            figures: (json["figures"]?.array ?? []).compactMap { figure in
                guard let label = figure["label"]?.text, let value = figure["value"]?.text else { return nil }
                return Figure(label: label, value: value)
            }, undo: texts("undo"))
    }
}

extension Check.Grade {
    /// Told apart without colour.
    public var sign: String {
        switch self {
        case .passed: "✓"
        case .warning: "▲"
        case .failed: "✕"
        }
    }
}

extension Check {
    init?(json: JSON) {
        guard let name = json["name"]?.text, let grade = json["grade"]?.text.flatMap(Grade.init),
            let finding = json["finding"]?.text
        else { return nil }
        self.init(name, grade, finding, code: json["code"]?.text ?? "")
    }
}

extension PlanStep {
    var json: JSON {
        [
            "id": .string(id), "kind": .string(kind), "summary": .string(summary), "arguments": .object(arguments),
            "precondition": .string(precondition), "repetition": .string(repetition.rawValue),
        ]
    }

    init?(json: JSON) {
        guard let id = json["id"]?.text, let kind = json["kind"]?.text, let summary = json["summary"]?.text,
            let arguments = json["arguments"]?.object, let precondition = json["precondition"]?.text,
            let repetition = json["repetition"]?.text.flatMap(Repetition.init)
        else { return nil }
        self.init(
            id: id, kind: kind, summary: summary, arguments: arguments, precondition: precondition,
            repetition: repetition)
    }
}
