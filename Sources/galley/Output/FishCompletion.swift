/// Completion for fish 3 and later.
enum FishCompletion {
    static func script(_ tree: CompletionTree) -> String {
        let all = CompletionTree.globalOptions + tree.nodes.flatMap(\.options)
        let taking = Set(all.filter { $0.values != nil }.map { "--\($0.name)" }).sorted().joined(separator: " ")
        var lines = [
            """
            # fish completion for galley; made by: galley completion fish
            # True where exactly these words, and as many others, were given.
            function __galley_at
                set -l given
                set -l skip 0
                for word in (commandline -opc)[2..-1]
                    if test $skip = 1
                        set skip 0
                    else if contains -- $word \(taking)
                        set skip 1
                    else if not string match -q -- '-*' $word
                        set -a given $word
                    end
                end
                set -l wanted (string split ' ' -- $argv[1])
                test -z "$argv[1]"; and set wanted
                if test (count $given) -lt (count $wanted)
                    return 1
                end
                test "$given[1..(count $wanted)]" = "$argv[1]"; or test (count $wanted) = 0; or return 1
                test (count $argv) = 1; or test (math (count $given) - (count $wanted)) = $argv[2]
            end
            complete -c galley -f
            """
        ]
        for node in tree.nodes {
            for child in node.children {
                lines.append(
                    "complete -c galley -n '__galley_at \"\(node.path)\" 0' -a \(child.word) -d \(quoted(child.help))")
            }
            for option in node.options { lines.append(line(option, at: "-n '__galley_at \"\(node.path)\"' ")) }
            for (index, values) in node.positionals.enumerated() where !values.isEmpty {
                lines.append("complete -c galley -n '__galley_at \"\(node.path)\" \(index)' -a \(list(values))")
            }
        }
        lines += CompletionTree.globalOptions.map { line($0, at: "") }
        return lines.joined(separator: "\n")
    }

    private static func line(_ option: CompletionTree.Option, at condition: String) -> String {
        var line = "complete -c galley \(condition)-l \(option.name) -d \(quoted(option.help))"
        guard let values = option.values else { return line }
        line += values.names == .files ? " -r -F" : " -x"
        if values.names != .files, !values.isEmpty { line += " -a \(list(values))" }
        return line
    }

    private static func list(_ values: CompletionTree.Values) -> String {
        let words = values.words.joined(separator: " ")
        switch values.names {
        case .none, .files: return "'\(words)'"
        case .environments, .themes, .keymaps, .queues:
            return "'\(words.isEmpty ? "" : words + " ")(galley completion names \(values.names.rawValue) 2>/dev/null)'"
        }
    }

    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "’"))'" }
}
