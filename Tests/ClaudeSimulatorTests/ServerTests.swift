import Foundation
import HTTPTypes
import Logging
import NIOCore
import ServiceLifecycle
import Testing

@testable import ClaudeSimulator

struct ServerTests {
    private let headers: HTTPFields = {
        var headers = HTTPFields()
        headers[.apiKey] = "test"
        headers[.anthropicVersion] = "2023-06-01"
        headers[.contentType] = "application/json"
        return headers
    }()

    private func serve(
        _ faults: [Fault] = [],
        seed: UInt64 = 0,
        _ body: @escaping @Sendable (LiveSimulator) async throws -> Void
    ) async throws {
        try await LiveSimulator.run(.init(tokensPerSecond: 0, faults: faults, seed: seed), body)
    }

    @Test func streamsTheDocumentedEventsInOrder() async throws {
        try await serve { client in
            try await client.execute(
                uri: "/v1/messages",
                method: .post,
                headers: headers,
                body: Requests.body("a counter")
            ) { response in
                #expect(response.status == .ok)
                #expect(response.headers[.contentType]?.hasPrefix("text/event-stream") == true)
                #expect(response.headers[.requestID]?.hasPrefix("req_") == true)
                let events = try Event.all(in: String(buffer: response.body))
                let names = events.map(\.name)
                #expect(names.prefix(3) == ["message_start", "content_block_start", "ping"])
                #expect(names.suffix(3) == ["content_block_stop", "message_delta", "message_stop"])
                #expect(names.dropFirst(3).dropLast(3).allSatisfy { $0 == "content_block_delta" })
                #expect(events.allSatisfy { $0.data["type"] as? String == $0.name })
                let usage = events.dropLast().last?.data["usage"] as? [String: Any]
                #expect(usage?["output_tokens"] as? Int == events.count - 6)
                #expect(Event.text(of: events).contains("export default function App()"))
            }
        }
    }

    @Test func answersPlainly() async throws {
        try await serve { client in
            try await client.execute(
                uri: "/v1/messages",
                method: .post,
                headers: headers,
                body: Requests.body("Hello", system: "chat", streams: false)
            ) { response in
                let message = try json(response.body)
                #expect(message["type"] as? String == "message")
                #expect(message["role"] as? String == "assistant")
                #expect(message["stop_reason"] as? String == "end_turn")
                #expect(message["model"] as? String == "claude-sonnet-4-6")
                let content = message["content"] as? [[String: Any]]
                #expect((content?.first?["text"] as? String)?.isEmpty == false)
            }
        }
    }

    @Test func streamsTheSameTextAsItAnswersPlainly() async throws {
        try await serve(seed: 5) { client in
            let plain = try await client.execute(
                uri: "/v1/messages",
                method: .post,
                headers: headers,
                body: Requests.body("a quiz", streams: false)
            ) { response in
                (try json(response.body)["content"] as? [[String: Any]])?.first?["text"] as? String
            }
            let streamed = try await client.execute(
                uri: "/v1/messages",
                method: .post,
                headers: headers,
                body: Requests.body("a quiz")
            ) { response in
                Event.text(of: try Event.all(in: String(buffer: response.body)))
            }
            #expect(plain == streamed)
        }
    }

    @Test func streamsSeveralAtATime() async throws {
        try await serve { client in
            let texts = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        try await client.execute(
                            uri: "/v1/messages",
                            method: .post,
                            headers: headers,
                            body: Requests.body("counter number \(number)")
                        ) { response in
                            Event.text(of: try Event.all(in: String(buffer: response.body)))
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(texts).count == 24)
        }
    }

    @Test(arguments: [
        ("/v1/messages", HTTPRequest.Method.post, "x-api-key", 401, "authentication_error"),
        ("/v1/messages", .post, "anthropic-version", 400, "invalid_request_error"),
        ("/v1/nothing", .post, "", 404, "not_found_error"),
        ("/v1/messages", .get, "", 405, "invalid_request_error"),
    ])
    func refusesAsDocumented(
        path: String,
        method: HTTPRequest.Method,
        without: String,
        status: Int,
        type: String
    ) async throws {
        var headers = headers
        if let name = HTTPField.Name(without) { headers[name] = nil }
        let sent = headers
        try await serve { client in
            try await client.execute(uri: path, method: method, headers: sent, body: Requests.body("x")) { response in
                try expectError(response, status: status, type: type)
            }
        }
    }

    @Test func takesOnlyTheRightKeyWhenToldSo() async throws {
        try await LiveSimulator.run(.init(tokensPerSecond: 0, apiKey: "right")) { client in
            try await client.execute(uri: "/v1/messages", method: .post, headers: headers, body: Requests.body("x")) {
                try expectError($0, status: 401, type: "authentication_error")
            }
            var right = headers
            right[.apiKey] = "right"
            try await client.execute(uri: "/v1/messages", method: .post, headers: right, body: Requests.body("x")) {
                #expect($0.status == .ok)
            }
        }
    }

