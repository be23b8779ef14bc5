enum ConsoleCommand {
    static func run(_ arguments: Arguments) throws(CommandFailure) -> Int32 { try StatusCommand.run(arguments) }
}
