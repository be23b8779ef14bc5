import Glibc
import PlatformModel
import Reactor

/// A whole platform of real servers in one folder of this machine.
public struct LocalPlatform: Sendable {
    let folder: Folder
    let loop: EventLoop

    /// - Parameter folder: where it lives; nil for the usual place of this user.
    public init(folder: String? = nil, loop: EventLoop = .shared) {
        self.folder = Folder(folder ?? Folder.standard)
        self.loop = loop
    }

    /// Where everything of it lies.
    public var root: String { folder.root }
    /// The console's configuration for it: the environment `local`.
    public var configuration: String { folder.configuration }
    /// What happened to it, one JSON object a line: started, exited, fault, healed.
    public var events: String { folder.events }

    /// One step of a start.
    public struct Progress: Sendable, Hashable {
        public let step: String
        public let text: String
        public let done: Int
        public let total: Int
    }

    /// How a start ended well.
    public struct Started: Sendable {
        /// It ran already.
        public let attached: Bool
        /// What the caller should know: options that a running platform does not follow.
        public let notes: [String]
        public let status: JSON
    }

    /// Starts the platform, or attaches to the one that runs, and returns when all of it is healthy.
    @discardableResult
    public func start(
        _ options: LocalOptions = LocalOptions(), timeout: Duration = .seconds(120), staysWithCaller: Bool = false,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws(LocalPlatformError) -> Started {
        if FolderCheck(folder: folder).isOurs {
            _ = try FolderCheck(folder: folder).owner()
            if let channel = LineChannel.connect(to: folder.control, loop: loop) {
                return try await attach(channel, options, timeout, progress)
            }
        }
        progress(Progress(step: "files", text: "looking at what is there", done: 0, total: 6))
        let launcher = SupervisorLauncher(folder: folder, loop: loop)
        let notes = try await launcher.launch(
            options, timeout: timeout, staysWithCaller: staysWithCaller, progress: progress)
        guard let channel = LineChannel.connect(to: folder.control, loop: loop) else {
            throw unreachable("the supervisor ended at once")
        }
        guard let notes else { return try await attach(channel, options, timeout, progress) }
        return Started(attached: false, notes: notes, status: try await follow(channel, within: timeout, progress))
    }

    private func attach(
        _ channel: LineChannel, _ options: LocalOptions, _ timeout: Duration, _ progress: @Sendable (Progress) -> Void
    ) async throws(LocalPlatformError) -> Started {
        let status = try await follow(channel, within: timeout, progress)
        let running = LocalOptions.Effective(status["options"])
        return Started(attached: true, notes: options.differences(from: running), status: status)
    }

    /// Every process with its state; throws `not-running` when there is no platform.
    public func status() async throws(LocalPlatformError) -> JSON {
        try await ask(["command": "status"], within: .seconds(10))
    }

    /// Does damage on purpose; the answer says what was done to whom and when.
    @discardableResult
    public func fault(
        _ fault: String, target: String? = nil, seconds: Double? = nil
    ) async throws(LocalPlatformError) -> JSON {
        var request = JSONObject([("command", "fault"), ("fault", .string(fault))])
        if let target { request["target"] = .string(target) }
        if let seconds { request["seconds"] = .number(seconds) }
        return try await ask(.object(request), within: .seconds(20))
    }

    /// Undoes the faults of one target, or of all, and starts what is down.
    @discardableResult
    public func heal(_ target: String = "all") async throws(LocalPlatformError) -> JSON {
        try await ask(["command": "heal", "target": .string(target)], within: .seconds(20))
    }

    /// Which fault can be done to whom.
    public func faults() async throws(LocalPlatformError) -> JSON {
        try await ask(["command": "faults"], within: .seconds(10))
    }

    /// Ends everything and makes sure of it; also cleans up what a crashed supervisor left.
    /// - Returns: whether anything ran.
    @discardableResult
    public func stop() async throws(LocalPlatformError) -> Bool {
        let check = FolderCheck(folder: folder)
        guard check.isOurs else { return false }
        _ = try check.owner()
        let state = (try? State.read(folder)) ?? State()
        let before = ProcessTree.members(of: folder)
        if let channel = LineChannel.connect(to: folder.control, loop: loop) {
            let end = Deadline.after(.seconds(15))
            if await channel.send(["command": "stop"], until: end) { _ = await channel.receive(until: end) }
            await untilAlone(.after(.seconds(2)))
        }
        let folder = folder
        let left = await Thread.run("clean-up", on: loop, until: .after(.seconds(15))) {
            ProcessTree.endMembers(of: folder)
        }
        // In case this process is the supervisor's parent, as tests are.
        for process in state.running where process.name == "supervisor" { waitpid(pid_t(process.pid), nil, WNOHANG) }
        guard let left, left.isEmpty else {
            let pids = (left ?? []).map { "\($0.pid)" }.joined(separator: " ")
            throw LocalPlatformError(
                code: "not-ended", operation: "stop", target: folder.root,
                cause: "these processes could not be ended: \(pids)", hint: "end them as root: sudo kill -9 \(pids)")
        }
        for name in Files.list(folder.run) where name.hasSuffix(".sock") { unlink(folder.run + "/" + name) }
        return !before.isEmpty
    }

    private func untilAlone(_ deadline: Deadline) async {
        while !deadline.hasPassed, !ProcessTree.members(of: folder).isEmpty {
            await loop.sleep(until: .after(.milliseconds(30)))
        }
    }

    /// Ends everything and deletes the folder; refuses one that is not a platform.
    /// - Returns: whether there was anything to delete.
    @discardableResult
    public func reset() async throws(LocalPlatformError) -> Bool {
        let check = FolderCheck(folder: folder)
        guard Files.exists(folder.root) else { return false }
        guard check.isOurs else {
            throw LocalPlatformError(
                code: "foreign-folder", operation: "reset", target: folder.root,
                cause: "it is not a local platform's folder", hint: "nothing was deleted", exitCode: 6)
        }
        try await stop()
        // The marker goes last, so that a reset that was interrupted can be repeated.
        for name in Files.list(folder.root) where folder.root + "/" + name != folder.marker {
            try Files.remove(folder.root + "/" + name)
        }
        try Files.remove(folder.marker)
        if rmdir(folder.root) != 0, errno != ENOENT, errno != EBUSY, errno != EACCES {
            throw .system("delete", folder.root, errno: errno)
        }
        return true
    }

    // MARK: Talking to the supervisor

    private func ask(_ request: JSON, within limit: Duration) async throws(LocalPlatformError) -> JSON {
        let check = FolderCheck(folder: folder)
        guard check.isOurs else { throw .notRunning(folder.root) }
        _ = try check.owner()
        guard let channel = LineChannel.connect(to: folder.control, loop: loop) else { throw .notRunning(folder.root) }
        let deadline = Deadline.after(limit)
        guard await channel.send(request, until: deadline), let answer = await channel.receive(until: deadline) else {
            throw unreachable("its supervisor does not answer")
        }
        if let error = LocalPlatformError(answer["error"]) { throw error }
        return answer["result"] ?? .null
    }

    private func follow(
        _ channel: LineChannel, within limit: Duration, _ progress: @Sendable (Progress) -> Void
    ) async throws(LocalPlatformError) -> JSON {
        // The supervisor keeps the time limit itself; this one is for a supervisor that hangs.
        let deadline = Deadline.after(limit + .seconds(15))
        guard await channel.send(["command": "watch"], until: deadline) else {
            throw unreachable("its supervisor does not answer")
        }
        while let line = await channel.receive(until: deadline) {
            if let error = LocalPlatformError(line["error"]) { throw error }
            if let result = line["result"] { return result }
            progress(
                Progress(
                    step: line["step"]?.text ?? "", text: line["text"]?.text ?? "", done: line["done"]?.int ?? 0,
                    total: line["total"]?.int ?? 0))
        }
        throw unreachable("its supervisor went away")
    }

    private func unreachable(_ cause: String) -> LocalPlatformError {
        LocalPlatformError(
            code: "unreachable", operation: "reach the local platform", target: folder.root, cause: cause,
            hint: "see \(folder.log("supervisor")); galley local down cleans up", exitCode: 7)
    }
}

extension LocalPlatform {
    /// Now in UTC as the platform writes it: ISO 8601 with milliseconds.
    public static var timestamp: String { Timestamp.now }
}