    @Test func takesABearerToken() async throws {
        var headers = headers
        headers[.apiKey] = nil
        headers[.authorization] = "Bearer token"
        let sent = headers
        try await serve { client in
            try await client.execute(
                uri: "/v1/messages/count_tokens",
                method: .post,
                headers: sent,
                body: ByteBuffer(string: #"{"model":"m","messages":[{"role":"user","content":"Hello there"}]}"#)
            ) { response in
                let count = try json(response.body)["input_tokens"] as? Int
                #expect(count ?? 0 > 0)
            }
        }
    }

    @Test(arguments: [
        (Fault.Kind.rateLimit, 429, "rate_limit_error"), (.overloaded, 529, "overloaded_error"),
        (.internalError, 500, "api_error"),
    ])
    func failsTheFirstRequestsOnly(kind: Fault.Kind, status: Int, type: String) async throws {
        try await serve([Fault(kind, count: 2)]) { client in
            for attempt in 0..<3 {
                try await client.execute(
                    uri: "/v1/messages",
                    method: .post,
                    headers: headers,
                    body: Requests.body("hi", system: "chat")
                ) { response in
                    if attempt == 2 {
                        #expect(response.status == .ok)
                    } else {
                        try expectError(response, status: status, type: type)
                        #expect((response.headers[.retryAfter] != nil) == (status == 429))
                    }
                }
            }
        }
    }

    @Test func dropsTheConnectionInMidStream() async throws {
        try await serve([Fault(.dropMidStream, count: 1)]) { client in
            await #expect(throws: (any Error).self) {
                try await client.execute(
                    uri: "/v1/messages",
                    method: .post,
                    headers: headers,
                    body: Requests.body("a counter")
                ) { _ in }
            }
        }
    }

    @Test func endsAtTheLimitWhenToldTo() async throws {
        try await serve([Fault(.maximumTokens, count: 1)]) { client in
            try await client.execute(
                uri: "/v1/messages",
                method: .post,
                headers: headers,
                body: Requests.body("a counter")
            ) { response in
                let events = try Event.all(in: String(buffer: response.body))
                let delta = events.dropLast().last?.data["delta"] as? [String: Any]
                #expect(delta?["stop_reason"] as? String == "max_tokens")
                #expect(!Event.text(of: events).hasSuffix("};\n"))
            }
        }
    }

    @Test func spoilsTheFirstAnswerAndMendsIt() async throws {
        try await serve([Fault(.badComponent)]) { client in
            func code(_ message: String) async throws -> String {
                try await client.execute(
                    uri: "/v1/messages",
                    method: .post,
                    headers: headers,
                    body: Requests.body(message)
                ) { response in
                    RequestReading.parts(of: Event.text(of: try Event.all(in: String(buffer: response.body)))).code
                        ?? ""
                }
            }
            let broken = try await code(Requests.message("a counter"))
            #expect(Defect.mend(broken) != nil)
            let mended = try await code(Requests.message("a counter", code: broken, errors: "Unexpected token"))
            #expect(mended == Defect.mend(broken))
            #expect(Defect.mend(mended) == nil)
        }
    }

    @Test func tellsItsPortAndEndsAStallAtShutdown() async throws {
        let simulator = ClaudeSimulator(
            configuration: .init(tokensPerSecond: 0, faults: [Fault(.stall)]),
            logger: Logger(label: "test")
        )
        let group = ServiceGroup(configuration: .init(services: [simulator], logger: Logger(label: "test")))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try await simulator.port
            #expect(port > 0)
            let (started, signal) = AsyncStream<Void>.makeStream()
            tasks.addTask {
                try await RawClient.post(
                    port: port,
                    body: Requests.body("a counter"),
                    onFirstDelta: { signal.yield() }
                )
            }
            for await _ in started { break }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    private func json(_ body: ByteBuffer) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any])
    }

    private func expectError(_ response: LiveSimulator.Response, status: Int, type: String) throws {
        #expect(response.status.code == status)
        let body = try json(response.body)
        #expect(body["type"] as? String == "error")
        #expect((body["error"] as? [String: Any])?["type"] as? String == type)
        #expect(body["request_id"] as? String == response.headers[.requestID])
    }
}

/// One server-sent event.
private struct Event {
    var name: String
    var data: [String: Any]

    static func all(in text: String) throws -> [Event] {
        try text.split(separator: "\n\n").map { block in
            let lines = block.split(separator: "\n")
            let name = try #require(lines.first { $0.hasPrefix("event: ") }).dropFirst(7)
            let data = try #require(lines.first { $0.hasPrefix("data: ") }).dropFirst(6)
            let object = try JSONSerialization.jsonObject(with: Data(data.utf8))
            return Event(name: String(name), data: try #require(object as? [String: Any]))
        }
    }

    static func text(of events: [Event]) -> String {
        events.compactMap { ($0.data["delta"] as? [String: Any])?["text"] as? String }.joined()
    }
}
