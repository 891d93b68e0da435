import Testing

@testable import Claude

@Suite(.timeLimit(.minutes(1))) struct ClaudeClientTests {
    @Test func streamsAnAnswer() async throws {
        let server = try await ScriptedServer { _ in Answers.success }
        let client = try ClaudeClient.test(server)
        let stream = client.stream(.hello)
        let (events, error) = await drain(stream)
        #expect(events == Answers.wholeEvents)
        #expect(error == nil)
        #expect(stream.usage == TokenUsage(inputTokens: 15, outputTokens: 7))
        #expect(try await stream.nextBatch() == nil)
        await client.shutdown()
    }

    @Test func sendsTheDocumentedRequest() async throws {
        let server = try await ScriptedServer { _ in Answers.success }
        let client = try ClaudeClient.test(server) { $0.authToken = Secret("tok") }
        _ = await drain(client.stream(.hello))
        let request = try #require(server.requests.first)
        #expect(request.head.hasPrefix("POST /v1/messages HTTP/1.1\r\n"))
        #expect(request.header("x-api-key") == "sk-test-key")
        #expect(request.header("authorization") == "Bearer tok")
        #expect(request.header("anthropic-version") == "2023-06-01")
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("expect") == nil)
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"max_tokens":100,"messages":[{"content":"Hello \"you\" 👋","role":"user"}],"model":"test-model","#
                + #""stream":true,"system":"Be brief."}"#
        )
        await client.shutdown()
    }

    @Test func usesItsConnectionAgain() async throws {
        let server = try await ScriptedServer { _ in Answers.success }
        let client = try ClaudeClient.test(server)
        for _ in 0..<5 {
            // The end of the answer comes with its last event: the connection is free before the next request is looked at.
            #expect(await drain(client.stream(.hello)).events == Answers.wholeEvents)
        }
        #expect(server.connections == 1)
        #expect(server.requests.count == 5)
        await client.shutdown()
    }

    @Test func understandsAnAnswerThatComesByteByByte() async throws {
        let server = try await ScriptedServer { _ in
            [.text(Answers.streamHead)]
                + Answers.whole.utf8.map { .send(Array("1\r\n".utf8) + [$0] + Array("\r\n".utf8)) }
                + [.text("0\r\n\r\n")]
        }
        let client = try ClaudeClient.test(server)
        let (events, error) = await drain(client.stream(.hello))
        #expect(events == Answers.wholeEvents)
        #expect(error == nil)
        await client.shutdown()
    }

    @Test func passesOnTextBeforeTheAnswerIsWhole() async throws {
        let gate = Signal()
        let server = try await ScriptedServer { _ in
            [
                .text(Answers.streamHead + Answers.chunk(Answers.start() + Answers.text("first"))), .wait(gate),
                .text(Answers.chunk(Answers.text("second") + Answers.end()) + "0\r\n\r\n"),
            ]
        }
        let client = try ClaudeClient.test(server)
        let stream = client.stream(.hello)
        var seen: [ModelEvent] = []
        while seen.count < 2, let batch = try await stream.nextBatch() { seen += batch }
        #expect(seen.compactMap(\.text) == ["first"])
        gate.raise()
        #expect(await drain(stream).events.compactMap(\.text) == ["second"])
        await client.shutdown()
    }

    @Test func finishesThoughTheConnectionDoesNot() async throws {
        let server = try await ScriptedServer { _ in [.text(Answers.streamHead + Answers.chunk(Answers.whole))] }
        let client = try ClaudeClient.test(server) { $0.lingerTimeout = .milliseconds(1) }
        #expect(await drain(client.stream(.hello)).events == Answers.wholeEvents)
        // And then it is closed.
        await server.closed.reaches(1)
        await client.shutdown()
    }

    @Test func runsAHundredStreamsAtOnce() async throws {
        let gate = Signal()
        let server = try await ScriptedServer { request in
            [
                .text(Answers.streamHead + Answers.chunk(Answers.start())), .wait(gate),
                .text(Answers.chunk(Answers.text("\(String(decoding: request.body, as: UTF8.self).hashValue != 0)"))),
                .text(Answers.chunk(Answers.end()) + "0\r\n\r\n"),
            ]
        }
        let client = try ClaudeClient.test(server)
        let results = await withTaskGroup(of: [String].self, returning: [[String]].self) { group in
            for _ in 0..<100 {
                let stream = client.stream(.hello)
                group.addTask { await drain(stream).events.compactMap(\.text) }
            }
            // All hundred are under way before any goes on.
            await server.requested.reaches(100)
            gate.raise()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count == 100)
        #expect(results.allSatisfy { $0 == ["true"] })
        await client.shutdown()
    }

    @Test func holdsTheTransferUpForASlowReader() async throws {
        let pieces = 400
        let text = String(repeating: "x", count: 20_000)
        let server = try await ScriptedServer { request in
            guard request.index == 0 else { return Answers.success }
            return [.text(Answers.streamHead + Answers.chunk(Answers.start()))]
                + (0..<pieces).map { .text(Answers.chunk(Answers.text("\($0) \(text)"))) }
                + [.text(Answers.chunk(Answers.end()) + "0\r\n\r\n")]
        }
        let client = try ClaudeClient.test(server) { $0.maximumQueuedBytes = 65_536 }
        let stream = client.stream(.hello)
        var texts: [String] = []
        var batches = 0
        while let batch = try await stream.nextBatch() {
            let arrived = batch.compactMap(\.text)
            texts += arrived
            batches += 1
            // The limit, the piece that filled it, and the event that the piece completed.
            #expect(arrived.reduce(0) { $0 + $1.utf8.count } <= 65_536 + 16_384 + 20_100)
            // Another whole answer meanwhile, so that a client without a limit would have gathered everything by now.
            if batches < 30 { #expect(await drain(client.stream(.hello)).events == Answers.wholeEvents) }
        }
        #expect(texts == (0..<pieces).map { "\($0) \(text)" })
        #expect(batches > 50)
        await client.shutdown()
    }

    @Test func aReaderThatPausesDoesNotCountAsAStall() async throws {
        let text = String(repeating: "x", count: 60_000)
        let server = try await ScriptedServer { request in
            // The second request stalls, and its idle time passes while the first one waits for its reader.
            guard request.index == 0 else { return [] }
            return [.text(Answers.streamHead + Answers.chunk(Answers.start()))]
                + (0..<200).map { _ in .text(Answers.chunk(Answers.text(text))) }
                + [.text(Answers.chunk(Answers.end()) + "0\r\n\r\n")]
        }
        let client = try ClaudeClient.test(server) {
            $0.idleTimeout = .seconds(3)
            $0.maximumRetries = 0
            $0.maximumQueuedBytes = 1
        }
        let stream = client.stream(.hello)
        _ = try await stream.nextBatch()
        #expect(await drain(client.stream(.hello)).error == .idleTimeout)
        let (events, error) = await drain(stream)
        #expect(error == nil)
        #expect(events.compactMap(\.text).count >= 199)
        await client.shutdown()
    }
}
