import Operations
import Testing

@Suite struct CommandTableTests {
    @Test func everyCommandHasANameOfItsOwn() {
        #expect(Set(CommandTable.all.map(\.id)).count == CommandTable.all.count)
    }

    /// Footer, palette, help and docs are made from these.
    @Test func everyCommandSaysWhatItDoes() {
        for command in CommandTable.all {
            #expect(!command.title.isEmpty, "\(command.id)")
            #expect(command.help.hasSuffix("."), "\(command.id): \(command.help)")
            #expect(command.help.count <= 120, "\(command.id): \(command.help)")
        }
    }

    @Test func whatTheScreenDoesNowOnlyMovesTheView() {
        for command in CommandTable.all where CommandTable.isOnScreen(command.id) {
            #expect(command.danger == .none, "\(command.id)")
        }
    }
}
