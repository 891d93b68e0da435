import NIOCore
import Testing

@testable import WebSocketCodec

@Suite struct SharedFrameCompressorTests {
    private static let json = ByteBuffer(
        string: "[" + (0..<60).map { "{\"id\":\($0),\"text\":\"line \($0 * 7)\"}" }.joined(separator: ",") + "]"
    )

    @Test func oneFrameServesEveryReceiverAndInAnyOrder() throws {
        let compressor = SharedFrameCompressor()
        let first = try #require(compressor.compressedFrame(payload: Self.json))
        let again = try #require(compressor.compressedFrame(payload: Self.json))
        #expect(first == again, "a frame depends on nothing but its message")
        #expect(first.readableBytes < Self.json.readableBytes / 2)
        #expect(first.getInteger(at: first.readerIndex, as: UInt8.self) == 0xC1)
        let bytes = Array(buffer: first)
        let negotiated = try #require(
            CompressionParameters.negotiate(["permessage-deflate"], policy: .noContextTakeover)
        )
        let event = WebSocketEvent.text(Self.json)
        #expect(decode([bytes], role: .client, compression: negotiated) == Decoded(events: [event]))
        #expect(decode([bytes + bytes], role: .client, compression: negotiated) == Decoded(events: [event, event]))
    }

    @Test func partsAreOneMessage() throws {
        let compressor = SharedFrameCompressor()
        var rest = Self.json
        let slice = rest.readSlice(length: 100)
        let head = try #require(slice)
        let frame = try #require(compressor.compressedFrame(parts: [head, ByteBuffer(), rest]))
        #expect(
            decode([Array(buffer: frame)], role: .client, compression: parameters(serverTakeover: false))
                == Decoded(events: [.text(Self.json)])
        )
    }

    @Test("RFC 7692 §7.2.3.5: a part that is compressed once stands in the middle of everybody's own message")
    func aSharedPartServesEveryMessage() throws {
        let part = try #require(SharedFrameCompressor().compressedPart(Self.json))
        let compression = parameters(serverTakeover: false)
        var stream: [UInt8] = []
        var expected: [WebSocketEvent] = []
        for (head, tail) in [("", ""), ("{\"id\":1,\"data\":", "}"), (String(repeating: "α", count: 40_000), "\n")] {
            let frame = part.frame(head: ByteBuffer(string: head), tail: ByteBuffer(string: tail))
            stream += Array(buffer: frame.start) + Array(buffer: frame.shared) + Array(buffer: frame.end)
            expected.append(.text(ByteBuffer(string: head + String(buffer: Self.json) + tail)))
        }
        let limits = WebSocketLimits(maximumFrameBytes: 1 << 20, maximumMessageBytes: 1 << 20)
        #expect(decode([stream], limits: limits, role: .client, compression: compression) == Decoded(events: expected))
        #expect(
            decode(stream.map { [$0] }, limits: limits, role: .client, compression: compression)
                == Decoded(events: expected)
        )
    }

    @Test func whatIsNotWorthItStaysUncompressed() {
        var options = CompressionOptions()
        options.threshold = 64
        let compressor = SharedFrameCompressor(options: options)
        #expect(compressor.compressedFrame(payload: ByteBuffer(repeating: 0x61, count: 63)) == nil)
        #expect(compressor.compressedFrame(payload: ByteBuffer(repeating: 0x61, count: 64)) != nil)
        var generator = SeededGenerator(seed: 3)
        #expect(compressor.compressedFrame(payload: ByteBuffer(bytes: generator.bytes(5_000))) == nil)
        #expect(SharedFrameCompressor().compressedFrame(payload: ByteBuffer(repeating: 0x61, count: 511)) == nil)
        options.threshold = 0
        #expect(SharedFrameCompressor(options: options).compressedFrame(payload: ByteBuffer()) == nil)
        options.isEnabled = false
        #expect(SharedFrameCompressor(options: options).compressedFrame(payload: Self.json) == nil)
    }

    @Test func manyThreadsMayUseOne() async {
        let compressor = SharedFrameCompressor()
        let expected = compressor.compressedFrame(payload: Self.json)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 {
                group.addTask { compressor.compressedFrame(payload: Self.json) == expected }
            }
            for await isEqual in group { #expect(isEqual) }
        }
    }
}
