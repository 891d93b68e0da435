import Testing

@testable import Claude

@Suite struct ResponseReaderTests {
    private func reader(_ head: String) -> ResponseReader {
        var reader = ResponseReader(maximumEventBytes: 1_000)
        for line in head.split(separator: "\r\n", omittingEmptySubsequences: false) {
            _ = reader.takeHeader(Array("\(line)\r\n".utf8))
        }
        return reader
    }

    @Test func readsTheHeadersItNeeds() {
        let head = reader(
            "HTTP/1.1 429 Slow Down\r\nREQUEST-ID:  req_7 \r\nretry-after: 12\r\nContent-Type: Text/HTML ; a=b"
        ).head
        #expect(head.status == 429)
        #expect(head.requestID == "req_7")
        #expect(head.retryAfter == "12")
        #expect(head.mediaType == "text/html")
    }

    @Test func forgetsTheHeadersOfAnInformationalAnswer() {
        let head = reader("HTTP/1.1 100 Continue\r\nrequest-id: old\r\n\r\nHTTP/2 200 \r\n").head
        #expect(head.status == 200)
        #expect(head.requestID == nil)
    }

    @Test(arguments: ["bad id", "a\u{1B}[31m", "", String(repeating: "a", count: 65)])
    func dropsARequestIDThatIsNone(id: String) {
        #expect(reader("HTTP/1.1 200 OK\r\nrequest-id: \(id)").head.requestID == nil)
    }

    @Test func refusesEndlessHeaders() {
        var reader = reader("HTTP/1.1 200 OK")
        let line = Array("x: \(String(repeating: "a", count: 1_000))\r\n".utf8)
        var taken = 0
        while taken < 1_000, reader.takeHeader(line) { taken += 1 }
        #expect(taken < 262)
        guard case .malformed = reader.outcome(of: .finished, now: 0) else {
            Issue.record("not malformed")
            return
        }
    }

