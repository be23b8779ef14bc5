/// Completion for zsh 5 and later: the same words as bash's, with what they mean beside them.
enum ZshCompletion {
    static func script(_ tree: CompletionTree) -> String {
        let all = CompletionTree.globalOptions + tree.nodes.flatMap(\.options)
        let taking = Set(all.filter { $0.values != nil }.map { "--\($0.name)" }).sorted().joined(separator: "|")
        var lines = ["#compdef galley", "# zsh completion for galley; made by: galley completion zsh"]
        lines += function("_galley_words", tree.nodes.filter { !$0.children.isEmpty }) {
            $0.children.map { described($0.word, $0.help) }
        }
        lines += function("_galley_options", tree.nodes) {
            ($0.options + CompletionTree.globalOptions).map { described("--\($0.name)", $0.help) }
        }
        lines += values(tree)
        lines.append(
            """
            _galley_names() {
                local -a found
                found=("${(@f)$(${words[1]} completion names $1 $given 2>/dev/null)}")
                compadd -a found
            }
            _galley() {
                local joined='' option='' word
                local -i index place=0
                local -a given reply plain
                for ((index = 2; index < CURRENT; index++)); do
                    word=${words[index]}
                    if [[ -n $option ]]; then
                        case $option in --environment|--config) given+=($option $word) ;; esac
                        option=''
                    elif [[ $word == -* ]]; then
                        case $word in \(taking)) option=$word ;; esac
                    else
                        reply=()
                        _galley_words "$joined"
                        plain=(${reply%%:*})
                        if (( ${plain[(Ie)$word]} )); then joined=${joined:+$joined }$word; else (( place++ )); fi
                    fi
                done
                reply=()
                if [[ -n $option ]]; then
                    _galley_values "$joined $option"
                elif [[ ${words[CURRENT]} == -* ]]; then
                    _galley_options "$joined"
                    _describe option reply
                else
                    _galley_words "$joined"
                    if (( $#reply )); then _describe command reply; else _galley_values "$joined $place"; fi
                fi
            }
            if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _galley "$@"; else compdef _galley galley; fi
            """)
        return lines.joined(separator: "\n")
    }

    private static func function(
        _ name: String, _ nodes: [CompletionTree.Node], _ words: (CompletionTree.Node) -> [String]
    ) -> [String] {
        ["\(name)() {", "    case \"$1\" in"]
            + nodes.map { "    '\($0.path)') reply=(\(words($0).joined(separator: " "))) ;;" } + ["    esac", "}"]
    }

    private static func values(_ tree: CompletionTree) -> [String] {
        var lines = ["_galley_values() {", "    case \"$1\" in"]
        for node in tree.nodes {
            for option in node.options {
                if let values = option.values {
                    lines.append("    '\(node.path) --\(option.name)') \(value(values)) ;;")
                }
            }
            for (index, values) in node.positionals.enumerated() where !values.isEmpty {
                lines.append("    '\(node.path) \(index)') \(value(values)) ;;")
            }
        }
        for option in CompletionTree.globalOptions {
            if let values = option.values { lines.append("    *' --\(option.name)') \(value(values)) ;;") }
        }
        return lines + ["    esac", "}"]
    }

    private static func value(_ values: CompletionTree.Values) -> String {
        var parts: [String] = []
        if !values.words.isEmpty { parts.append("compadd \(values.words.joined(separator: " "))") }
        switch values.names {
        case .none: if parts.isEmpty { parts.append(":") }
        case .files: parts.append("_files")
        case .environments, .themes, .keymaps, .queues: parts.append("_galley_names \(values.names.rawValue)")
        }
        return parts.joined(separator: "; ")
    }

    /// `'word:what it means'`, quoted for the shell.
    private static func described(_ word: String, _ help: String) -> String {
        "'\(word):\(help.replacing("'", with: "’").replacing(":", with: "\\:"))'"
    }
}
