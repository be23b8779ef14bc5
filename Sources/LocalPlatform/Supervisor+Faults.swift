import Glibc
import PlatformModel
import Reactor

extension Supervisor {
    /// Which fault can be done to whom.
    func targets() -> [JSON] {
        let everyone = children.map(\.name)
        let following = children.filter { $0.kind == .postgres && isStandby($0.name) }.map(\.name)
        let services = children.filter { $0.kind == .service }.map(\.name)
        return Fault.Kind.allCases.map { kind in
            let names =
                switch kind {
                case .kill, .hang, .stop: everyone
                case .cut, .delay: following
                case .error, .slow: services
                case .stopWorkers: services.filter { $0 == "worker" }
                }
            return [
                "fault": .string(kind.rawValue), "what": .string(kind.meaning),
                "targets": .array(names.map { .string($0) }),
            ]
        }
    }

    /// Does what was asked to one target.
    func inject(_ request: JSON) async throws(LocalPlatformError) -> JSON {
        let word = request["fault"]?.text ?? ""
        guard let kind = Fault.Kind(word: word) else {
            throw LocalPlatformError.fault(word, "", "there is no such fault", hint: "galley local fault list")
        }
        let name = request["target"]?.text ?? (kind == .stopWorkers ? "worker" : "")
        guard phase == .ready else {
            throw .fault(word, name, "the platform is not running yet", hint: "wait for galley local up", code: 6)
        }
        let allowed = targets().first { $0["fault"]?.text == kind.rawValue }?["targets"]?.array?.compactMap(\.text)
        guard let child = child(name), allowed?.contains(name) == true else {
            let names = (allowed ?? []).joined(separator: ", ")
            throw .fault(word, name, "it cannot be done to that target", hint: "one of: \(names)", code: 5)
        }
        guard !busy else { throw .fault(word, name, "another fault is being applied", hint: "try again", code: 6) }
        busy = true
        defer { busy = false }
        let fault = Fault(kind: kind, target: name, seconds: request["seconds"]?.double, at: Timestamp.now)
        try await apply(fault, to: child)
        record("fault", name, "\(kind.rawValue)\(fault.seconds.map { " by \($0) s" } ?? "")")
        saveState()
        return fault.json
    }

    private func apply(_ fault: Fault, to child: Child) async throws(LocalPlatformError) {
        switch fault.kind {
        case .kill, .hang, .stop, .stopWorkers:
            guard let pid = child.pid else {
                throw .fault(fault.kind.rawValue, child.name, "it is not running", hint: "heal it first", code: 6)
            }
            guard fault.kind != .hang || child.fault?.kind != .hang else {
                throw .fault("hang", child.name, "it hangs already", hint: "resume it first", code: 6)
            }
            if fault.kind == .hang {
                child.fault = fault
                ProcessTree.signal(pid, SIGSTOP)
            } else if fault.kind == .kill {
                child.fault = fault
                // Held first, so that no member of the tree sees another one die and acts on it.
                ProcessTree.signal(pid, SIGSTOP)
                ProcessTree.signal(pid, SIGKILL)
                _ = await isGone(child, pid, by: .after(.seconds(5)))
            } else {
                await end(child, within: .seconds(5))
                child.fault = fault
            }
        case .cut: try writeFault(fault, file: "link-" + child.name, ["cut": true])
        case .delay:
            try writeFault(fault, file: "link-" + child.name, ["delay_ms": .integer(milliseconds(fault, usual: 3))])
        case .error: try writeFault(fault, file: child.name, ["status": 500])
        case .slow: try writeFault(fault, file: child.name, ["delay_ms": .integer(milliseconds(fault, usual: 5))])
        }
    }

    private func milliseconds(_ fault: Fault, usual: Double) -> Int64 {
        Int64(min(max((fault.seconds ?? usual) * 1000, 1), 600_000))
    }

    private func writeFault(_ fault: Fault, file: String, _ content: JSON) throws(LocalPlatformError) {
        try Files.write(content.write() + "\n", to: folder.fault(file), mode: 0o600)
        linkFaults.removeAll { $0.target == fault.target }
        linkFaults.append(fault)
    }

    /// Undoes the faults of one target, or of all, and starts what is down.
    func heal(_ request: JSON) async throws(LocalPlatformError) -> JSON {
        let name = request["target"]?.text ?? "all"
        let chosen = name == "all" ? children : children.filter { $0.name == name }
        guard !chosen.isEmpty else {
            let names = children.map(\.name).joined(separator: ", ")
            throw .fault("heal", name, "there is no such process", hint: "all, or one of: \(names)", code: 5)
        }
        guard phase == .ready else {
            throw .fault("heal", name, "the platform is not running", hint: "galley local up", code: 6)
        }
        guard !busy else { throw .fault("heal", name, "another fault is being applied", hint: "try again", code: 6) }
        busy = true
        defer { busy = false }
        var healed: [JSON] = []
        var problem: LocalPlatformError?
        for child in chosen {
            do {
                if try await heal(child) { healed.append(.string(child.name)) }
            } catch {
                if problem == nil { problem = error }
            }
        }
        saveState()
        if let problem { throw problem }
        return ["healed": .array(healed)]
    }

    private func heal(_ child: Child) async throws(LocalPlatformError) -> Bool {
        var done = false
        for file in [child.name, "link-" + child.name] where Files.exists(folder.fault(file)) {
            try Files.remove(folder.fault(file))
            done = true
        }
        linkFaults.removeAll { $0.target == child.name }
        if let pid = child.pid {
            if child.fault?.kind == .hang {
                ProcessTree.signal(pid, SIGCONT)
                done = true
            }
            child.fault = nil
        } else {
            try guardAgainstSecondPrimary(child)
            child.fault = nil
            child.backoff.reset()
            try begin(child)
            done = true
        }
        if done { record("healed", child.name, "") }
        return done
    }

    /// A node that was primary when it went down must not come back beside the one that took over.
    private func guardAgainstSecondPrimary(_ child: Child) throws(LocalPlatformError) {
        guard child.kind == .postgres, !isStandby(child.name) else { return }
        let other = children.first {
            $0.kind == .postgres && $0 !== child && !isStandby($0.name) && $0.pid != nil
        }
        guard let other else { return }
        throw .fault(
            "heal", child.name, "\(other.name) is primary now: started as it is, there would be two",
            hint: "rejoin it as a standby first", code: 6)
    }
}

extension LocalPlatformError {
    static func fault(
        _ fault: String, _ target: String, _ cause: String, hint: String = "", code: Int32 = 2
    ) -> LocalPlatformError {
        LocalPlatformError(
            code: code == 5 ? "no-such-target" : code == 6 ? "refused" : "bad-fault", operation: "fault \(fault)",
            target: target.isEmpty ? "the platform" : target, cause: cause, hint: hint, exitCode: code)
    }
}
