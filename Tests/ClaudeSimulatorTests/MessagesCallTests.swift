import NIOCore
import Testing

@testable import ClaudeSimulator

struct MessagesCallTests {
    @Test func readsStringsAndBlocks() throws {
        let call = try MessagesCall(
            body: ByteBuffer(
                string: """
                    {"model":"claude-x","max_tokens":64,"stream":true,"system":[{"type":"text","text":"Be kind."}],
                     "stop_sequences":["STOP"],"messages":[{"role":"user","content":"Hi"},
                     {"role":"assistant","content":[{"type":"text","text":"Hello"}]},
                     {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}
                    """
            )
        )
        #expect(call.model == "claude-x")
        #expect(call.system == "Be kind.")
        #expect(call.maximumTokens == 64)
        #expect(call.streams)
        #expect(call.stopSequences == ["STOP"])
        #expect(call.turns.map(\.text) == ["Hi", "Hello", "a\n\nb"])
        #expect(call.turns.map(\.isUser) == [true, false, true])
        #expect(call.inputTokens > 4)
    }

    @Test(arguments: [
        ("", "The request body is not valid JSON"),
        ("{", "The request body is not valid JSON"),
        ("[]", "Input should be a valid dictionary"),
        (#"{"max_tokens":1,"messages":[]}"#, "model: Field required"),
        (#"{"model":3,"max_tokens":1,"messages":[]}"#, "model: Input should be a valid string"),
        (#"{"model":"m","messages":[]}"#, "max_tokens: Field required"),
        (#"{"model":"m","max_tokens":0,"messages":[]}"#, "max_tokens: Input should be greater than or equal to 1"),
        (#"{"model":"m","max_tokens":1e300,"messages":[]}"#, "max_tokens: Input should be a valid integer"),
        (#"{"model":"m","max_tokens":1.5,"messages":[]}"#, "max_tokens: Input should be a valid integer"),
        (#"{"model":"m","max_tokens":1}"#, "messages: Field required"),
        (#"{"model":"m","max_tokens":1,"messages":{}}"#, "messages: Input should be a valid list"),
        (#"{"model":"m","max_tokens":1,"messages":[]}"#, "messages: at least one message is required"),
        (
            #"{"model":"m","max_tokens":1,"messages":[{"role":"system","content":"x"}]}"#,
            "messages.0.role: Input should be 'user' or 'assistant'"
        ),
        (
            #"{"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":"x"}]}"#,
            #"messages: first message must use the "user" role"#
        ),
        (
            #"{"model":"m","max_tokens":1,"messages":[{"role":"user"}]}"#,
            "messages.0.content: Field required"
        ),
        (
            #"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":""}]}"#,
            "messages.0: all messages must have non-empty content"
        ),
        (
            #"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"text"}]}]}"#,
            "messages.0.content.0.text: Field required"
        ),
        (
            #"{"model":"m","max_tokens":1,"stream":"yes","messages":[{"role":"user","content":"x"}]}"#,
            "stream: Input should be a valid boolean"
        ),
    ])
    func namesTheFirstThingThatIsWrong(body: String, message: String) {
        #expect(throws: APIError.invalid(message)) { try MessagesCall(body: ByteBuffer(string: body)) }
    }

    @Test func survivesDeepNesting() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: APIError.self) { try MessagesCall(body: ByteBuffer(string: deep)) }
    }
}
