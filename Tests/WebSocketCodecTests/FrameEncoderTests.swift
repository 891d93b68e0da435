import NIOCore
import Testing

@testable import WebSocketCodec

@Suite struct FrameEncoderTests {
    @Test(arguments: [0, 1, 125, 126, 0xFFFF, 0x10000])
    func serverFramesComeBack(count: Int) {
        var generator = SeededGenerator(seed: 6)
        let payload = ByteBuffer(bytes: generator.bytes(count))
        var buffer = ByteBuffer()
        FrameEncoder.write(.binary, payload: payload, into: &buffer)
        #expect(buffer.readableBytes == FrameEncoder.headerBytes(forPayload: count) + count)
        let limits = WebSocketLimits(maximumFrameBytes: 0x10000, maximumMessageBytes: 0x10000)
        #expect(
            decode([Array(buffer: buffer)], limits: limits, role: .client) == Decoded(events: [.binary(payload)])
        )
    }

    @Test(arguments: [0, 1, 125, 126, 0xFFFF, 0x10000])
    func clientFramesEqualThoseWrittenByHand(count: Int) {
        var generator = SeededGenerator(seed: 7)
        let payload = generator.bytes(count)
        let key = UInt32.random(in: 0...UInt32.max, using: &generator)
        for isFinal in [true, false] {
            var buffer = ByteBuffer()
            FrameEncoder.writeMasked(
                .binary,
                isFinal: isFinal,
                payload: ByteBuffer(bytes: payload),
                key: key,
                into: &buffer
            )
            #expect(Array(buffer: buffer) == frame(0x2, payload, final: isFinal, key: key))
        }
    }
}
