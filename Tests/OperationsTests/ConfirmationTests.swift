import PlatformModel
import Testing

@testable import Operations

/// What fingers do to the dialog that asks.
@Suite struct ConfirmationTests {
    private static let ms: UInt64 = 1_000_000

    private func dialog(_ danger: Danger, reason: String = "", figures: [Plan.Figure] = []) -> ConfirmationDialog {
        let plan = Plan(
            intent: Intent(id: "i", command: "x", environment: "prod", reason: reason, origin: .screen),
            title: "Promote", object: "eu-central-1", steps: [], figures: figures)
        let command = Command("x", "X", help: "X.", danger: danger)
        return ConfirmationDialog(ConfirmationChallenge(plan, command: command), at: 1_000 * Self.ms)
    }

    /// Types with pauses as people do; returns where it stands after the silence that follows.
    private func type(
        _ dialog: inout ConfirmationDialog, _ inputs: [ConfirmationDialog.Input], from start: UInt64 = 2_000,
        every gap: UInt64 = 120
    ) -> ConfirmationDialog.Result {
        var now = start
        for input in inputs {
            if case .open = dialog.handle(input, at: now * Self.ms) { now += gap } else { break }
        }
        return dialog.elapse(to: (now + 5_000) * Self.ms)
    }

    private func keys(_ text: String) -> [ConfirmationDialog.Input] { text.map { .character($0) } }

    private func isConfirmed(_ result: ConfirmationDialog.Result) -> Bool {
        if case .confirmed = result { true } else { false }
    }

    /// Everything that the highest level asks for, typed; the confirming button has the keys then.
    private var whole: [ConfirmationDialog.Input] {
        var inputs: [ConfirmationDialog.Input] = []
        for word in ["prod", "eu-central-1", "3", "drill"] {
            inputs.append(.tab)
            inputs += keys(word)
        }
        inputs.append(.tab)
        return inputs
    }

    @Test func yConfirmsTheLowestLevelOnly() {
        var low = dialog(.low)
        #expect(low.focus == .cancel)
        #expect(isConfirmed(type(&low, keys("y"))))
        for danger in [Danger.high, .highest] {
            var dialog = dialog(danger)
            #expect(type(&dialog, keys("y")) == .open)
        }
        var upper = dialog(.low)
        #expect(type(&upper, keys("Y")) == .open)
        var no = dialog(.low)
        #expect(type(&no, keys("n")) == .cancelled)
    }

    @Test func typeAheadIsThrownAway() {
        var dialog = dialog(.low)
        for at in stride(from: UInt64(1_000), to: 1_500, by: 20) {
            #expect(dialog.handle(.character(at % 40 == 0 ? "y" : "x"), at: at * Self.ms) == .open)
        }
        #expect(dialog.elapse(to: 9_000 * Self.ms) == .open)
        // A key that was down before the dialog came goes on repeating after the half second, at any keyboard's pace.
        for pace in [20, 33, 92, 500, 660] {
            var held = self.dialog(.low)
            for at in stride(from: UInt64(1_010), to: 8_000, by: pace) {
                #expect(held.handle(.character("y"), at: at * Self.ms) == .open, "every \(pace) ms")
            }
            #expect(held.elapse(to: 8_100 * Self.ms) == .open)
            // Let go of it, and it is a key again.
            #expect(isConfirmed(type(&held, keys("y"), from: 9_500)))
        }
    }

    @Test func fiftyEntersConfirmNothing() {
        for danger in [Danger.low, .high, .highest] {
            for gap: UInt64 in [1, 30, 90, 400, 1_500] {
                var fresh = dialog(danger)
                let result = type(&fresh, Array(repeating: .enter, count: 50), from: 1_000, every: gap)
                #expect(!isConfirmed(result), "\(danger) every \(gap) ms")
            }
        }
        // Also with everything typed and the confirming button focused.
        var ready = dialog(.highest, figures: [.init(label: "loss in MB", value: "3")])
        #expect(type(&ready, whole) == .open)
        #expect(ready.isReady && ready.focus == .confirm)
        #expect(type(&ready, Array(repeating: .enter, count: 50), from: 20_000, every: 700) == .open)
        #expect(isConfirmed(type(&ready, [.character(" ")], from: 90_000)))
    }

