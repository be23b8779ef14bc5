import Glibc

exit(Galley.run(Array(CommandLine.arguments.dropFirst())))
