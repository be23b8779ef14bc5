import Reactor
import Testing

@testable import CursesTerminal

/// A line is simulated: bytes leave at a rate, an answer comes a round trip after the last of them.
@Suite struct FlowControlTests {
    private let zero = Deadline(nanoseconds: 10_000_000_000)

    private func at(_ seconds: Double) -> Deadline { zero.advanced(by: .seconds(seconds)) }

    @Test func aTerminalThatNeverAnswersIsTrustedToBeFast() {
        var flow = FlowControl(canAsk: true)
        flow.sent(3000, asking: flow.wantsQuestion(after: 3000), at: at(0))
        #expect(flow.mayBeAnswered)
        #expect(flow.budget(isUrgent: true, at: at(0.1)) == .max)
        flow.expire(at: at(9))
        #expect(!flow.isSlow && !flow.mayBeAnswered && !flow.awaitsAnswer)
        #expect(flow.budget(isUrgent: false, at: at(9)) == .max)
    }

    @Test func aTerminalThatCannotAnswerIsNotAsked() {
        #expect(!FlowControl(canAsk: false).wantsQuestion(after: 100_000))
    }

    @Test func aFastLineIsAskedRarely() {
        var flow = FlowControl(canAsk: true)
        flow.sent(4000, asking: true, at: at(0))
        flow.answered(at: at(0.02))
        #expect(!flow.isSlow)
        #expect(!flow.wantsQuestion(after: 300))
        #expect(flow.wantsQuestion(after: 20_000))
    }

    @Test func onASlowLineTheBacklogNeverGrows() {
        let (rate, roundTrip) = (960.0, 0.2)
        var flow = FlowControl(canAsk: true)
        var clear = 0.0
        var answers: [Double] = []
        var worst = 0.0
        func send(_ bytes: Int, at time: Double) {
            let asks = flow.wantsQuestion(after: bytes)
            clear = max(clear, time) + Double(bytes) / rate
            if asks { answers.append(clear + roundTrip) }
            flow.sent(bytes, asking: asks, at: at(time))
        }
        send(3000, at: 0)
        // Two minutes in which data wants 400 bytes every tenth of a second, and a key comes every second.
        for tick in 1..<1200 {
            let time = Double(tick) * 0.1
            while let answer = answers.first, answer <= time {
                answers.removeFirst()
                flow.answered(at: at(answer))
            }
            flow.expire(at: at(time))
            let budget = flow.budget(isUrgent: tick % 10 == 0, at: at(time))
            if budget > 0 { send(min(400, budget), at: time) }
            if time > 10 { worst = max(worst, clear - time) }
        }
        #expect(flow.isSlow)
        #expect(worst < 0.6, "seconds of frames waiting on the line")
    }
}
