import Testing

@testable import Claude

/// What gateways and proxies make of a stream: a whole answer is never thrown away over its framing, and none that is cut counts
/// as whole.
@Suite(.timeLimit(.minutes(1))) struct FramingTests {
    private static let jsonHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nrequest-id: req_1\r\n\r\n"
    private static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nrequest-id: req_1\r\n\r\n"
    private static let stop =
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}"#
    private static let begun = Answers.start() + Answers.text("Hello, ") + Answers.text("wörld 👋")
    private static let stopped = begun + Answers.event("message_delta", stop)
    private static let message =
        #"{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"thinking","thinking":"hm"},"#
        + #"{"type":"text","text":"Hello, "},{"type":"text","text":"wörld 👋"}],"stop_reason":"end_turn","#
        + #""usage":{"input_tokens":15,"output_tokens":7}}"#

    /// Answers each request with these bytes and an end of the connection.
    private func run(
        _ text: String,
        head: String = head,
        isReset: Bool = false,
        retries: Int = 0
    ) async throws -> (events: [ModelEvent], error: ModelError?, requests: Int) {
        let server = try await ScriptedServer { _ in [.text(head + text), isReset ? .reset : .close] }
        let client = try ClaudeClient.test(server) { $0.maximumRetries = retries }
        let (events, error) = await drain(client.stream(.hello))
        await client.shutdown()
        return (events, error, server.requests.count)
    }

    private static let wholeEndings: [(String, String)] = [
        ("the end of the connection", stopped),
        ("[DONE]", stopped + "data: [DONE]\n\n"),
        ("[DONE] with a name", stopped + "event: done\ndata: [DONE]\n\n"),
        ("[DONE] without a blank line", stopped + "data: [DONE]"),
        ("[DONE] after message_stop", Answers.whole + "data: [DONE]\n\n"),
        ("a message_delta without its blank line", begun + "event: message_delta\ndata: \(stop)\n"),
        ("a message_delta without its line end", begun + "event: message_delta\ndata: \(stop)"),
        ("a message_stop that is cut", stopped + "event: message_stop\ndata: {\"type\":\"mess"),
        ("a message_stop without JSON", stopped + "event: message_stop\ndata: \n\n"),
        ("an event that is cut", stopped + "event: content_block_delta\ndata: {\"type\":\"content_block_del"),
        ("what is no JSON", stopped + "event: content_block_delta\ndata: oops\n\ndata: {\n\n<html>"),
        (
            "a gateway's error about the missing end",
            stopped
                + Answers.event("error", #"{"type":"error","error":{"type":"incomplete_stream_error","message":"x"}}"#)
        ),
        ("a ping that nothing follows", stopped + Answers.event("ping", #"{"type":"ping"}"#)),
        ("the same stop twice", stopped + Answers.event("message_delta", stop)),
    ]

    @Test(arguments: wholeEndings) func anAnswerWithItsStopReasonIsWhole(ending: String, text: String) async throws {
        let (events, error, requests) = try await run(text)
        #expect(events == Answers.wholeEvents)
        #expect(error == nil)
        #expect(requests == 1)
    }

    @Test func anAnswerWithItsStopReasonIsWholeWhereTheConnectionBreaks() async throws {
        // Chunks without their last one: the connection breaks for libcurl.
        let (events, error, _) = try await run(Answers.chunk(Self.stopped), head: Answers.streamHead)
        #expect(events == Answers.wholeEvents)
        #expect(error == nil)
    }

    @Test func anAnswerWithItsStopReasonWaitsNotForAnEndThatNeverComes() async throws {
        let server = try await ScriptedServer { _ in [.text(Self.head + Self.stopped)] }
        let client = try ClaudeClient.test(server) {
            $0.idleTimeout = .seconds(3_600)
            $0.lingerTimeout = .milliseconds(1)
        }
        let (events, error) = await drain(client.stream(.hello))
        #expect(events == Answers.wholeEvents)
        #expect(error == nil)
        await client.shutdown()
    }

    private static let cutEndings: [(String, String)] = [
        ("nothing", begun), ("[DONE] alone", begun + "data: [DONE]\n\n"),
        (
            "a stop reason that is null",
            begun + Answers.event("message_delta", #"{"type":"message_delta","delta":{"stop_reason":null}}"#)
        ),
        (
            "a stop reason that is cut",
            begun + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}"
        ),
    ]

    @Test(arguments: cutEndings) func anAnswerWithoutItsStopReasonIsCut(ending: String, text: String) async throws {
        let (events, error, _) = try await run(text)
        #expect(events == Array(Answers.wholeEvents.dropLast()))
        #expect(error == .truncated)
    }

    private static let rewritten: [(String, String)] = [
        ("no names", begun.nameless + Answers.end().nameless),
        ("other names", Answers.whole.replacing("event: content_block_delta", with: "event: message")),
        ("CRLF", Answers.whole.replacing("\n", with: "\r\n")),
        ("no blank lines", Answers.whole.nameless.replacing("\n\n", with: "\n") + "\n"),
        ("comments", ": OPENROUTER PROCESSING\n\n" + begun + ": ping\n\n" + Answers.end()),
        ("words instead of JSON", "data: ok\n\ndata:\n\n" + begun + "event: ping\ndata: ping\n\n" + Answers.end()),
        ("an event of the old API", begun + Answers.event("completion", #"{"completion":"x"}"#) + Answers.end()),
        (
            "an unknown event of odd members",
            begun + "data: {\"type\":\"new\",\"delta\":7,\"usage\":[]}\n\n" + Answers.end()
        ),
        ("empty text", begun + Answers.text("") + Answers.end()),
        (
            "null members",
            begun
                + Answers.event(
                    "content_block_delta",
                    #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":null},"usage":null}"#
                ) + Answers.end()
        ),
        ("no type of the delta", Answers.whole.replacing(#""type":"text_delta","#, with: "")),
        ("no type in the JSON", Answers.whole.replacing(#"{"type":"content_block_delta","#, with: "{")),
        (
            "counts as strings",
            Answers.whole.replacing(#""input_tokens":10"#, with: #""input_tokens":"10""#)
                .replacing(#""output_tokens":7"#, with: #""output_tokens":"7.0""#)
        ),
        (
            "counts that no integer holds",
            Answers.whole.replacing(#"7}}"#, with: #"7,"cache_read_input_tokens":1e300}}"#)
        ),
        ("a stream by another name", Answers.whole),
    ]

    @Test(arguments: rewritten) func readsAStreamThatAGatewayHasRewritten(change: String, text: String) async throws {
        let head =
            change == "a stream by another name"
            ? Self.head.replacing("text/event-stream", with: "text/plain") : Self.head
        let (events, error, _) = try await run(text, head: head)
        #expect(events.compactMap(\.text).joined() == "Hello, wörld 👋")
        #expect(events.last == .finished(TokenUsage(inputTokens: 15, outputTokens: 7)))
        #expect(error == nil)
    }

    @Test func countsInputThatComesWithTheEndAlone() async throws {
        let text =
            Answers.event("message_start", #"{"type":"message_start","message":{"usage":null}}"#) + Answers.text("a")
            + Answers.event(
                "message_delta",
                #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":3,"output_tokens":4}}"#
            )
        let (events, error, _) = try await run(text)
        #expect(events.last == .finished(TokenUsage(inputTokens: 3, outputTokens: 4)))
        #expect(error == nil)
    }

    @Test(arguments: [
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\n\n",
        "event: message\ndata: {\"type\":\"content_block_delta\",\n\n",
        "event: content_block_delta\ndata: oops\n\n", "event: message_delta\ndata: {\n\n", "data: {\"type\":\n\n",
    ])
    func losesNoPieceSilently(event: String) async throws {
        let (events, error, _) = try await run(Self.begun + event + Answers.end())
        #expect(events == Array(Answers.wholeEvents.dropLast()))
        guard case .malformed = error else {
            Issue.record("not malformed: \(String(describing: error))")
            return
        }
    }

    // MARK: Answers that are no streams

    @Test(arguments: [
        (jsonHead, message), (head, message), (head, "\n" + message + "\n"), (head, "data: \(message)\n\n"),
    ])
    func takesAWholeMessage(head: String, body: String) async throws {
        let (events, error, _) = try await run(body, head: head)
        #expect(events == Answers.wholeEvents)
        #expect(error == nil)
    }

    @Test func aWholeMessageThatReachedItsLimitSaysSo() async throws {
        let message = Self.message.replacing("end_turn", with: "max_tokens")
        let (events, error, _) = try await run(message, head: Self.jsonHead)
        #expect(events.compactMap(\.text).joined() == "Hello, wörld 👋")
        #expect(error == .maximumTokens)
    }

    @Test(arguments: [
        (#"{"type":"error","error":{"type":"overloaded_error","message":"Busy"}}"#, "overloaded_error", "Busy"),
        (#"{"error":{"message":"Too many","type":"None","code":"429"}}"#, "rate_limit_error", "Too many"),
        (#"{"error":"Out of order"}"#, "api_error", "Out of order"),
    ])
    func anErrorWithStatus200IsAnError(body: String, type: String, message: String) async throws {
        for (head, text) in [(Self.jsonHead, body), (Self.head, "data: \(body)\n\n"), (Self.head, body)] {
            let (events, error, requests) = try await run(text, head: head, retries: 2)
            #expect(events.compactMap(\.retry).count == 2)
            #expect(requests == 3)
            #expect(error?.name == type)
            #expect("\(String(describing: error))".contains(message))
        }
    }

    @Test(arguments: [
        #"{"type":"overloaded_error","message":"Busy"}"#, #"{"type":"error","error":{"message":"Busy"}}"#, "Busy",
    ])
    func anErrorEventIsAnErrorHoweverItIsWritten(data: String) async throws {
        let (events, error, _) = try await run(Self.begun + Answers.event("error", data))
        #expect(events == Array(Answers.wholeEvents.dropLast()))
        #expect("\(String(describing: error))".contains("Busy"))
    }

    @Test(arguments: [
        ("text/html", "<!doctype html><title>Sign in</title>"), ("text/event-stream", "<html></html>"),
        ("application/json", "[]"), ("application/json", #"{"ok":true}"#),
        ("text/plain", "upstream says no"),
    ])
    func anotherBodyIsMalformed(type: String, body: String) async throws {
        let (events, error, requests) = try await run(
            body,
            head: "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\n\r\n",
            retries: 2
        )
        #expect(events.isEmpty)
        #expect(requests == 1)
        guard case .malformed = error else {
            Issue.record("not malformed: \(String(describing: error))")
            return
        }
    }

    @Test func aMessageThatIsCutIsAskedForAgain() async throws {
        let (events, error, requests) = try await run(String(Self.message.dropLast()), head: Self.jsonHead, retries: 1)
        #expect(events.compactMap(\.retry).map(\.reason) == [.truncated])
        #expect(error == .truncated && requests == 2)
    }

    // MARK: Characters

    private static let characters: [([String], String)] = [
        ([#"a\ud83d"#, #"\ude00b"#], "a😀b"), ([#"\ud83d"#, "", #"\ude00"#], "😀"), ([#"\ud83d\ude00"#], "😀"),
        ([#"\ud83d"#, "b"], "\u{FFFD}b"), ([#"a\ude00b"#], "a\u{FFFD}b"), ([#"a\ud83d"#], "a\u{FFFD}"),
        ([#"\ud83d"#, #"\ud83d"#, #"\ude00"#], "\u{FFFD}😀"),
        ([#"\\ud83d"#, #"\u00e9\ude00"#], #"\ud83dé"# + "\u{FFFD}"),
        ([#"\uD83D"#, #"\uDE00\ud83d"#, #"\ude01"#], "😀😁"),
        ([#"\ufdd0\ud83d"#], String(decoding: [0xFDD0, 0xFFFD] as [UInt16], as: UTF16.self)),
    ]

    @Test(arguments: characters) func joinsCharactersThatAreCutBetweenPieces(pieces: [String], whole: String)
        async throws
    {
        let text = Answers.start() + pieces.map(Answers.text).joined() + Answers.end()
        for text in [text, text.replacing(#""index":0,"#, with: "")] {
            let (events, error, _) = try await run(text)
            #expect(events.compactMap(\.text).joined() == whole)
            #expect(error == nil)
        }
    }

    // MARK: Waits

    @Test(arguments: [
        ("retry-after-ms: 1500\r\nretry-after: 9\r\n", 1_500), ("retry-after: 1.5\r\n", 1_500),
        ("retry-after-ms: soon\r\nretry-after: 2\r\n", 2_000), ("retry-after-ms: 0.4\r\nretry-after: 9\r\n", 0),
        ("Retry-After: 1e300\r\n", 60_000), ("retry-after-ms: 99999999999999999999\r\n", 60_000),
        ("retry-after-ms: -1\r\nretry-after: -1\r\n", 0), ("retry-after-ms: nan\r\nretry-after: inf\r\n", 0),
    ])
    func waitsAsTheServiceAsks(headers: String, milliseconds: Int) async throws {
        let server = try await ScriptedServer { _ in Answers.error(429, "rate_limit_error", headers: headers) }
        let client = try ClaudeClient.test(server) { $0.retryAfterCeiling = .seconds(60) }
        let stream = client.stream(.hello)
        #expect(try await stream.nextBatch()?.first?.retry?.delay == .milliseconds(milliseconds))
        stream.cancel()
        await client.shutdown()
    }

    @Test(arguments: [(400, "true", 3), (529, "false", 1), (529, "perhaps", 3), (400, "", 1)])
    func triesAgainWhereTheServiceSaysSo(status: Int, advice: String, requests: Int) async throws {
        let server = try await ScriptedServer { _ in
            Answers.error(status, "some_error", headers: "X-Should-Retry: \(advice)\r\n")
        }
        let client = try ClaudeClient.test(server) { $0.maximumRetries = 2 }
        #expect(await drain(client.stream(.hello)).error != nil)
        #expect(server.requests.count == requests)
        await client.shutdown()
    }

    @Test(arguments: ["", "/", "/v1", "/v1/", "/v1/messages"])
    func asksAtOnePathHoweverTheBaseEnds(ending: String) async throws {
        let server = try await ScriptedServer { _ in Answers.success }
        let client = try ClaudeClient.test(server.baseURL + ending)
        #expect(await drain(client.stream(.hello)).events == Answers.wholeEvents)
        #expect(server.requests.first?.head.hasPrefix("POST /v1/messages HTTP/1.1\r\n") == true)
        await client.shutdown()
    }
}

extension String {
    /// A stream without the names of its events.
    fileprivate var nameless: String {
        split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("event:") }
            .joined(separator: "\n")
    }
}
