import Glibc

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.first == "local" else {
    print("galley")
    exit(0)
}
exit(LocalCommand.run(Array(arguments.dropFirst())))