    @Test func theUpperLevelsWantEveryWordRight() {
        var high = dialog(.high)
        #expect(isConfirmed(type(&high, [.tab] + keys("eu-central-1") + [.tab, .character(" ")])))
        for wrong in ["eu-central-2", "EU-central-1", "eu-central-1 ", ""] {
            var dialog = dialog(.high)
            #expect(type(&dialog, [.tab] + keys(wrong) + [.tab, .character(" ")]) == .open, "\(wrong)")
        }
        var highest = dialog(.highest, figures: [.init(label: "loss in MB", value: "3")])
        #expect(highest.challenge.fields.map(\.label) == ["environment", "object", "loss in MB", "reason"])
        let result = type(&highest, whole + [.character(" ")])
        guard case .confirmed(let proof) = result else {
            Issue.record("not confirmed: \(highest.note)")
            return
        }
        #expect(proof.reason == "drill" && proof.level == .full)
        var blank = dialog(.highest)
        let noReason: [ConfirmationDialog.Input] =
            [.tab] + keys("prod") + [.tab] + keys("eu-central-1") + [.tab] + keys("  ")
        #expect(type(&blank, noReason + [.tab, .character(" ")]) == .open)
        #expect(dialog(.highest, reason: "given before").challenge.fields.count == 2)
    }

    @Test func aPasteIsNotTyping() {
        var bracketed = dialog(.high)
        #expect(type(&bracketed, [.tab, .paste, .tab, .character(" ")]) == .open)
        #expect(bracketed.texts == [""])
        // A terminal without bracketed paste sends the characters at once.
        var raw = dialog(.high)
        _ = raw.handle(.tab, at: 2_000 * Self.ms)
        for (index, key) in keys("eu-central-1").enumerated() {
            _ = raw.handle(key, at: 3_000 * Self.ms + UInt64(index) * 100_000)
        }
        #expect(raw.texts == [""] && !raw.note.isEmpty)
        // "y" and a line end from a clipboard, at the lowest level.
        for text in ["y\n", "yes\n", "yy", "y "] {
            var low = dialog(.low)
            let inputs = text.map { $0 == "\n" ? ConfirmationDialog.Input.enter : .character($0) }
            #expect(!isConfirmed(type(&low, inputs, from: 3_000, every: 1)), "\(text)")
        }
    }

    @Test func aHeldLetterDoesNotFillAField() {
        var dialog = dialog(.high)
        _ = dialog.handle(.tab, at: 2_000 * Self.ms)
        for at in stride(from: UInt64(3_000), to: 4_000, by: 33) {
            _ = dialog.handle(.character("e"), at: at * Self.ms)
        }
        #expect(dialog.texts == ["e"])
        // A double letter at a person's pace is two.
        _ = dialog.handle(.character("s"), at: 5_000 * Self.ms)
        _ = dialog.handle(.character("s"), at: 5_090 * Self.ms)
        #expect(dialog.texts == ["ess"])
        _ = dialog.handle(.backspace, at: 5_200 * Self.ms)
        _ = dialog.handle(.backspace, at: 5_230 * Self.ms)
        #expect(dialog.texts == ["e"])
    }

    @Test func aClockThatGoesBackConfirmsNothing() {
        var dialog = dialog(.low)
        #expect(dialog.handle(.character("y"), at: 10 * Self.ms) == .open)
        #expect(dialog.elapse(to: 0) == .open)
        var pending = self.dialog(.low)
        #expect(pending.handle(.character("y"), at: 3_000 * Self.ms) == .open)
        #expect(pending.wakeAt == 3_150 * Self.ms)
        #expect(pending.elapse(to: 2_000 * Self.ms) == .open)
        #expect(isConfirmed(pending.elapse(to: 3_150 * Self.ms)))
    }

    @Test func aProofIsGoodForItsPlanOnly() throws {
        let plan = Plan.lines("orders.cancel")
        let proof = try plan.proof()
        let cancel = try #require(CommandTable.command("orders.cancel"))
        #expect(proof.confirms(plan, command: cancel))
        #expect(!proof.confirms(Plan.lines("orders.cancel"), command: cancel))
        let hold = try #require(CommandTable.command("orders.hold"))
        let weak = try #require(ConfirmationChallenge(plan, command: hold).answer(yes: true))
        #expect(!weak.confirms(plan, command: cancel))
    }

    /// Ten thousand random dialogs: nothing but the whole ritual ever confirms.
    @Test func randomKeysDoNotConfirmTheUpperLevels() {
        var generator = SystemRandomNumberGenerator()
        let alphabet: [ConfirmationDialog.Input] =
            [.enter, .tab, .backTab, .backspace, .paste, .character(" "), .character("y")] + keys("eu-central-1prod")
        for _ in 0..<10_000 {
            var dialog = dialog(Bool.random(using: &generator) ? .high : .highest)
            var now: UInt64 = 1_000
            for _ in 0..<40 {
                now += UInt64.random(in: 0...400, using: &generator)
                let result = dialog.handle(alphabet.randomElement(using: &generator)!, at: now * Self.ms)
                if isConfirmed(result) {
                    #expect(dialog.isReady)
                    #expect(zip(dialog.challenge.fields, dialog.texts).allSatisfy { $0.accepts($1) })
                }
                if result != .open { break }
            }
        }
    }
}
