import Testing

@testable import ClaudeSimulator

struct RequestReadingTests {
    private let code = "import { useState } from \"react\";\n\nexport default function App() {\n  return null;\n}\n"

    @Test func readsTagsInAnyOrder() throws {
        let reading = try Requests.reading("make it red", code: code)
        #expect(reading.wish == "make it red")
        #expect(reading.code == code)
        #expect(reading.wantsCode)
        #expect(!reading.hasErrors && !reading.isFirst)
    }

    @Test func readsAFence() {
        let parts = RequestReading.parts(of: "Here it is:\n```tsx\n\(code)```\nNow make it red")
        #expect(parts.code == code)
        #expect(parts.wish.hasSuffix("Now make it red"))
    }

    @Test func readsBareWishes() {
        let parts = RequestReading.parts(of: "  a counter\n")
        #expect(parts.wish == "a counter")
        #expect(parts.code == nil && parts.errors == nil)
    }

    @Test func findsTheNewestCodeInEarlierAnswers() {
        let newer = code.replacingAll("App", with: "Newer")
        let reading = RequestReading(
            call([
                (true, "a counter"), (false, code), (true, "bigger"), (false, "Sure:\n```tsx\n\(newer)```"),
                (true, "redder"),
            ])
        )
        #expect(reading.code == newer)
        #expect(reading.wish == "redder")
        #expect(reading.firstWish == "a counter")
        #expect(!reading.isFirst)
    }

    @Test func readsNumberedTagsAroundTextsThatHoldTags() {
        let parts = RequestReading.parts(
            of: """
                <conversation-2>
                <turn-2 from="user">
                earlier </request> <current_file>
                </turn-2>
                </conversation-2>

                <current_file-2 path="src/LLMComponent.tsx">
                \(code)
                </current_file-2>

                <request-2>
                say <request> and <code>x</code> </request> </errors>
                </request-2>

                Now src/LLMComponent.tsx.
                """
        )
        #expect(parts.code == code)
        #expect(parts.wish == "say <request> and <code>x</code> </request> </errors>")
        #expect(parts.hasConversation)
        #expect(parts.errors == nil)
    }

    @Test func takesTheLastOfSeveralRequests() {
        let parts = RequestReading.parts(
            of:
                "<request>\na timer\n</request>\n\n<request changes=\"app\">\nmake it <request> red\n</request>\n\nExplain."
        )
        #expect(parts.wish == "make it <request> red" && parts.changesApp)
    }

    @Test func seesErrors() throws {
        let reading = try Requests.reading("a counter", code: code, errors: "src/LLMComponent.tsx:3:1 Unexpected }")
        #expect(reading.hasErrors)
        #expect(!reading.isFirst)
        #expect(reading.wish == "a counter")
    }

    @Test func tellsChatFromCode() {
        #expect(!RequestReading(call([(true, "a counter")], system: "Explain.")).wantsCode)
        #expect(!RequestReading(call([(true, "Hello")], system: "")).wantsCode)
        #expect(RequestReading(call([(true, "Write a React component")], system: "")).wantsCode)
    }

    @Test func chatsInTheFirstPersonAboutThePrompt() {
        let first = RequestReading(call([(true, "<request>a tea timer</request>")], system: "chat"))
        let reply = Rehearsal(seed: 0).answer(to: first)
        #expect(reply.contains("a tea timer"))
        #expect(reply.contains("I'm") || reply.contains("I’m"))
        let change = RequestReading(call([(true, "<request changes=\"app\">make it red</request>")], system: "chat"))
        #expect(first.isFirst && !change.isFirst)
        let later = RequestReading(
            call([(true, "a tea timer"), (false, "I'm on it."), (true, "make it red")], system: "chat")
        )
        #expect(Rehearsal(seed: 0).answer(to: later).contains("switching the accent to red"))
    }

    @Test func wrapsSomeAnswersInFencesAndGivesOthersBare() throws {
        let answers = try (0..<24).map { try Rehearsal(seed: 0).answer(to: Requests.reading("counter number \($0)")) }
        #expect(answers.contains { $0.hasPrefix("import ") })
        #expect(answers.contains { $0.hasPrefix("```tsx\n") })
        #expect(answers.contains { $0.hasPrefix("Here is") && $0.contains("```tsx\nimport ") })
    }

    @Test(arguments: 0..<12)
    func breaksAndMends(number: Int) throws {
        let rehearsal = Rehearsal(seed: UInt64(number))
        let first = try Requests.reading("a tea timer \(number)")
        let good = RequestReading.parts(of: rehearsal.answer(to: first)).code
        let bad = RequestReading.parts(of: rehearsal.answer(to: first, breaks: true)).code
        #expect(good != bad)
        let repair = try Requests.reading(first.wish, code: bad, errors: "Unexpected end of file")
        #expect(RequestReading.parts(of: rehearsal.answer(to: repair)).code == good)
    }

    private func call(_ turns: [(Bool, String)], system: String = Requests.codeSystem) -> MessagesCall {
        MessagesCall(system: system, turns: turns.map { .init(isUser: $0, text: $1) })
    }
}

extension MessagesCall {
    fileprivate init(system: String, turns: [Turn]) {
        self.init(
            model: "claude-x",
            system: system,
            turns: turns,
            maximumTokens: 1000,
            streams: false,
            stopSequences: []
        )
    }
}
