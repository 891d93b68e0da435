import Claude
import Sandboxes
import Testing

@testable import Orchestration

@Suite struct PromptingPromptBuilderTests {
    private let configuration = OrchestrationConfiguration()

    private func turn(_ role: MessagesRequest.Message.Role, _ text: String) -> MessagesRequest.Message {
        MessagesRequest.Message(role: role, text: text)
    }

    private func code(
        _ prompt: String,
        history: [MessagesRequest.Message] = [],
        currentCode: String? = nil
    ) -> MessagesRequest {
        PromptBuilder.code(
            prompt: prompt,
            history: history,
            currentCode: currentCode,
            configuration: configuration
        )
    }

    @Test func asksForTheFile() {
        let request = code("a clock")
        #expect(request.model == configuration.codeModel)
        #expect(request.maximumTokens == configuration.maximumCodeTokens)
        #expect(request.system.contains("src/LLMComponent.tsx"))
        for name in PromptBuilder.allowedImports { #expect(request.system.contains(name)) }
        #expect(request.messages.count == 1)
        #expect(request.messages.first?.text.contains("<request>\na clock\n</request>") == true)
        #expect(request.messages.first?.text.contains("<current_file") == false)
    }

    @Test func sendsTheCurrentCodeInFullAndUnchanged() throws {
        let current = String(repeating: "// line </div> & <b>\n", count: 5_000) + "export default 1"
        let text = try #require(code("blue", currentCode: current).messages.first?.text)
        #expect(text.contains("<current_file path=\"src/LLMComponent.tsx\">\n\(current)\n</current_file>"))
        #expect(text.contains("<request>\nblue\n</request>"))
    }

    @Test func keepsPeoplesTextOutOfTheSystemPrompt() {
        let plain = code("x").system
        let request = code(
            "INJECTED-1",
            history: [turn(.user, "INJECTED-2"), turn(.assistant, "INJECTED-3")],
            currentCode: "INJECTED-4"
        )
        #expect(request.system == plain)
        let chat = PromptBuilder.chat(
            prompt: "INJECTED-1",
            history: [turn(.user, "INJECTED-2")],
            isFirst: false,
            configuration: configuration
        )
        #expect(!chat.system.contains("INJECTED"))
    }

    @Test(arguments: [
        "</request>", "x</request>y</request-2>", "</turn>\n</conversation></current_file>", "</request\u{301}>",
    ])
    func letsNobodyCloseATag(prompt: String) throws {
        let text = try #require(
            code(prompt, history: [turn(.user, prompt)], currentCode: "let a").messages.first?.text
        )
        let tag = try #require(text.firstMatch(of: /\n<(request(-\d+)?)>\n/)).output.1
        #expect(!prompt.utf8.contains("</\(tag)>".utf8))
        #expect(text.utf8.contains("\n\(prompt)\n</\(tag)>".utf8))
    }

    @Test func keepsTheNewestTurns() throws {
        let history = (0..<100).flatMap { [turn(.user, "wish \($0)."), turn(.assistant, "answer \($0).")] }
        let text = try #require(code("now", history: history).messages.first?.text)
        #expect(text.contains("wish 99.") && text.contains("answer 99."))
        #expect(text.contains("wish 90.") && !text.contains("answer 89."))
        #expect(text.contains("wish 0.") && !text.contains("wish 1."))
    }

    @Test func neverHalvesAPrompt() throws {
        let long = String(repeating: "wish ", count: 799) + "END!"
        let history = [turn(.user, long), turn(.assistant, "Done."), turn(.user, long + "2")]
        let text = try #require(code("now", history: history).messages.first?.text)
        #expect(text.contains(long + "\n") && text.contains(long + "2\n"))
    }

    @Test func asksForTheRestAndForAConfirmation() {
        let first = code("a clock", currentCode: "let good")
        for request in [
            PromptBuilder.continuation(of: "let a", to: first), PromptBuilder.confirmation(of: "let a", to: first),
        ] {
            #expect(request.messages.map(\.role) == [.user, .assistant, .user])
            #expect(request.messages[0] == first.messages[0] && request.messages[1].text == "let a")
            #expect(request.system == first.system && request.maximumTokens == first.maximumTokens)
        }
    }

    @Test func boundsTheHistoryInCharacters() {
        let long = (0..<20).map {
            turn($0.isMultiple(of: 2) ? .user : .assistant, String(repeating: "é", count: 5_000))
        }
        let kept = PromptHistory.bounded(long)
        #expect(kept.first == long.first && kept.count > 2)
        #expect(kept.dropFirst().reduce(0) { $0 + $1.text.count } <= PromptHistory.maximumCharacters)
        #expect(kept.allSatisfy { $0.text.hasSuffix("…") == ($0.role == .assistant) })
    }

    @Test func tellsARepairWhatIsWrong() throws {
        let errors = (1...50).map {
            BuildError(path: "src/LLMComponent.tsx", line: $0, column: 7, text: "Unexpected }")
        }
        let request = PromptBuilder.repair(
            failedAnswer: "broken {",
            currentCode: "let good",
            errors: errors,
            prompt: "a clock",
            configuration: configuration
        )
        let text = try #require(request.messages.first?.text)
        #expect(text.contains("src/LLMComponent.tsx:1:7: Unexpected }"))
        #expect(text.contains(":20:7:") && !text.contains(":21:7:"))
        #expect(text.contains("<failed_answer>\nbroken {\n</failed_answer>"))
        #expect(text.contains(">\nlet good\n</current_file>"))
        #expect(text.contains("<request>\na clock\n</request>"))
        #expect(request.system == code("x").system)
    }

    @Test func asksForAnExplanation() {
        let first = PromptBuilder.chat(prompt: "a clock", history: [], isFirst: true, configuration: configuration)
        #expect(first.model == configuration.chatModel)
        #expect(first.maximumTokens == configuration.maximumChatTokens)
        #expect(first.messages.last?.text.contains("<request>\na clock\n</request>") == true)
        let later = PromptBuilder.chat(prompt: "a clock", history: [], isFirst: false, configuration: configuration)
        #expect(later.messages.last?.text.contains("<request changes=\"app\">\na clock\n</request>") == true)
        #expect(!first.system.contains("LLMComponent"))
    }

    @Test func alternatesRolesWhateverTheHistory() {
        let history = [
            turn(.assistant, "early"), turn(.user, "one"), turn(.user, "two"), turn(.assistant, "  "),
            turn(.assistant, "a"),
            turn(.assistant, "b"), turn(.user, "three"),
        ]
        let messages = PromptBuilder.chat(
            prompt: "four",
            history: history,
            isFirst: false,
            configuration: configuration
        ).messages
        #expect(messages.map(\.role) == [.user, .assistant, .user])
        #expect(messages[1].text == "a\n\nb")
        #expect(messages[2].text.contains("three") && messages[2].text.contains("four"))
        #expect(!messages.contains { $0.text.contains("early") })
    }
}
