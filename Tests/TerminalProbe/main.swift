import CursesTerminal
import Glibc
import Reactor
import TerminalCells

// A program with a screen, small enough to see through: what is proved of it holds for every program of the loop.
//
//   terminal-probe [--rows N] [--tick MS] [--mouse] [--report FILE]
//
// q quits, x quits with status 3; arrows move; what else is pressed or pasted is shown; capital letters end it badly.

var mouse = false
var report: String?
var rows = 40
var tick = 0
var words = CommandLine.arguments.dropFirst()
while let word = words.popFirst() {
    switch word {
    case "--rows": rows = words.popFirst().flatMap { Int($0) } ?? rows
    case "--tick": tick = words.popFirst().flatMap { Int($0) } ?? tick
    case "--mouse": mouse = true
    case "--report": report = words.popFirst()
    default: exit(64)
    }
}

let mailbox = Mailbox<Int>()
if tick > 0 {
    let pause = UInt32(tick) * 1000
    Thread(name: "data") {
        var count = 0
        while true {
            usleep(pause)
            count += 1
            mailbox.post(count, replacing: "count")
        }
    }.start()
}
do {
    var variables: [String: String] = [:]
    for name in ["TERM", "COLORTERM", "NO_COLOR", "TMUX", "LC_ALL", "LC_CTYPE", "LANG"] {
        if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    var loop = try TerminalLoop(
        Probe(rows: rows), mailbox: mailbox, variables: variables, usesMouse: mouse, crashReport: report)
    let status = loop.run()
    print("probe ended with \(status)")
    exit(status)
} catch {
    let line = Array("probe: \(error)\n".utf8)
    _ = write(2, line, line.count)
    exit(error.exitCode)
}
