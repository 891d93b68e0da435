import NIOCore
import Orchestration
import Testing

@testable import VibeServer

@Suite struct PreviewTunnelTests {
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    private static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    private static let own = "http://\(GatewayHarness.appID).vibe.localhost:8080"
    private static let agreed =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: \(accept)\r\n\r\n"

    private func request(origin: String?, path: String = "/_bun/hmr", more: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: \(GatewayHarness.host)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(Self.key)\r\nCookie: a=b\r\n"
            + (origin.map { "Origin: \($0)\r\n" } ?? "") + more + "\r\n"
    }

    private func answer(_ upstream: ScriptedUpstream, _ request: String) async throws -> RawResponse {
        let text = try await GatewayHarness.run(.running(socketPath: upstream.path)) { port in
            try await WireClient.open(port: port) { client in
                try await client.write(request)
                return try await client.readToEnd()
            }
        }
        return try #require(RawResponse(text))
    }

    @Test func bytesFlowBothWays() async throws {
        try await ScriptedUpstream.run { connection in
            let head = try await connection.head()
            #expect(head.hasPrefix("GET /_bun/hmr HTTP/1.1\r\nHost: localhost\r\n"))
            #expect(!head.contains("Cookie") && head.contains("Sec-WebSocket-Key: \(Self.key)"))
            // What comes right behind the head must not be lost.
            try await connection.write(Self.agreed + "early")
            let got = try await connection.read(until: "ping")
            try await connection.write(got.hasSuffix("ping") ? "pong" : "lost")
            _ = try await connection.read(until: "bye")
        } _: { upstream in
            try await GatewayHarness.run(.running(socketPath: upstream.path)) { port in
                try await WireClient.open(port: port) { client in
                    try await client.write(request(origin: Self.own) + "pi")
                    let head = try #require(RawResponse(try await client.read(until: "\r\n\r\n")))
                    #expect(head.status == 101 && head["sec-websocket-accept"] == Self.accept)
                    #expect(try await client.read(until: "early") == "early")
                    try await client.write("ng")
                    #expect(try await client.read(until: "pong") == "pong")
                    try await client.write("bye")
                    #expect(try await client.readToEnd().isEmpty)
                }
            }
        }
    }

    @Test func aSlowReaderHoldsTheSenderUp() async throws {
        let total = 20_000_000
        try await ScriptedUpstream.run { connection in
            _ = try await connection.head()
            try await connection.write(Self.agreed)
            let piece = ByteBuffer(repeating: UInt8(ascii: "x"), count: 100_000)
            for _ in 0..<(total / 100_000) { try await connection.outbound.write(piece) }
            try await connection.write("END")
        } _: { upstream in
            try await GatewayHarness.run(.running(socketPath: upstream.path)) { port in
                try await WireClient.open(port: port) { client in
                    try await client.write(request(origin: Self.own))
                    _ = try await client.read(until: "\r\n\r\n")
                    let count = try await client.readToEnd().utf8.count
                    #expect(count == total + 3)
                }
            }
        }
    }

    @Test(
        arguments: [
            nil, "null", "http://evil.example", "http://vibe.localhost:8080",
            "http://app-bbbbbbbbbbbbbbbb.vibe.localhost:8080",
            "http://127.0.0.1:8080", "\(own).evil.example", "https://\(GatewayHarness.appID).vibe.localhost:8080",
        ] as [String?]
    )
    func onlyThePreviewsOwnPageMayOpenIt(origin: String?) async throws {
        let (heads, continuation) = AsyncStream<String>.makeStream()
        let response = try await ScriptedUpstream.run { connection in
            continuation.yield(try await connection.head())
        } _: {
            try await answer($0, request(origin: origin))
        }
        continuation.finish()
        #expect(response.status == 403)
        for await head in heads { Issue.record("reached the app: \(head)") }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
        "HTTP/1.1 101 x\r\nUpgrade: h2c\r\nSec-WebSocket-Accept: \(accept)\r\n\r\n", "nonsense\r\n\r\n", "",
        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: \(accept)\r\nSec-WebSocket-Protocol: other\r\n\r\n",
        "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: \(accept)\r\nSec-WebSocket-Extensions: x\r\n\r\n",
    ])
    func aWrongAgreementBecomes502(text: String) async throws {
        let response = try await ScriptedUpstream.run { connection in
            _ = try await connection.head()
            try await connection.write(text)
        } _: {
            try await answer($0, request(origin: Self.own))
        }
        #expect(response.status == 502)
    }

    @Test func whatIsPipelinedBehindARefusalStaysUnread() async throws {
        let response = try await ScriptedUpstream.run { _ in
        } _: {
            try await answer($0, request(origin: nil) + "GET / HTTP/1.1\r\nHost: \(GatewayHarness.host)\r\n\r\n")
        }
        #expect(response.status == 403)
        #expect(!response.body.contains("HTTP/1.1"))
    }

    @Test func controlPathsAreNotUpgraded() async throws {
        let response = try await ScriptedUpstream.run { _ in
        } _: {
            try await answer($0, request(origin: Self.own, path: "/heartbeat"))
        }
        #expect(response.status == 404)
    }
}
