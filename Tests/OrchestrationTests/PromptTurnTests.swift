import Catalogue
import Claude
import Foundation
import Sandboxes
import Testing

@testable import Orchestration

@Suite("What the models read of the conversation")
struct PromptTurnTests {
    private func message(_ role: MessageRecord.Role, _ content: String, version: Int? = nil) -> MessageRecord {
        MessageRecord(
            id: "m",
            appID: "a",
            role: role,
            content: content,
            authorID: "ben",
            authorName: "Ben",
            createdAt: Date(timeIntervalSince1970: 0),
            version: version
        )
    }

    @Test("what somebody wrote stands as it is")
    func plain() {
        #expect(PromptTurn.message(message(.user, "make it blue")).text == "make it blue")
        #expect(PromptTurn.message(message(.assistant, "I make it.", version: 2)).text == "I make it.")
    }

    @Test("what nobody wrote has words, which hold all that it tells")
    func worded() {
        var repair = message(.user, "src/A.tsx:1:2 Unexpected }")
        repair.origin = Meaning(.repair)
        #expect(PromptTurn.message(repair).text.hasSuffix("\nsrc/A.tsx:1:2 Unexpected }"))
        repair.content = ""
        repair.origin = Meaning(.repair, ["error": .text("no_default_export")])
        #expect(PromptTurn.message(repair).text.split(separator: "\n").count == 2)
        var back = message(.assistant, "", version: 4)
        back.origin = Meaning(.revert, ["version": 2])
        #expect(PromptTurn.message(back).text.contains("2") && PromptTurn.message(back).text.contains("4"))
        var copy = message(.assistant, "", version: 1)
        copy.origin = Meaning(.fork, ["app_id": .text("app-x"), "title": .text("Tea"), "version": 3])
        #expect(PromptTurn.message(copy).text.contains("Tea") && PromptTurn.message(copy).text.contains("3"))
        #expect(PromptTurn.message(message(.assistant, "", version: 2)).text.contains("2"))
    }

    @Test(
        "that no version was made is said behind the model's own words",
        arguments: [
            (GenerationRecord.Outcome.failed, Meaning(.buildFailed, ["repairs": 2, "repair_limit": 2])),
            (.failed, Meaning(.modelBusy)), (.stopped, nil), (.interrupted, Meaning(.interrupted)),
        ] as [(GenerationRecord.Outcome, Meaning?)]
    )
    func unmade(outcome: GenerationRecord.Outcome, error: Meaning?) {
        var answer = message(.assistant, "I make it.")
        answer.outcome = outcome
        answer.error = error
        let text = PromptTurn.message(answer).text
        #expect(text.hasPrefix("I make it.\n\n") && text.count > "I make it.\n\n".count)
    }

    @Test("an error of our own is worded in a repair, the bundler's stands as it is")
    func lines() {
        #expect(PromptTurn.line(RepairTests.error) == "src/LLMComponent.tsx:3:7: Expected \";\"")
        for code in BuildError.Code.allCases {
            let line = PromptTurn.line(BuildError(code, path: "src/LLMComponent.tsx"))
            #expect(line.hasPrefix("src/LLMComponent.tsx:1:1: ") && line.hasSuffix("."))
        }
    }
}
