import Testing

@testable import WebSocketCodec

@Suite struct HandshakeTests {
    @Test("RFC 6455 §1.3: the example's accept value")
    func computesTheAcceptValueOfTheRFC() throws {
        let handshake = try evaluate(Self.valid)
        #expect(handshake.accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(handshake.subprotocols == [])
        #expect(
            handshake.responseHeaders(subprotocol: "chat").map { "\($0.name): \($0.value)" } == [
                "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "Sec-WebSocket-Protocol: chat",
            ]
        )
    }

    @Test func readsListsAndIgnoresTheCaseOfWords() throws {
        let handshake = try evaluate(
            Self.valid
                .replacing("upgrade", with: ["h2c, WebSocket"])
                .replacing("connection", with: ["keep-alive , uPgRaDe"])
                .replacing("sec-websocket-protocol", with: ["chat,\tsuper.chat", "v2"])
                .replacing("sec-websocket-extensions", with: ["permessage-deflate; client_max_window_bits", "x"])
        )
        #expect(handshake.subprotocols == ["chat", "super.chat", "v2"])
        #expect(handshake.extensions == ["permessage-deflate; client_max_window_bits", "x"])
    }

    @Test(
        arguments: [
            ("sec-websocket-key", [], 400),
            ("sec-websocket-key", ["dGhlIHNhbXBsZSBub25jZQ==", "AAAAAAAAAAAAAAAAAAAAAA=="], 400),
            ("sec-websocket-key", ["dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ=="], 400),
            // Not canonical: the last character has bits beyond the sixteenth byte.
            ("sec-websocket-key", ["dGhlIHNhbXBsZSBub25jZR=="], 400),
            ("sec-websocket-key", ["dGhlIHNhbXBsZSBub25jZQ"], 400), ("sec-websocket-key", [""], 400),
            ("sec-websocket-key", ["dGhlIHNhbXBsZSBub25j"], 400),
            ("sec-websocket-key", ["dGhlIHNhbXBsZSBub25jZQ=A"], 400),
            ("sec-websocket-key", ["dGhlIHNhbXBsZSBub2-jZQ=="], 400),
            ("sec-websocket-key", ["dGhlIHNhbXBsZSBub25jZXMhIQ=="], 400),
            ("sec-websocket-version", [], 426), ("sec-websocket-version", ["8"], 426),
            ("sec-websocket-version", ["013"], 426), ("sec-websocket-version", ["13, 8"], 426),
            ("sec-websocket-version", ["13", "13"], 400),
            ("upgrade", [], 426), ("upgrade", ["h2c"], 426), ("upgrade", ["websocket2"], 426),
            ("connection", [], 400), ("connection", ["keep-alive"], 400), ("connection", ["upgraded"], 400),
            ("host", [], 400), ("host", ["a", "a"], 400),
            ("content-length", ["5"], 400), ("transfer-encoding", ["chunked"], 400),
            ("sec-websocket-protocol", ["a, a"], 400), ("sec-websocket-protocol", ["a", "a"], 400),
            ("sec-websocket-protocol", [""], 400), ("sec-websocket-protocol", ["a,,b"], 400),
            ("sec-websocket-protocol", ["a b"], 400), ("sec-websocket-protocol", ["a(b)"], 400),
            ("sec-websocket-protocol", ["chat\r\nSet-Cookie: a=b"], 400), ("sec-websocket-protocol", ["é"], 400),
            ("x-anything", ["a\nb"], 400), ("x-anything", ["a\rb"], 400), ("x-anything", ["a\u{0}b"], 400),
            ("x-anything", ["a\u{7F}b"], 400), ("x\r\nanything", ["a"], 400), ("", ["a"], 400),
        ] as [(String, [String], Int)]
    )
    func refuses(name: String, values: [String], status: Int) {
        let error = #expect(throws: HandshakeRefusal.self) { try evaluate(Self.valid.replacing(name, with: values)) }
        #expect(error?.status == status, "\(name): \(values)")
        #expect(error?.code.isEmpty == false && error?.message.hasSuffix(".") == true)
    }

    @Test func refusalsCarryTheHeadersThatTheirStatusDemands() {
        #expect(
            refusal(Self.valid.replacing("sec-websocket-version", with: ["7"]))?.header
                == HandshakeRefusal.Header(name: "Sec-WebSocket-Version", value: "13")
        )
        #expect(
            refusal(Self.valid.replacing("upgrade", with: []))?.header
                == HandshakeRefusal.Header(name: "Upgrade", value: "websocket")
        )
        #expect(refusal(Self.valid, method: "POST")?.header == HandshakeRefusal.Header(name: "Allow", value: "GET"))
    }

    @Test func refusesOtherMethodsAndVersions() {
        #expect(refusal(Self.valid, method: "POST")?.status == 405)
        #expect(refusal(Self.valid, method: "get")?.status == 405)
        #expect(refusal(Self.valid, version: (1, 0))?.status == 400)
        #expect(refusal(Self.valid, version: (2, 0))?.status == 400)
        #expect(refusal(Self.valid, version: (1, 1)) == nil)
    }

    @Test func contentLengthOfZeroIsNoBody() {
        #expect(refusal(Self.valid.replacing("content-length", with: ["0"])) == nil)
    }

    private static let valid = RequestHeaders(fields: [
        (name: "Host", value: "server.example.com"), (name: "Upgrade", value: "websocket"),
        (name: "Connection", value: "Upgrade"), (name: "Sec-WebSocket-Key", value: "dGhlIHNhbXBsZSBub25jZQ=="),
        (name: "Origin", value: "http://example.com"), (name: "Sec-WebSocket-Version", value: "13"),
    ])

    private func evaluate(
        _ headers: RequestHeaders,
        method: String = "GET",
        version: (Int, Int) = (1, 1)
    ) throws(HandshakeRefusal) -> Handshake {
        try Handshake(method: method, version: (major: version.0, minor: version.1), headers: headers.fields)
    }

    private func refusal(
        _ headers: RequestHeaders,
        method: String = "GET",
        version: (Int, Int) = (1, 1)
    ) -> HandshakeRefusal? {
        do throws(HandshakeRefusal) {
            _ = try evaluate(headers, method: method, version: version)
            return nil
        } catch {
            return error
        }
    }
}

/// The header fields of a request, for changing one at a time.
private struct RequestHeaders: Sendable {
    var fields: [(name: String, value: String)]

    func replacing(_ name: String, with values: [String]) -> RequestHeaders {
        RequestHeaders(
            fields: fields.filter { $0.name.lowercased() != name } + values.map { (name: name, value: $0) }
        )
    }
}
