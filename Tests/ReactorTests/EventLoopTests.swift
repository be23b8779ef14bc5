import CSystem
import Glibc
import Reactor
import Testing

@Suite struct EventLoopTests {
    private let loop = EventLoop.shared

    private func pair() -> (Int32, Int32) {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        return (ends[0], ends[1])
    }

    private func done(_ ends: (Int32, Int32)) {
        loop.forget(ends.0)
        loop.forget(ends.1)
        close(ends.0)
        close(ends.1)
    }

    @Test func aWaitEndsWhenBytesCome() async {
        let ends = pair()
        async let ready = loop.wait(ends.0, for: .read, until: .after(.seconds(30)))
        write(ends.1, "x", 1)
        #expect(await ready == .ready(.read))
        done(ends)
    }

    @Test func aWaitEndsAtItsDeadline() async {
        let ends = pair()
        #expect(await loop.wait(ends.0, for: .read, until: .after(.milliseconds(20))) == .timedOut)
        done(ends)
    }

    @Test func aWaitEndsWithItsTask() async {
        let ends = pair()
        let task = Task { await loop.wait(ends.0, for: .read, until: .never) }
        task.cancel()
        #expect(await task.value == .cancelled)
        done(ends)
    }

    @Test func cancelledTasksNeverHangWhereverTheCancelStrikes() async {
        await withTaskGroup(of: Bool.self) { group in
            for round in 0..<2000 {
                group.addTask {
                    let task = Task { await loop.sleep(until: .after(.seconds(600))) }
                    if round % 3 == 0 { await Task.yield() }
                    task.cancel()
                    return await task.value
                }
            }
            for await slept in group { #expect(!slept) }
        }
    }

    @Test func aSecondWaitOnADescriptorEndsTheFirst() async {
        let ends = pair()
        let first = Task(executorPreference: loop) { await loop.wait(ends.0, for: .read, until: .never) }
        let second = Task(executorPreference: loop) {
            await loop.wait(ends.0, for: .read, until: .after(.milliseconds(50)))
        }
        #expect(await first.value == .cancelled)
        #expect(await second.value == .timedOut)
        done(ends)
    }

    @Test func timersFireInOrder() async {
        let base = Deadline.after(.milliseconds(30))
        let order = Locked<[Int]>([])
        await withTaskGroup(of: Void.self) { group in
            for index in (0..<50).shuffled() {
                group.addTask(executorPreference: loop) {
                    await loop.sleep(until: base.advanced(by: .milliseconds(index)))
                    order.withLock { $0.append(index) }
                }
            }
        }
        #expect(order.withLock { $0 } == Array(0..<50))
    }

    @Test func aBlockingCallIsGivenUpAtItsDeadline() async {
        let gate = Locked(false)
        let result = await Thread.run("blocked", on: loop, until: .after(.milliseconds(20))) { () -> Int in
            while !gate.withLock({ $0 }) { sched_yield() }
            return 1
        }
        gate.withLock { $0 = true }
        #expect(result == nil)
        #expect(await Thread.run("quick", on: loop, until: .after(.seconds(30))) { 7 } == 7)
    }

    @Test func aSpawnedProgramHasACleanSignalMaskAndTellsItsExit() async throws {
        let pid = spawn("/bin/sh", ["sh", "-c", "grep -q '^SigBlk:\\s*0*$' /proc/self/status && exit 7"])
        let descriptor = galley_pidfd_open(pid)
        #expect(await loop.wait(descriptor, for: .read, until: .after(.seconds(30))) == .ready(.read))
        var (code, signal): (Int32, Int32) = (0, 0)
        #expect(galley_wait(pid, &code, &signal))
        #expect((code, signal) == (7, 0))
        loop.forget(descriptor)
        close(descriptor)
    }

    @Test func aProgramThatIsNotThereIsAnError() {
        #expect(spawn("/nonexistent/program", ["x"]) == -1)
        #expect(galley_errno() == ENOENT)
    }

    private func spawn(_ path: String, _ arguments: [String]) -> pid_t {
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        defer { argv.forEach { free($0) } }
        return path.withCString { path in
            argv.withUnsafeMutableBufferPointer { argv in
                environment.withUnsafeMutableBufferPointer { environment in
                    var request = galley_spawn()
                    request.path = path
                    request.arguments = UnsafePointer(argv.baseAddress)
                    request.environment = UnsafePointer(environment.baseAddress)
                    (request.input, request.output, request.errors) = (-1, -1, -1)
                    request.user = uid_t.max
                    request.group = gid_t.max
                    return galley_spawn(&request)
                }
            }
        }
    }
}
