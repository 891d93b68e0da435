import Logging

@testable import Claude

/// Bytes of answers as the Messages API sends them.
enum Answers {
    static func event(_ name: String, _ json: String) -> String { "event: \(name)\ndata: \(json)\n\n" }

    static func start(input: Int = 10) -> String {
        event(
            "message_start",
            #"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"#
                + #""stop_reason":null,"usage":{"input_tokens":\#(input),"cache_creation_input_tokens":2,"#
                + #""cache_read_input_tokens":3,"output_tokens":1}}}"#
        )
            + event(
                "content_block_start",
                #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#
            ) + event("ping", #"{"type": "ping"}"#)
    }

    static func text(_ json: String) -> String {
        event(
            "content_block_delta",
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\#(json)"}}"#
        )
    }

    static func end(_ reason: String = "end_turn", output: Int = 7) -> String {
        event("content_block_stop", #"{"type":"content_block_stop","index":0}"#)
            + event(
                "message_delta",
                #"{"type":"message_delta","delta":{"stop_reason":"\#(reason)","stop_sequence":null},"#
                    + #""usage":{"output_tokens":\#(output)}}"#
            )
            + event("message_stop", #"{"type":"message_stop"}"#)
    }

    static let whole = start() + text("Hello, ") + text("wörld 👋") + end()
    static let wholeEvents: [ModelEvent] = [
        .started(requestID: "req_1", inputTokens: 15), .text("Hello, "), .text("wörld 👋"),
        .finished(TokenUsage(inputTokens: 15, outputTokens: 7)),
    ]

    static let streamHead =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nRequest-Id: req_1\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n"

    static func chunk(_ text: String) -> String { chunk(Array(text.utf8)) }
    static func chunk(_ bytes: [UInt8]) -> String {
        String(bytes.count, radix: 16) + "\r\n" + String(decoding: bytes, as: UTF8.self) + "\r\n"
    }

    /// A whole answer on a connection that stays open.
    static let success: [ScriptedServer.Step] = [.text(streamHead + chunk(whole) + "0\r\n\r\n")]

    static func error(
        _ status: Int,
        _ type: String,
        headers: String = "",
        body: String? = nil
    ) -> [ScriptedServer.Step] {
        let body = body ?? #"{"type":"error","error":{"type":"\#(type)","message":"No luck"},"request_id":"req_b"}"#
        return [
            .text(
                "HTTP/1.1 \(status) Whatever\r\nContent-Type: application/json\r\nrequest-id: req_e\r\n\(headers)"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
        ]
    }
}

/// All events of a stream, and its error if it had one.
func drain(_ stream: ModelStream) async -> (events: [ModelEvent], error: ModelError?) {
    var events: [ModelEvent] = []
    do {
        while let batch = try await stream.nextBatch() { events += batch }
        return (events, nil)
    } catch {
        return (events, error as? ModelError)
    }
}

extension ModelEvent {
    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }
    var retry: (attempt: Int, delay: Duration, reason: ModelError)? {
        guard case .retrying(let attempt, let delay, let reason) = self else { return nil }
        return (attempt, delay, reason)
    }
}

extension MessagesRequest {
    static let hello = MessagesRequest(
        model: "test-model",
        system: "Be brief.",
        messages: [.init(role: .user, text: "Hello \"you\" 👋")],
        maximumTokens: 100
    )
}

extension ClaudeClient {
    /// A client of a scripted server that waits for nothing between attempts.
    static func test(
        _ server: ScriptedServer,
        _ change: (inout ClaudeConfiguration) -> Void = { _ in }
    ) throws -> ClaudeClient {
        try test(server.baseURL, change)
    }

    static func test(
        _ baseURL: String,
        _ change: (inout ClaudeConfiguration) -> Void = { _ in }
    ) throws -> ClaudeClient {
        var configuration = ClaudeConfiguration()
        configuration.baseURL = baseURL
        configuration.apiKey = Secret("sk-test-key")
        configuration.backoffBase = .zero
        configuration.retryAfterCeiling = .zero
        change(&configuration)
        return try ClaudeClient(
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}
