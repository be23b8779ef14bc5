import Operations
import PlatformModel

/// The input line at the foot of the screen.
struct Prompt: Sendable, Equatable {
    enum Kind: Sendable, Equatable { case command, filter, help, search }

    /// What Tab walks through.
    struct Offer: Sendable, Equatable {
        let texts: [String]
        let index: Int
    }

    let kind: Kind
    /// What stood there when it was opened: Esc brings a filter back.
    let initial: String
    var editor: LineEditor
    /// Which proposal is chosen; nil none.
    var chosen: Int?
    /// Where in the history one is; nil at the text being typed.
    var historyIndex: Int?
    var problem: FilterProblem?
    var offered: Offer?

    init(_ kind: Kind, text: String = "") {
        self.kind = kind
        initial = text
        editor = LineEditor(text)
    }
}

/// One line below the palette: what Tab would make of the text, and what that means.
struct Proposal: Sendable, Equatable {
    /// The whole text after completion.
    let text: String
    let title: String
    let detail: String
    /// Why it cannot be done now.
    var disabled: String?
}

/// What is shown over the screen while help is open.
struct HelpState: Sendable, Equatable {
    var top = 0
    var search = ""
}
