import PlatformModel

/// A chat message in a written value, as far as a console needs it.
struct AgentMessage: Sendable, Hashable {
    enum Kind: Sendable { case model, tool, other }

    let kind: Kind
    let id: String
    let text: String
    /// Calls that a model asks for.
    let calls: [AgentToolCall]
    /// The call that a tool answers.
    let answers: AgentToolCall?
    let tokens: Int64?

    static let textLimit = 400

    /// The messages in a written value: one, a list of them, or such lists one level down.
    static func all(in value: JSON) -> [AgentMessage] {
        if let message = AgentMessage(value) { return [message] }
        switch value {
        case .array(let elements):
            return elements.flatMap { element in
                AgentMessage(element).map { [$0] } ?? (element.array ?? []).compactMap(AgentMessage.init)
            }
        case .object(let object): return object.values.flatMap { ($0.array ?? []).compactMap(AgentMessage.init) }
        default: return []
        }
    }

    /// Python's constructor call, JavaScript's `lc` object, or a plain dictionary with `type`.
    init?(_ value: JSON) {
        guard value.object != nil else { return nil }
        let isWrapped = value["lc"] != nil && value["kwargs"] != nil
        let fields = isWrapped ? value["kwargs"] ?? .null : value
        let name = isWrapped ? value["id"]?.array?.last?.text ?? "" : value["__type__"]?.text ?? ""
        let type = fields["type"]?.text ?? ""
        guard name.contains("Message") || fields["tool_calls"] != nil || fields["tool_call_id"] != nil else {
            return nil
        }
        id = fields["id"]?.text ?? ""
        text = String(Self.words(fields["content"] ?? .null).prefix(Self.textLimit))
        tokens = fields["usage_metadata"]?["total_tokens"]?.int.map(Int64.init)
        if name.hasPrefix("Tool") || type == "tool" || fields["tool_call_id"] != nil {
            kind = .tool
            calls = []
            answers = AgentToolCall(
                id: fields["tool_call_id"]?.text ?? id, name: fields["name"]?.text ?? "",
                outcome: fields["status"]?.text == "error" ? .failed : .answered, text: text)
        } else {
            kind = name.hasPrefix("AI") || type == "ai" ? .model : .other
            answers = nil
            calls = (fields["tool_calls"]?.array ?? []).prefix(50).map { call in
                AgentToolCall(
                    id: call["id"]?.text ?? "", name: call["name"]?.text ?? "", outcome: .asked,
                    text: String((call["args"] ?? .null).write().prefix(Self.textLimit)))
            }
        }
    }

    /// The text of a content, which may be a list of blocks.
    private static func words(_ content: JSON) -> String {
        if let text = content.text { return text }
        return (content.array ?? []).compactMap { $0.text ?? $0["text"]?.text }.joined(separator: " ")
    }
}
