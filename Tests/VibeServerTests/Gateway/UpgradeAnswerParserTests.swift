import NIOCore
import NIOHTTP1
import Testing

@testable import VibeServer

@Suite struct UpgradeAnswerParserTests {
    private let head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection:  Upgrade \r\n\r\n"

    @Test func readsTheSameHoweverItIsCut() throws {
        let bytes = Array((head + "rest").utf8)
        for cut in 0...bytes.count {
            var parser = UpgradeAnswerParser()
            var found = try parser.feed(ByteBuffer(bytes: bytes[..<cut]))
            if found == nil { found = try parser.feed(ByteBuffer(bytes: bytes[cut...])) }
            let headers = try #require(found)
            #expect(headers["upgrade"] == ["websocket"] && headers["connection"] == ["Upgrade"])
            #expect("rest".hasPrefix(String(buffer: parser.buffer)))
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n\r\n", GatewayError.badUpgrade), ("HTTP/1.1 1010 x\r\n\r\n", .badUpgrade),
        ("HTTP/1.0 101 x\r\n\r\n", .malformed), ("hello\r\n\r\n", .malformed),
        ("HTTP/1.1 101 x\r\nno colon\r\n\r\n", .malformed),
        ("HTTP/1.1 101 x\r\na b: c\r\n\r\n", .malformed), ("HTTP/1.1 101 x\r\nA: b\r\n folded\r\n\r\n", .malformed),
        ("HTTP/1.1 101 x\r\nA: b\rc\r\n\r\n", .malformed), ("HTTP/1.1 101 x\r\nA: b\u{1}\r\n\r\n", .malformed),
    ])
    func refuses(text: String, expected: GatewayError) {
        var parser = UpgradeAnswerParser()
        #expect(throws: expected) { try parser.feed(ByteBuffer(string: text)) }
    }

    @Test func refusesAHeadWithoutEnd() throws {
        var parser = UpgradeAnswerParser()
        let piece = ByteBuffer(string: "HTTP/1.1 101 x\r\n" + String(repeating: "A: b\r\n", count: 1_000))
        #expect(try parser.feed(piece) == nil)
        #expect(throws: GatewayError.malformed) {
            for _ in 0..<4 { _ = try parser.feed(piece) }
        }
    }
}
