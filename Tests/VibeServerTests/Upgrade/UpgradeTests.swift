import NIOCore
import NIOHTTP1
import Testing
import WebSocketCodec

@testable import VibeServer

@Suite(.timeLimit(.minutes(1))) struct UpgradeTests {
    @Test("RFC 6455 §4.2.2: 101, and the frame that came in the same bytes is not lost")
    func acceptsAndDeliversWhatFollowsTheRequest() async throws {
        try await withUpgradeServer { server in
            try await server.connect { connection in
                try await connection.send(Array(upgradeRequest().utf8) + maskedText("early"))
                let text = try await connection.read(through: "\u{5}early")
                #expect(
                    text
                        == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n\u{FFFD}\u{5}early"
                )
                try await connection.send(maskedText("later"))
                try await connection.read(through: "\u{5}later")
            }
        }
    }

    @Test func acceptsARequestThatArrivesByteByByte() async throws {
        try await withUpgradeServer { server in
            try await server.connect { connection in
                for byte in Array(upgradeRequest().utf8) + maskedText("slow") {
                    try await connection.send([byte])
                }
                let answer = try await connection.read(through: "\u{4}slow")
                #expect(answer.hasPrefix("HTTP/1.1 101 "))
            }
        }
    }

    @Test func acceptsAfterADecisionThatTakesItsTime() async throws {
        let router = FixedRouter { head in
            .accept(headers: ["Upgrade": "test"]) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(RawEchoHandler())
                }
            }
        }
        try await withUpgradeServer(router: router) { server in
            try await server.connect { connection in
                try await connection.send(upgradeRequest() + "raw bytes")
                try await connection.read(through: "raw bytes")
                try await connection.send("more")
                let text = try await connection.read(through: "more")
                #expect(text == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: test\r\n\r\nraw bytesmore")
            }
        }
    }

    @Test func endOfInputEndsAnUpgradedConnection() async throws {
        try await withUpgradeServer { server in
            try await server.connect { connection in
                try await connection.send(upgradeRequest())
                try await connection.read(through: "\r\n\r\n")
                connection.finish()
                let answer = try await connection.readToEnd()
                #expect(answer.hasSuffix("\r\n\r\n"))
            }
        }
    }

    @Test("RFC 6455 §4.4: another version is answered 426; the request behind it stays unread")
    func refusesAndLeavesPipelinedRequestsUnread() async throws {
        try await withUpgradeServer { server in
            let request = upgradeRequest(["Sec-WebSocket-Version": "8"]) + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
            let answer = try await server.exchange(request)
            #expect(answer.hasPrefix("HTTP/1.1 426 Upgrade Required\r\n"))
            #expect(answer.contains("\r\nSec-WebSocket-Version: 13\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(answer.contains(#"{"error":{"code":"websocket_version","message":"#))
            #expect(answer.contains(#""request_id":""#))
            #expect(responses(answer) == 1)
            #expect(server.counter.value == 0)
        }
    }

    @Test(arguments: [
        ["Sec-WebSocket-Key": "short"], ["Connection": "keep-alive"], ["Content-Length": "4"],
        ["Sec-WebSocket-Protocol": "a b"],
    ])
    func refusesAnUnsoundHandshake(changes: [String: String]) async throws {
        try await withUpgradeServer { server in
            let answer = try await server.exchange(upgradeRequest(changes) + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(responses(answer) == 1)
            #expect(server.counter.value == 0)
        }
    }

    @Test func refusesTheSecondRequestOfAConnection() async throws {
        try await withUpgradeServer { server in
            let answer = try await server.exchange(
                "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n" + upgradeRequest() + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
            )
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("helloHTTP/1.1 426 Upgrade Required\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(responses(answer) == 2)
        }
    }

    @Test func passesARequestOnToTheRoutes() async throws {
        try await withUpgradeServer(router: FixedRouter { _ in .pass }) { server in
            let answer = try await server.exchange(upgradeRequest(target: "/hello") + "not HTTP at all")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(answer.hasSuffix("\r\n\r\nhello"))
            #expect(responses(answer) == 1)
        }
    }

    @Test func routersStatusAndHeadersAreSent() async throws {
        let router = FixedRouter { _ in
            .refuse(status: .forbidden, headers: ["X-Why": "origin"], code: "origin", message: "Not from \"there\".")
        }
        try await withUpgradeServer(router: router) { server in
            let answer = try await server.exchange(upgradeRequest())
            #expect(answer.hasPrefix("HTTP/1.1 403 Forbidden\r\nX-Why: origin\r\n"))
            #expect(answer.contains(#"{"error":{"code":"origin","message":"Not from \"there\".","request_id":""#))
        }
    }

    @Test func routerThatFailsIsAnswered500() async throws {
        let router = FixedRouter { _ in throw UpgradeTestFailure.noPort }
        try await withUpgradeServer(router: router) { server in
            let answer = try await server.exchange(upgradeRequest())
            #expect(answer.hasPrefix("HTTP/1.1 500 Internal Server Error\r\n"))
        }
    }

    @Test func acceptedRequestWithoutConnectionUpgradeIsRefused() async throws {
        let router = FixedRouter { _ in .accept(headers: [:]) { $0.eventLoop.makeSucceededVoidFuture() } }
        try await withUpgradeServer(router: router) { server in
            let answer = try await server.exchange(upgradeRequest(["Connection": "keep-alive"]))
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test func otherUpgradesAreIgnoredAndTheConnectionCloses() async throws {
        try await withUpgradeServer { server in
            let answer = try await server.exchange(
                "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\nwhatever"
            )
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.hasSuffix("\r\n\r\nhello"))
            #expect(responses(answer) == 1)
        }
    }
}

/// Echoes bytes.
private final class RawEchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(data, promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.close(promise: nil)
    }
}

/// The example request of RFC 6455 §1.3 with some header fields changed or added.
func upgradeRequest(_ changes: [String: String] = [:], target: String = "/socket") -> String {
    var fields = [
        "Host": "server.example.com", "Upgrade": "websocket", "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13",
    ]
    fields.merge(changes) { $1 }
    return "GET \(target) HTTP/1.1\r\n" + fields.map { "\($0): \($1)\r\n" }.sorted().joined() + "\r\n"
}

func maskedText(_ text: String) -> [UInt8] {
    var buffer = ByteBuffer()
    FrameEncoder.writeMasked(.text, payload: ByteBuffer(string: text), key: 0x0403_0201, into: &buffer)
    return Array(buffer: buffer)
}

/// How many responses a stream of bytes holds.
func responses(_ text: String) -> Int {
    text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).count - 1
}
