import Hummingbird
import NIOCore
import Testing

@testable import ClaudeSimulator

struct StreamingTests {
    @Test func cutsTextIntoSmallPiecesThatJoinToIt() {
        for text in ["", "a", "Hello, world.\n\n  x = 12345678901234;\n", String(repeating: "👩‍👩‍👧‍👦é", count: 50)] {
            let pieces = Tokenizer.pieces(of: text)
            #expect(pieces.joined() == text)
            #expect(pieces.allSatisfy { (1...8).contains($0.count) })
        }
    }

    @Test func sendsNothingLateAndNothingTwice() {
        let pace = Pace(tokensPerSecond: 100)
        #expect(pace.due(after: .zero, sent: 0, total: 500) == 1)
        #expect(pace.due(after: .seconds(1), sent: 1, total: 500) == 101)
        #expect(pace.due(after: .milliseconds(1), sent: 50, total: 500) == 50)
        #expect(pace.due(after: .seconds(1_000_000), sent: 1, total: 500) == 500)
        #expect(Pace(tokensPerSecond: 0).due(after: .zero, sent: 10, total: 5000) == 266)
        #expect(Pace(tokensPerSecond: 0).tick == .zero)
    }

    @Test func honoursTheTokenLimit() throws {
        let call = try MessagesCall(body: Requests.body("hi", maximumTokens: 3))
        let answer = PreparedAnswer(text: "one two three four", call: call)
        #expect(answer.pieces.count == 3)
        #expect(answer.stop == .maximumTokens)
    }

    @Test func endsAtTheEarliestStopSequence() throws {
        let call = try MessagesCall(body: Requests.body("hi", stop: ["four", "two"]))
        let answer = PreparedAnswer(text: "one two three four", call: call)
        #expect(answer.pieces.joined() == "one ")
        #expect(answer.stop == .stopSequence("two"))
    }

    @Test func endsWhenTheReaderHasGone() async throws {
        let call = try MessagesCall(body: Requests.body("hi"))
        let writer = StreamWriter(
            events: MessageEvents(messageID: "msg_1", model: "m", inputTokens: 1),
            answer: PreparedAnswer(text: String(repeating: "word ", count: 5000), call: call),
            pace: Pace(tokensPerSecond: 0)
        )
        var sink: any ResponseBodyWriter = ClosingWriter(left: 3)
        await #expect(throws: ReaderGone.self) { try await writer.write(to: &sink) }
    }

    private struct ReaderGone: Error {}

    private struct ClosingWriter: ResponseBodyWriter {
        var left: Int

        mutating func write(_ buffer: ByteBuffer) async throws {
            guard left > 0 else { throw ReaderGone() }
            left -= 1
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }
}
