/// Completion for bash 4.2 and later, without the bash-completion package.
enum BashCompletion {
    static func script(_ tree: CompletionTree) -> String {
        var lines = ["# bash completion for galley; made by: galley completion bash"]
        lines += function("_galley_words", tree.nodes.filter { !$0.children.isEmpty }) {
            $0.children.map(\.word)
        }
        lines += function("_galley_options", tree.nodes) { $0.options.map { "--\($0.name)" } }
        lines += values(tree)
        return (lines + [fixed(tree)]).joined(separator: "\n")
    }

    /// A function from a path to words.
    private static func function(
        _ name: String, _ nodes: [CompletionTree.Node], _ words: (CompletionTree.Node) -> [String]
    ) -> [String] {
        ["\(name)() {", "    case \"$1\" in"]
            + nodes.compactMap { node in
                let words = words(node)
                return words.isEmpty ? nil : "    '\(node.path)') printf '%s\\n' \(words.joined(separator: " ")) ;;"
            } + ["    esac", "}"]
    }

    /// What may stand behind an option, or as the numbered word of a command: words, `names KIND` or `files`.
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
        return lines + ["    *) return 1 ;;", "    esac", "}"]
    }

    private static func value(_ values: CompletionTree.Values) -> String {
        var parts: [String] = []
        if !values.words.isEmpty { parts.append("printf '%s\\n' " + values.words.joined(separator: " ")) }
        switch values.names {
        case .none: if parts.isEmpty { parts.append("true") }
        case .files: parts.append("compgen -f -- \"$cur\"")
        case .environments, .themes, .keymaps, .queues: parts.append("_galley_names \(values.names.rawValue)")
        }
        return parts.joined(separator: "; ")
    }

    /// The options that take a value, for stepping over it.
    private static func fixed(_ tree: CompletionTree) -> String {
        let all = CompletionTree.globalOptions + tree.nodes.flatMap(\.options)
        let taking = Set(all.filter { $0.values != nil }.map { "--\($0.name)" }).sorted().joined(separator: "|")
        let global = CompletionTree.globalOptions.map { "--\($0.name)" }.joined(separator: " ")
        return """
            # What the platform's names are is known to galley alone; it is asked with the same options.
            _galley_names() {
                "${COMP_WORDS[0]}" completion names "$1" "${given[@]}" 2>/dev/null
            }
            _galley() {
                local cur=${COMP_WORDS[COMP_CWORD]} path='' option='' word list
                local -i index position=0
                local -a given=()
                COMPREPLY=()
                # bash splits --option=value into three words.
                [[ $cur == '=' ]] && cur=''
                for ((index = 1; index < COMP_CWORD; index++)); do
                    word=${COMP_WORDS[index]}
                    if [[ $word == '=' ]]; then continue; fi
                    if [[ -n $option ]]; then
                        case $option in --environment|--config) given+=("$option" "$word") ;; esac
                        option=''
                    elif [[ $word == -* ]]; then
                        case $word in \(taking)) option=$word ;; esac
                    elif _galley_words "$path" | grep -qxF -e "$word"; then
                        path=${path:+$path }$word
                    else
                        position+=1
                    fi
                done
                if [[ -n $option ]]; then
                    list=$(_galley_values "$path $option")
                elif [[ $cur == -* ]]; then
                    list=$(_galley_options "$path"; printf '%s\\n' \(global))
                else
                    list=$(_galley_words "$path")
                    [[ -n $list ]] || list=$(_galley_values "$path $position")
                fi
                # Names are compared and quoted, never evaluated.
                while IFS= read -r word; do
                    [[ -n $word && $word == "$cur"* ]] && COMPREPLY+=("$(printf '%q' "$word")")
                done <<< "$list"
            }
            complete -o bashdefault -F _galley galley
            """
    }
}
