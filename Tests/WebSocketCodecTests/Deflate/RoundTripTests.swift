import NIOCore
import Testing

@testable import WebSocketCodec

@Suite struct RoundTripTests {
    private static let limits = WebSocketLimits(maximumFrameBytes: 1 << 20, maximumMessageBytes: 1 << 20)

    /// Every combination of takeover both ways and of windows both ways.
    private static let combinations: [CompressionParameters] = [nil, 9, 10, 11, 12, 13, 14, 15].flatMap { bits in
        [(true, true), (true, false), (false, true), (false, false)].flatMap { server, client in
            [
                parameters(serverTakeover: server, clientTakeover: client, serverBits: bits, clientBits: bits),
                parameters(
                    serverTakeover: server,
                    clientTakeover: client,
                    serverBits: bits,
                    clientBits: bits.map { $0 == 9 ? 8 : 24 - $0 }
                ),
            ]
        }
    }

    @Test(
        "Random messages, fragments, splits and levels come out of both directions as they went in",
        arguments: combinations
    )
    func bothWays(compression: CompressionParameters) throws {
        let seed = compression.headerValue.utf8.reduce(5_381 as UInt64) { $0 &* 33 &+ UInt64($1) }
        var generator = SeededGenerator(seed: seed)
        for level in [1, Int.random(in: 2...9, using: &generator)] {
            try fromClient(compression, level: level, using: &generator)
            fromServer(compression, level: level, using: &generator)
        }
    }

    private func fromClient(
        _ compression: CompressionParameters,
        level: Int,
        using generator: inout SeededGenerator
    ) throws {
        let sender = try Compressing(compression, level: level)
        var stream: [UInt8] = []
        var expected: [WebSocketEvent] = []
        for _ in 0..<6 {
            let (opcode, message) = Self.message(using: &generator)
            if Int.random(in: 0...4, using: &generator) == 0 {
                stream += frame(opcode, message)
            } else {
                let payload = try sender.payload(message)
                stream += compressedFrames(opcode, payload, in: cut(payload, using: &generator))
            }
            expected.append(Self.event(opcode, message))
        }
        #expect(decode([stream], limits: Self.limits, compression: compression) == Decoded(events: expected))
        #expect(
            decode(cut(stream, using: &generator), limits: Self.limits, compression: compression)
                == Decoded(events: expected)
        )
    }

    private func fromServer(_ compression: CompressionParameters, level: Int, using generator: inout SeededGenerator) {
        var options = CompressionOptions()
        options.threshold = Bool.random(using: &generator) ? 0 : 512
        options.level = level
        var sender = MessageCompressor(compression, options: options)
        var stream = ByteBuffer()
        var expected: [WebSocketEvent] = []
        for _ in 0..<6 {
            let (opcode, message) = Self.message(using: &generator)
            sender.write(opcode == 1 ? .text : .binary, payload: ByteBuffer(bytes: message), into: &stream)
            expected.append(Self.event(opcode, message))
        }
        let pieces = cut(Array(buffer: stream), using: &generator)
        #expect(
            decode(pieces, limits: Self.limits, role: .client, compression: compression) == Decoded(events: expected)
        )
    }

    /// Text or bytes that repeat themselves more or less, from none to many times the window's size.
    private static func message(using generator: inout SeededGenerator) -> (opcode: UInt8, bytes: [UInt8]) {
        let isText = Bool.random(using: &generator)
        let piece =
            isText
            ? Array(generator.text(characters: Int.random(in: 0...80, using: &generator)).utf8)
            : generator.bytes(Int.random(in: 0...80, using: &generator))
        let times = [0, 1, 1, 3, 40, 200].randomElement(using: &generator) ?? 1
        return (isText ? 1 : 2, Array([[UInt8]](repeating: piece, count: times).joined()))
    }

    private static func event(_ opcode: UInt8, _ bytes: [UInt8]) -> WebSocketEvent {
        opcode == 1 ? .text(ByteBuffer(bytes: bytes)) : .binary(ByteBuffer(bytes: bytes))
    }
}
