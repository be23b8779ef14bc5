import Operations
import PlatformModel
import Reactor

/// Waits for somebody else to agree; silence is a refusal.
struct SecondPerson: Sendable {
    let gate: Gate

    /// Asks, says how it is answered, and waits.
    ///
    /// - Returns: the request that was granted.
    func ask(_ plan: Plan) throws(CommandFailure) -> String {
        let gate = gate
        let asked: Result<String, LedgerError> = runBlocking {
            do throws(LedgerError) {
                return .success(try await gate.askApproval(of: plan, until: .after(.seconds(10))))
            } catch {
                return .failure(error)
            }
        }
        guard case .success(let id) = asked else {
            if case .failure(let error) = asked { throw Self.failure(error) }
            throw CommandFailure(status: ExitStatus.failed, message: "nobody was asked")
        }
        Output.note("a second person must agree within 5 minutes: galley approvals grant \(id)")
        Output.note("plan \(plan.digest.prefix(12))")
        return try wait(for: id)
    }

    private func wait(for id: String) throws(CommandFailure) -> String {
        let gate = gate
        let answer: Result<Approval?, LedgerError> = runBlocking {
            // A little longer than the server's own limit, which is the one that counts.
            let end = Deadline.after(Gate.approvalTime + .seconds(5))
            var last: LedgerError?
            while !end.hasPassed {
                do throws(LedgerError) {
                    let approval = try await gate.ledger?.approval(id: id, until: .after(.seconds(3)))
                    if let approval, approval.isGranted != nil || approval.secondsLeft == 0 {
                        return .success(approval)
                    }
                    last = nil
                } catch {
                    last = error
                }
                guard await EventLoop.shared.sleep(until: .after(.milliseconds(500))) else { break }
            }
            return last.map { .failure($0) } ?? .success(nil)
        }
        switch answer {
        case .success(let approval?) where approval.isGranted == true:
            Output.note("\(approval.answeredBy) agrees")
            return id
        case .success(let approval?) where approval.isGranted == false:
            throw CommandFailure(
                status: ExitStatus.notAllowed, message: "\(approval.answeredBy) refused it", code: "second-person")
        case .success:
            throw CommandFailure(
                status: ExitStatus.notAllowed, message: "nobody agreed in time: that is a refusal",
                code: "second-person")
        case .failure(let error): throw Self.failure(error)
        }
    }

    static func failure(_ error: LedgerError) -> CommandFailure {
        CommandFailure(
            status: ActionReport.status(of: error.code, otherwise: ExitStatus.failed),
            message: "\(error.operation): \(error.cause)", code: error.code, hint: error.hint)
    }
}
