import Testing

@testable import Orchestration

@Suite struct ElisionTests {
    @Test(arguments: AnswerCase.all.filter { $0.previous != nil })
    func findsWhatIsWrittenDown(_ example: AnswerCase) {
        let found = Elisions.find(in: example.text, previous: example.previous)
        #expect(found.map { "\($0.line):\($0.column)" }.joined(separator: " ") == example.values["elisions"])
        #expect(Elisions.find(in: example.text, previous: nil).isEmpty)
    }

    @Test(arguments: [
        "...", "…", " ... existing code ...", " existing code", "rest unchanged", " rest of the component",
        "keep the rest",
        " same as before ", "[... rest of the code ...]", " (imports unchanged)", " Lines 10-40 remain unchanged",
        " --- rest of file stays the same ---", "code omitted for brevity", "Your existing handlers go here",
        "… other cards", " ... (previous code)", " KEEP EXISTING STYLES", " TodoItem stays the same", "no changes here",
        "[existing helpers]", "existing footer", " imports and helpers as above", "Keep all other functions the same",
        " ... restlicher Code", " Der Rest bleibt gleich", " ... le reste du code", " el resto sin cambios", "既存のコード",
    ])
    func knowsThatSomethingIsLeftOut(comment: String) {
        #expect(ElisionPhrase.matches(comment))
    }

    @Test(arguments: [
        "", " ", "Adds a card", "the rest", "Draw the remaining seconds",
        "existing users keep their seats in the list below",
        "Keep the ball inside", "Rest between two rounds", "TODO", "eslint-disable-next-line",
        "... and then the ball falls",
        "Same colour as the header, so that the line is not seen", "Loading...", "waits…", "Other players",
        "A long story about how the existing code was once written by somebody who is not here any more, sadly",
    ])
    func knowsThatACommentSaysMore(comment: String) {
        #expect(!ElisionPhrase.matches(comment))
    }

    @Test func needsAVersionBefore() {
        let source = "// ... existing code\nexport default 1;\n"
        #expect(Elisions.find(in: source, previous: nil).isEmpty)
        #expect(Elisions.find(in: source, previous: "").isEmpty)
        #expect(
            Elisions.find(in: source, previous: "const a = 1;\nexport default 1;\n").map(\.text) == [
                "// ... existing code"
            ]
        )
    }

    @Test func findsACommentInBracesOfItsOwn() {
        let previous = "<div>\n  <h1>a</h1>\n  <p>b</p>\n  <p>c</p>\n</div>\n"
        let source = "<div>\n  {\n    /* ...existing code... */\n  }\n</div>\n"
        #expect(Elisions.find(in: source, previous: previous).map(\.line) == [3])
    }

    @Test func sparesWhatIsWholeAround() {
        let previous = "const a = 1;\nconst b = 2;\nexport default a;\n"
        let source = "const a = 1;\nconst b = 2;\n// ... existing code\nexport default a;\nconst c = 3;\n"
        #expect(Elisions.find(in: source, previous: previous).isEmpty)
    }

    @Test func staysLinear() {
        let source = String(repeating: "// ...\n", count: 20_000)
        let previous = String(repeating: "const a = 1;\n", count: 20_000)
        #expect(Elisions.find(in: source, previous: previous).count == 20_000)
    }
}