    @Test func capsTheBodyOfAnError() {
        var reader = reader("HTTP/1.1 500 Oh\r\n")
        var events: [ModelEvent] = []
        let piece = [UInt8](repeating: 0x61, count: 40_000)
        #expect(reader.takeBody(piece, into: &events))
        #expect(!reader.takeBody(piece, into: &events))
        #expect(
            reader.outcome(of: .failed(code: 23, message: ""), now: 0)
                == .service(status: 500, type: "api_error", message: "", requestID: nil, retryAfter: nil)
        )
    }

    @Test(arguments: [
        ("<html>Bad gateway</html>", "api_error", ""), ("", "api_error", ""), ("[1]", "api_error", ""),
        (#"{"error":"text"}"#, "api_error", "text"), (#"{"message":"text"}"#, "api_error", "text"),
        (#"{"detail":"text","error":7}"#, "api_error", "text"), (#"{"error":{"type":"api_error"}}"#, "api_error", ""),
        (#"{"error":{"type":"no good type","message":"a\nb"}}"#, "api_error", "a b"),
    ])
    func survivesAnyErrorBody(body: String, type: String, message: String) {
        var reader = reader("HTTP/1.1 502 Bad\r\n")
        var events: [ModelEvent] = []
        _ = reader.takeBody(Array(body.utf8), into: &events)
        #expect(
            reader.outcome(of: .finished, now: 0)
                == .service(status: 502, type: type, message: message, requestID: nil, retryAfter: nil)
        )
    }

    @Test func tellsErrorsOfTheServiceEvenWhenTheirBodyIsCut() {
        let reader = reader("HTTP/1.1 529 Busy\r\nretry-after: 3")
        for end in [TransportEnd.finished, .idle, .failed(code: 18, message: "cut")] {
            #expect(
                reader.outcome(of: end, now: 0)
                    == .service(
                        status: 529,
                        type: "overloaded_error",
                        message: "",
                        requestID: nil,
                        retryAfter: .seconds(3)
                    )
            )
        }
    }

    @Test func takesThePlainWordsOfAProxy() {
        var reader = reader("HTTP/1.1 503 Oh\r\ncontent-type: text/plain\r\nx-request-id: proxy_1")
        var events: [ModelEvent] = []
        _ = reader.takeBody(Array("upstream connect error\n".utf8), into: &events)
        let error = reader.outcome(of: .finished, now: 0)
        #expect(error?.message == "upstream connect error ")
        #expect(error?.requestID == "proxy_1")
    }

    @Test func prefersTheServicesOwnRequestID() {
        #expect(reader("HTTP/1.1 200 OK\r\nrequest-id: a\r\nx-request-id: b").head.requestID == "a")
        #expect(reader("HTTP/1.1 200 OK\r\nx-request-id: b\r\nrequest-id: a").head.requestID == "a")
    }

    @Test func capsAnAnswerThatIsNotStreamed() {
        var reader = reader("HTTP/1.1 200 OK\r\ncontent-type: application/json")
        var events: [ModelEvent] = []
        #expect(reader.takeBody(Array("{".utf8), into: &events))
        #expect(!reader.takeBody([UInt8](repeating: 0x20, count: ResponseReader.maximumMessageBytes), into: &events))
        reader.finish(into: &events)
        guard case .malformed = reader.outcome(of: .failed(code: 23, message: ""), now: 0) else {
            Issue.record("not malformed")
            return
        }
    }

    @Test func keepsAWholeAnswerWhateverFollowsInTheSamePiece() {
        for text in [Answers.whole, Answers.start() + Answers.end().replacing("message_stop", with: "ping")] {
            var reader = reader("HTTP/1.1 200 OK")
            var events: [ModelEvent] = []
            #expect(reader.takeBody(Array((text + String(repeating: "x", count: 2_000)).utf8), into: &events))
            reader.finish(into: &events)
            #expect(reader.outcome(of: .finished, now: 0) == nil)
            #expect(events.last == .finished(TokenUsage(inputTokens: 15, outputTokens: 7)))
        }
    }

    @Test func noErrorRepeatsAKey() {
        let keys = ["gateway-token-1", "short"].map(Secret.init)
        let body = #"{"error":{"message":"key gateway-token-1 or sk-ant-api03-aB_9-x, sk-ant-a.sk-ant- short"}}"#
        for status in [400, 200] {
            var reader = ResponseReader(maximumEventBytes: 1_000, secrets: keys)
            _ = reader.takeHeader("HTTP/1.1 \(status) Oh\r\n".utf8)
            var events: [ModelEvent] = []
            _ = reader.takeBody(body.utf8, into: &events)
            reader.finish(into: &events)
            #expect(reader.outcome(of: .finished, now: 0)?.message == "key *** or ***, ***.*** short")
        }
    }

    @Test func refusesAnAnswerOfAnotherMediaType() {
        var reader = reader("HTTP/1.1 200 OK\r\ncontent-type: application/json")
        var events: [ModelEvent] = []
        #expect(!reader.takeBody(Array("[]".utf8), into: &events))
        guard case .malformed = reader.outcome(of: .finished, now: 0) else {
            Issue.record("not malformed")
            return
        }
    }

    @Test func keepsWhatWasCompleteBeforeAFault() {
        var reader = reader("HTTP/1.1 200 OK")
        var events: [ModelEvent] = []
        let bytes = Answers.start() + Answers.text("a") + String(repeating: "x", count: 2_000)
        #expect(!reader.takeBody(Array(bytes.utf8), into: &events))
        #expect(events.compactMap(\.text) == ["a"])
    }

    @Test func readsSomeTrailingBytesAwayButNotEndlessly() {
        var reader = reader("HTTP/1.1 200 OK")
        var events: [ModelEvent] = []
        #expect(reader.takeBody(Array(Answers.whole.utf8), into: &events))
        #expect(reader.takeBody([UInt8](repeating: 0x0A, count: 60_000), into: &events))
        #expect(!reader.takeBody([UInt8](repeating: 0x0A, count: 60_000), into: &events))
        #expect(reader.outcome(of: .failed(code: 23, message: ""), now: 0) == nil)
    }

    @Test(arguments: 0..<50)
    func saysTheSameHoweverTheBodyIsCut(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        var reader = reader("HTTP/1.1 200 OK\r\nrequest-id: req_1")
        var events: [ModelEvent] = []
        var rest = Array(Answers.whole.utf8)[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...30, using: &generator)
            _ = reader.takeBody(rest.prefix(count), into: &events)
            rest = rest.dropFirst(count)
        }
        #expect(events == Answers.wholeEvents)
        #expect(reader.outcome(of: .finished, now: 0) == nil)
    }

    @Test(arguments: [
        ("0", Duration.seconds(0)), ("120", .seconds(120)), ("99999999999999999999", .seconds(999_999_999)),
        ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(37)), ("Sunday, 06-Nov-94 08:49:37 GMT", .seconds(37)),
        ("Sun Nov  6 08:49:37 1994", .seconds(37)), ("Sun, 06 Nov 1994 08:48:37 GMT", .zero),
        ("", nil), ("soon", nil), ("-5", nil), ("1.5", .milliseconds(1_500)), ("10 apples", nil), ("0x10", nil),
        ("nan", nil),
        ("1e300", .seconds(999_999_999)), ("inf", nil), (".5", nil), ("1e400", .seconds(999_999_999)),
        ("Sun, 99 Foo 1994", nil),
    ])
    func readsRetryAfter(value: String, delay: Duration?) {
        // 37 seconds before the date in RFC 9110 §5.6.7.
        #expect(RetryAfter.delay(value, now: 784_111_740) == delay)
    }
}
