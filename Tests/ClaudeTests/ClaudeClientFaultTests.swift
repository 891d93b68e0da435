import Logging
import Testing

@testable import Claude

@Suite(.timeLimit(.minutes(1))) struct ClaudeClientFaultTests {
    /// Answers all of a stream when the script is played for each request.
    private func run(
        _ change: (inout ClaudeConfiguration) -> Void = { _ in },
        script: @escaping ScriptedServer.Script
    ) async throws -> (events: [ModelEvent], error: ModelError?, server: ScriptedServer) {
        let server = try await ScriptedServer(script: script)
        let client = try ClaudeClient.test(server, change)
        let (events, error) = await drain(client.stream(.hello))
        await client.shutdown()
        return (events, error, server)
    }

    @Test(arguments: [(429, "rate_limit_error"), (500, "api_error"), (529, "overloaded_error"), (503, "x"), (408, "x")])
    func triesAgainAfterAnErrorThatPasses(status: Int, type: String) async throws {
        let (events, error, server) = try await run { request in
            request.index < 2 ? Answers.error(status, type, headers: "retry-after: 0\r\n") : Answers.success
        }
        let retries = events.compactMap(\.retry)
        #expect(retries.map(\.attempt) == [1, 2])
        #expect(
            retries.first?.reason
                == .service(status: status, type: type, message: "No luck", requestID: "req_e", retryAfter: .zero)
        )
        #expect(events.suffix(4) == Answers.wholeEvents[...])
        #expect(error == nil)
        #expect(server.requests.count == 3)
    }

    @Test func givesUpAfterTheLastRetry() async throws {
        let (events, error, server) = try await run { _ in Answers.error(529, "overloaded_error") }
        #expect(events.compactMap(\.retry).count == 3)
        #expect(error?.name == "overloaded_error")
        #expect(server.requests.count == 4)
    }

    @Test(arguments: [400, 401, 403, 404, 413, 302])
    func doesNotRetryWhatWouldFailAgain(status: Int) async throws {
        let (events, error, server) = try await run { _ in
            Answers.error(status, "some_error", headers: "Location: http://127.0.0.1:1/\r\n")
        }
        #expect(events.isEmpty)
        #expect(
            error
                == .service(status: status, type: "some_error", message: "No luck", requestID: "req_e", retryAfter: nil)
        )
        #expect(server.requests.count == 1)
    }

    @Test func obeysRetryAfterUpToItsCeiling() async throws {
        let (events, _, _) = try await run({ $0.retryAfterCeiling = .milliseconds(3) }) { request in
            request.index == 0
                ? Answers.error(429, "rate_limit_error", headers: "Retry-After: 3600\r\n") : Answers.success
        }
        #expect(events.compactMap(\.retry).map(\.delay) == [.milliseconds(3)])
    }

    @Test func survivesAnErrorThatIsNotJSON() async throws {
        let (_, error, _) = try await run { _ in Answers.error(403, "", body: "<html>no</html>") }
        #expect(
            error
                == .service(status: 403, type: "permission_error", message: "", requestID: "req_e", retryAfter: nil)
        )
    }

    @Test func retriesAConnectionThatIsLostBeforeTheFirstToken() async throws {
        let (events, error, server) = try await run { request in
            switch request.index {
            case 0: [.close]
            case 1: [.text(Answers.streamHead), .close]
            case 2: [.text(Answers.streamHead + Answers.chunk(Answers.start())), .reset]
            default: Answers.success
            }
        }
        #expect(events.compactMap(\.retry).map(\.attempt) == [1, 2, 3])
        #expect(events.compactMap(\.text) == ["Hello, ", "wörld 👋"])
        #expect(error == nil)
        #expect(server.requests.count == 4)
    }

    @Test(arguments: [true, false])
    func retriesNothingAfterTheFirstToken(isReset: Bool) async throws {
        let (events, error, server) = try await run { _ in
            [
                .text(Answers.streamHead + Answers.chunk(Answers.start() + Answers.text("a"))),
                isReset ? .reset : .close,
            ]
        }
        // A reset may overtake what was sent before it.
        if !isReset {
            #expect(events == [.started(requestID: "req_1", inputTokens: 15), .text("a")])
            #expect(error == .truncated)
            #expect(server.requests.count == 1)
        } else {
            #expect(error != nil)
            #expect(events.compactMap(\.retry).isEmpty || events.compactMap(\.text).isEmpty)
        }
    }

    @Test func callsAnAnswerWithoutItsEndTruncated() async throws {
        for ending in ["", "event: content_block_delta\ndata: {\"type\":\"content_bl"] {
            let (events, error, _) = try await run { _ in
                [
                    .text(
                        Answers.streamHead + Answers.chunk(Answers.start() + Answers.text("a") + ending)
                            + "0\r\n\r\n"
                    )
                ]
            }
            #expect(events.compactMap(\.text) == ["a"])
            #expect(error == .truncated)
        }
    }

    @Test func callsACutInsideACharacterTruncated() async throws {
        let bytes = Array(Answers.text("👋").utf8)
        let cut = try #require(bytes.firstIndex(of: 0xF0)) + 2
        let (events, error, _) = try await run { _ in
            [
                .text(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + Answers.start() + Answers.text("a")
                ),
                .send(Array(bytes[..<cut])), .close,
            ]
        }
        #expect(events.compactMap(\.text) == ["a"])
        #expect(error == .truncated)
    }

    @Test func callsAnAnswerThatStopsComingStalled() async throws {
        let (events, error, server) = try await run({ $0.idleTimeout = .milliseconds(500) }) { _ in
            [.text(Answers.streamHead + Answers.chunk(Answers.start() + Answers.text("a")))]
        }
        #expect(events.compactMap(\.text) == ["a"])
        #expect(error == .idleTimeout)
        await server.closed.reaches(1)
    }

    @Test func passesOnAnErrorInMidStream() async throws {
        let fault = Answers.event("error", #"{"type":"error","error":{"type":"overloaded_error","message":"Busy"}}"#)
        let (events, error, server) = try await run { _ in
            [.text(Answers.streamHead + Answers.chunk(Answers.start() + Answers.text("a") + fault) + "0\r\n\r\n")]
        }
        #expect(events.compactMap(\.text) == ["a"])
        #expect(error == .streamError(type: "overloaded_error", message: "Busy", requestID: "req_1"))
        #expect(server.requests.count == 1)
    }

    @Test func failsAnAnswerThatReachedItsLimitButCountsIt() async throws {
        let server = try await ScriptedServer { _ in
            [
                .text(
                    Answers.streamHead + Answers.chunk(Answers.start() + Answers.text("a") + Answers.end("max_tokens"))
                        + "0\r\n\r\n"
                )
            ]
        }
        let client = try ClaudeClient.test(server)
        let stream = client.stream(.hello)
        let (events, error) = await drain(stream)
        #expect(events.compactMap(\.text) == ["a"])
        #expect(error == .maximumTokens)
        #expect(stream.usage == TokenUsage(inputTokens: 15, outputTokens: 7))
        #expect(server.requests.count == 1)
        await client.shutdown()
    }

    @Test func paysForARefusalOnce() async throws {
        let (events, error, server) = try await run { _ in
            let text = Answers.chunk(Answers.start() + Answers.text("I cannot.") + Answers.end("refusal"))
            let head = Answers.streamHead.replacing("Request-Id", with: "x-should-retry: true\r\nRequest-Id")
            return [.text(head + text)]
        }
        #expect(events.compactMap(\.text) == ["I cannot."])
        #expect(error == .refused(requestID: "req_1"))
        #expect(server.requests.count == 1)
    }

    @Test func callsOtherBytesMalformedAndDoesNotRetryThem() async throws {
        let bodies = [
            "data: {\n\n", String(repeating: "x", count: 4_000),
            "data: " + String(repeating: "y", count: 4_000) + "\n\n",
        ]
        for body in bodies {
            let (_, error, server) = try await run({ $0.maximumEventBytes = 2_000 }) { _ in
                [.text(Answers.streamHead + Answers.chunk(body))]
            }
            guard case .malformed = error else {
                Issue.record("not malformed: \(String(describing: error))")
                continue
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test func reachesAServerThatComesUpLater() async throws {
        let first = try await ScriptedServer { _ in Answers.success }
        let port = first.port
        try await first.close()
        let client = try ClaudeClient.test("http://127.0.0.1:\(port)") { $0.maximumRetries = 1_000_000 }
        let stream = client.stream(.hello)
        let refused = try #require(try await stream.nextBatch()?.first?.retry)
        guard case .connection(let code, _) = refused.reason else {
            Issue.record("not a connection error: \(refused.reason)")
            return
        }
        // CURLE_COULDNT_CONNECT.
        #expect(code == 7)
        let server = try await ScriptedServer(port: port) { _ in Answers.success }
        let (events, error) = await drain(stream)
        #expect(events.suffix(4) == Answers.wholeEvents[...])
        #expect(error == nil)
        #expect(server.requests.count == 1)
        await client.shutdown()
    }

    @Test func aStaleConnectionCostsNoRetry() async throws {
        let server = try await ScriptedServer { request in
            // The second request of a connection finds it closed.
            request.index == 1 ? [.close] : Answers.success
        }
        let client = try ClaudeClient.test(server) { $0.maximumRetries = 0 }
        #expect(await drain(client.stream(.hello)).events == Answers.wholeEvents)
        let (events, error) = await drain(client.stream(.hello))
        #expect(events == Answers.wholeEvents)
        #expect(error == nil)
        #expect(server.connections == 2)
        #expect(server.requests.count == 3)
        await client.shutdown()
    }

    // MARK: Cancelling

    private func endless(_ request: ScriptedServer.Request) -> [ScriptedServer.Step] {
        [.text(Answers.streamHead + Answers.chunk(Answers.start() + Answers.text("a")))]
    }

    @Test func cancellingTheTaskClosesTheConnection() async throws {
        let server = try await ScriptedServer(script: endless)
        let client = try ClaudeClient.test(server)
        let stream = client.stream(.hello)
        let task = Task { await drain(stream) }
        await server.sent.reaches(1)
        task.cancel()
        #expect(await task.value.error == .cancelled)
        await server.closed.reaches(1)
        #expect(try await stream.nextBatch() == nil)
        await client.shutdown()
    }

    @Test func cancelClosesTheConnection() async throws {
        let server = try await ScriptedServer(script: endless)
        let client = try ClaudeClient.test(server)
        let stream = client.stream(.hello)
        await server.sent.reaches(1)
        stream.cancel()
        stream.cancel()
        #expect(await drain(stream).error == .cancelled)
        await server.closed.reaches(1)
        await client.shutdown()
    }

    @Test func lettingGoOfTheStreamClosesTheConnection() async throws {
        let server = try await ScriptedServer(script: endless)
        let client = try ClaudeClient.test(server)
        do {
            let stream = client.stream(.hello)
            _ = try await stream.nextBatch()
        }
        await server.closed.reaches(1)
        await client.shutdown()
    }

    @Test func cancelEndsTheWaitForARetry() async throws {
        let server = try await ScriptedServer { _ in
            Answers.error(529, "overloaded_error", headers: "retry-after: 999\r\n")
        }
        let client = try ClaudeClient.test(server) { $0.retryAfterCeiling = .seconds(999) }
        let stream = client.stream(.hello)
        #expect(try await stream.nextBatch()?.first?.retry?.delay == .seconds(999))
        stream.cancel()
        #expect(await drain(stream).error == .cancelled)
        await client.shutdown()
    }

    @Test func shutdownEndsWhatRunsAndRefusesWhatComes() async throws {
        let server = try await ScriptedServer(script: endless)
        let client = try ClaudeClient.test(server)
        let stream = client.stream(.hello)
        _ = try await stream.nextBatch()
        async let first: Void = client.shutdown()
        async let second: Void = client.shutdown()
        _ = await (first, second)
        #expect(await drain(stream).error == .cancelled)
        await server.closed.reaches(1)
        #expect(await drain(client.stream(.hello)).error == .cancelled)
        await client.shutdown()
    }

    @Test func aClientThatIsLetGoKeepsItsLastStreamAlive() async throws {
        let gate = Signal()
        let server = try await ScriptedServer { _ in [.wait(gate)] + Answers.success }
        let stream = try ClaudeClient.test(server).stream(.hello)
        await server.requested.reaches(1)
        gate.raise()
        #expect(await drain(stream).events == Answers.wholeEvents)
    }
}
