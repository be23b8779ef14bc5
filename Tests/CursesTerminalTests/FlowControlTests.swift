import Reactor
import TestSupport
import Testing

@testable import CursesTerminal

/// A line of a certain rate and round trip that swallows everything at once, as a pseudo-terminal under SSH does.
private struct SimulatedLine {
    let rate: Double
    let roundTrip: Double
    /// When it will have carried what it was given, in seconds.
    var idleAt = 0.0
    var answers: [Double] = []
    var flow = FlowControl(canAsk: true)
    var worstLag = 0.0

    static func at(_ seconds: Double) -> Deadline {
        Deadline(nanoseconds: 1_000_000_000).advanced(by: .nanoseconds(Int64(seconds * 1e9)))
    }

    /// Sends a frame; returns when its last byte is on the screen.
    @discardableResult
    mutating func send(_ bytes: Int, isUrgent: Bool, isComplete: Bool = true, at time: Double) -> Double {
        let asks = flow.wantsQuestions(around: bytes, isUrgent: isUrgent, at: Self.at(time))
        let count = bytes + (asks ? 8 : 0)
        let begun = max(idleAt, time)
        idleAt = begun + Double(count) / rate
        if asks { answers += [begun + 4 / rate + roundTrip, idleAt + roundTrip] }
        flow.sent(count, asking: asks, isUrgent: isUrgent, isComplete: isComplete, at: Self.at(time))
        worstLag = max(worstLag, idleAt - time)
        return idleAt + roundTrip / 2
    }

    mutating func pass(to time: Double) {
        while let answer = answers.first, answer <= time {
            answers.removeFirst()
            flow.answered(at: Self.at(answer))
        }
        flow.expire(at: Self.at(time))
    }
}

@Suite struct FlowControlTests {
    private func at(_ seconds: Double) -> Deadline { SimulatedLine.at(seconds) }

    @Test func aTerminalThatNeverAnswersIsTrustedToBeFast() {
        var flow = FlowControl(canAsk: true)
        #expect(flow.wantsQuestions(around: 3000, isUrgent: true, at: at(0)))
        flow.sent(3000, asking: true, isUrgent: true, isComplete: true, at: at(0))
        #expect(flow.owed == 2)
        #expect(flow.allowance(isUrgent: true, at: at(0.1)) == .bytes(.max))
        flow.expire(at: at(3.1))
        #expect(!flow.isSlow && flow.owed == 0 && flow.patienceForAnswers == .zero)
        #expect(flow.allowance(isUrgent: false, at: at(3.2)) == .bytes(.max))
        #expect(!flow.wantsQuestions(around: 100_000, isUrgent: false, at: at(20)))
    }

    @Test func aTerminalThatCannotAnswerIsNotAsked() {
        #expect(!FlowControl(canAsk: false).wantsQuestions(around: 100_000, isUrgent: false, at: at(0)))
    }

    @Test func aFastLineIsAskedRarely() {
        var line = SimulatedLine(rate: 10_000_000, roundTrip: 0.02)
        line.send(4000, isUrgent: true, at: 0.001)
        line.pass(to: 0.1)
        #expect(!line.flow.isSlow)
        #expect(!line.flow.wantsQuestions(around: 300, isUrgent: false, at: at(0.2)))
        #expect(line.flow.wantsQuestions(around: 20_000, isUrgent: false, at: at(0.2)))
        #expect(line.flow.wantsQuestions(around: 20, isUrgent: false, at: at(16)))
    }

    /// A loaded machine answers late; that alone makes no slow line.
    @Test func jitterMakesNoSlowLine() {
        var random = SeededNumbers(seed: 7)
        var line = SimulatedLine(rate: 10_000_000, roundTrip: 0.01)
        line.send(4000, isUrgent: true, at: 0.001)
        line.pass(to: 0.5)
        for second in 1..<600 {
            line.send(300, isUrgent: false, at: Double(second))
            line.answers = line.answers.map { $0 + Double.random(in: 0...0.03, using: &random) }
            line.pass(to: Double(second) + 0.5)
            #expect(!line.flow.isSlow)
        }
    }

    /// An hour at 9,600 baud and 200 ms: data wants far more than the line carries, and keys come in between.
    @Test(arguments: [(960.0, 0.2), (2400.0, 0.3), (300.0, 0.6)])
    func onASlowLineKeysSettleAndTheBacklogNeverGrows(rate: Double, roundTrip: Double) {
        var random = SeededNumbers(seed: 7)
        var line = SimulatedLine(rate: rate, roundTrip: roundTrip)
        line.send(2500, isUrgent: true, at: 0.01)
        var settled: [Double] = []
        var key: Double?
        var nextKey = 20.0
        var wantsData = 0
        var carried = 0
        line.pass(to: 15)
        line.worstLag = 0
        for step in 1500..<360_000 {
            let time = Double(step) * 0.01
            line.pass(to: time)
            if step % 100 == 0 { wantsData = min(2000, wantsData + 400) }
            if key == nil, time >= nextKey { key = time }
            if let pressed = key, case .bytes(let budget) = line.flow.allowance(isUrgent: true, at: at(time)) {
                let end = line.send(min(150, budget), isUrgent: true, at: time)
                settled.append(end - pressed + roundTrip / 2)
                key = nil
                nextKey = time + Double.random(in: 0.3...3, using: &random)
            } else if wantsData > 0, case .bytes(let budget) = line.flow.allowance(isUrgent: false, at: at(time)) {
                let bytes = min(wantsData, budget)
                wantsData -= bytes
                carried += bytes
                line.send(bytes, isUrgent: false, isComplete: wantsData == 0, at: time)
            }
        }
        settled.sort()
        let best = roundTrip + 154 / rate
        #expect(line.flow.isSlow)
        #expect(settled[settled.count / 2] < best + 0.1, "median")
        #expect((settled.last ?? 9) < best + 0.55, "worst")
        #expect(line.worstLag < 0.8 + 154 / rate, "seconds on the line")
        #expect(carried > 10_000, "data is not starved")
    }

    @Test func aLineThatTurnsSlowIsNoticed() {
        var line = SimulatedLine(rate: 1_000_000, roundTrip: 0.05)
        line.send(2500, isUrgent: true, at: 0.01)
        line.pass(to: 5)
        #expect(!line.flow.isSlow)
        var slow = SimulatedLine(rate: 960, roundTrip: 0.2)
        slow.flow = line.flow
        slow.idleAt = 5
        var noticed: Double?
        for step in 500..<12_000 {
            let time = Double(step) * 0.01
            slow.pass(to: time)
            if noticed == nil, slow.flow.isSlow { noticed = time }
            if step % 100 == 0, case .bytes(let budget) = slow.flow.allowance(isUrgent: false, at: at(time)) {
                slow.send(min(budget, 1500), isUrgent: false, at: time)
            }
        }
        #expect((noticed ?? 1000) < 40)
        #expect(slow.worstLag < 15)
    }
}
