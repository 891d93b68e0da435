import NIOCore
import Testing

@testable import WebSocketCodec

@Suite struct MessageDecoderTests {
    @Test("RFC 6455 §5.7: the examples")
    func decodesTheExamplesOfTheRFC() {
        let masked: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(decode([masked]) == Decoded(events: [.text(ByteBuffer(string: "Hello"))]))
        let unmasked: [UInt8] = [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]
        #expect(decode([unmasked], role: .client) == Decoded(events: [.text(ByteBuffer(string: "Hello"))]))
        let fragments: [UInt8] = [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F]
        #expect(decode([fragments], role: .client) == Decoded(events: [.text(ByteBuffer(string: "Hello"))]))
    }

    @Test(arguments: [0, 1, 125, 126, 127, 0xFFFF, 0x10000])
    func decodesEveryLengthEncodingByteByByte(count: Int) {
        let payload = SeededGenerator(seed: UInt64(count)).withCopy { $0.bytes(count) }
        let limits = WebSocketLimits(maximumFrameBytes: 0x10000, maximumMessageBytes: 0x10000)
        let bytes = frame(0x2, payload) + frame(0xA)
        let expected = Decoded(events: [.binary(ByteBuffer(bytes: payload)), .pong(ByteBuffer())])
        #expect(decode([bytes], limits: limits) == expected)
        #expect(decode(bytes.map { [$0] }, limits: limits) == expected)
    }

    @Test func interleavedControlFramesComeBeforeTheMessageThatTheyInterrupt() {
        let bytes =
            frame(0x1, Array("a".utf8), final: false) + frame(0x9, [1]) + frame(0x0, Array("b".utf8), final: false)
            + frame(0xA, [2]) + frame(0x0, Array("c".utf8))
        let expected: [WebSocketEvent] = [
            .ping(ByteBuffer(bytes: [1])), .pong(ByteBuffer(bytes: [2])), .text(ByteBuffer(string: "abc")),
        ]
        #expect(decode([bytes]).events == expected)
        #expect(decode(bytes.map { [$0] }).events == expected)
    }

    @Test func characterMayBeCutBetweenFragments() {
        let euro = Array("€".utf8)
        let bytes = frame(0x1, [euro[0]], final: false) + frame(0x0, [euro[1]], final: false) + frame(0x0, [euro[2]])
        #expect(decode([bytes]).events == [.text(ByteBuffer(string: "€"))])
    }

    /// Bytes that break the protocol, each in one way.
    private static let violations: [Sample] = [
        Sample("unmasked frame", frame(0x1, [0x41], key: nil)),
        Sample("RSV1 without an extension", frame(0x1, [0x41], reserved: 0x40)),
        Sample("RSV2", frame(0x2, reserved: 0x20)),
        Sample("RSV3", frame(0x2, reserved: 0x10)),
        Sample("RSV1 on a ping", frame(0x9, reserved: 0x40)),
        Sample("reserved data opcode", frame(0x3)),
        Sample("reserved control opcode", frame(0xB)),
        Sample("fragmented ping", frame(0x9, final: false)),
        Sample("fragmented close", frame(0x8, final: false)),
        Sample("ping of 126 bytes", frame(0x9, [UInt8](repeating: 0, count: 126))),
        Sample("continuation of nothing", frame(0x0, [0x41])),
        Sample("unfinished continuation of nothing", frame(0x0, [0x41], final: false)),
        Sample("text inside a text", frame(0x1, final: false) + frame(0x1)),
        Sample("binary inside a text", frame(0x1, final: false) + frame(0x2)),
        Sample("length 2^63", [0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        Sample("125 in two bytes", [0x82, 0xFE, 0, 125, 0, 0, 0, 0]),
        Sample("65535 in eight bytes", [0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        Sample("close body of one byte", frame(0x8, [3])),
    ]

    @Test(arguments: violations)
    func endsWith1002(sample: Sample) {
        for decoded in [decode([sample.bytes]), decode(sample.bytes.map { [$0] })] {
            #expect(decoded.events == [])
            #expect(decoded.error?.closeCode == 1002)
        }
    }

    @Test("RFC 6455 §5.1: a client refuses masked frames")
    func clientRefusesMaskedFrames() {
        #expect(decode([frame(0x1, [0x41])], role: .client).error?.closeCode == 1002)
    }

    /// Bytes that are one too many for a frame of 10, a message of 20 or 3 fragments.
    private static let oversized: [Sample] = [
        Sample("length 2^63 - 1", [0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
        Sample("frame of 11", frame(0x2, [UInt8](repeating: 0, count: 11))),
        Sample("text of 11", frame(0x1, [UInt8](repeating: 0x41, count: 11))),
        Sample(
            "message of 21",
            frame(0x2, zeros(10), final: false) + frame(0x0, zeros(10), final: false) + frame(0x0, [0])
        ),
        Sample(
            "fourth fragment",
            frame(0x2, final: false) + frame(0x0, final: false) + frame(0x0, final: false) + frame(0x0)
        ),
    ]

    @Test(arguments: oversized)
    func endsWith1009(sample: Sample) {
        let limits = WebSocketLimits(maximumFrameBytes: 10, maximumMessageBytes: 20, maximumFragments: 3)
        for decoded in [decode([sample.bytes], limits: limits), decode(sample.bytes.map { [$0] }, limits: limits)] {
            #expect(decoded == Decoded(events: [], error: .tooLarge))
        }
    }

    @Test func acceptsExactlyTheLimits() {
        let limits = WebSocketLimits(maximumFrameBytes: 10, maximumMessageBytes: 20, maximumFragments: 3)
        let bytes =
            frame(0x2, zeros(10), final: false) + frame(0x0, zeros(10), final: false) + frame(0x0)
            + frame(0x2, zeros(10))
        #expect(
            decode([bytes], limits: limits)
                == Decoded(events: [.binary(ByteBuffer(bytes: zeros(20))), .binary(ByteBuffer(bytes: zeros(10)))])
        )
    }

    @Test func refusesAnOversizedFrameByItsHeaderAlone() {
        var header = frame(0x2, zeros(70_000))
        header.removeSubrange(14...)
        #expect(decode([header]) == Decoded(error: .tooLarge))
    }

    @Test("RFC 6455 §8.1: fails at the byte that is not UTF-8, in the middle of a frame")
    func failsAtTheWrongByte() {
        let bytes = frame(0x1, Array("κόσμε".utf8) + [0xF4, 0x90, 0x80, 0x80] + Array("edited".utf8))
        let wrong = 6 + "κόσμε".utf8.count + 1
        #expect(decode([Array(bytes[..<wrong])]) == Decoded())
        #expect(decode([Array(bytes[..<wrong]), [bytes[wrong]]]) == Decoded(error: .invalidUTF8))
        #expect(decode([bytes]) == Decoded(error: .invalidUTF8))
    }

    @Test func refusesATextThatEndsInsideACharacter() {
        #expect(decode([frame(0x1, [0xE2, 0x82])]) == Decoded(error: .invalidUTF8))
        #expect(decode([frame(0x1, [0xE2], final: false) + frame(0x0)]) == Decoded(error: .invalidUTF8))
    }

    @Test func binaryMayBeAnything() {
        #expect(decode([frame(0x2, [0xFF, 0xC0])]).events == [.binary(ByteBuffer(bytes: [0xFF, 0xC0]))])
    }

    @Test("RFC 6455 §5.5.1: data after close is ignored")
    func ignoresEverythingAfterClose() {
        let bytes = frame(0x8, closeBody(1000, Array("bye".utf8)))
        let expected = Decoded(events: [.close(CloseStatus(code: 1000, reason: "bye"))])
        #expect(decode([bytes + frame(0x1, [0x41]) + [0xFF, 0xFF]]) == expected)
        #expect(decode([bytes, frame(0x1, [0x41]), [0xFF, 0xFF]]) == expected)
    }

    @Test func ignoresEverythingAfterAnError() {
        #expect(decode([frame(0x3), frame(0x1, [0x41])]) == Decoded(error: .protocolViolation("reserved opcode")))
    }

    @Test func leavesBytesThatOthersHoldAsTheyAre() {
        let shared = ByteBuffer(bytes: frame(0x2, [1, 2, 3]) + frame(0x9, [4]))
        let before = Array(buffer: shared)
        var decoder = MessageDecoder()
        decoder.append(shared)
        var decoded = Decoded()
        drain(&decoder, into: &decoded)
        #expect(decoded.events == [.binary(ByteBuffer(bytes: [1, 2, 3])), .ping(ByteBuffer(bytes: [4]))])
        #expect(Array(buffer: shared) == before)
    }

    @Test func randomMessagesSurviveFragmentsPingsAndCuts() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<300 {
            var stream: [UInt8] = []
            var expected: [WebSocketEvent] = []
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                append(&stream, &expected, using: &generator)
            }
            #expect(decode(cut(stream, using: &generator)) == Decoded(events: expected))
            #expect(decode([stream]) == Decoded(events: expected))
        }
    }

    @Test func randomBytesNeverTrap() {
        var generator = SeededGenerator(seed: 5)
        var outcomes: Set<UInt16> = []
        for _ in 0..<5_000 {
            var bytes = frame(0x1, final: Bool.random(using: &generator)) + generator.bytes(40)
            // Mostly a mask bit, so that more than the first check is reached.
            bytes[7] |= 0x80
            bytes[6] &= 0x8F
            if let code = decode(cut(bytes, using: &generator)).error?.closeCode { outcomes.insert(code) }
        }
        #expect(outcomes.isSuperset(of: [1002, 1007, 1009]))
    }

    /// Adds a message in random fragments, with pings and pongs between them.
    private func append(
        _ stream: inout [UInt8],
        _ expected: inout [WebSocketEvent],
        using generator: inout SeededGenerator
    ) {
        let isText = Bool.random(using: &generator)
        let count = Int.random(in: 0...200, using: &generator)
        let payload = isText ? Array(generator.text(characters: count).utf8) : generator.bytes(count)
        let fragments = cut(payload, using: &generator)
        for (index, fragment) in fragments.enumerated() {
            let opcode: UInt8 = index > 0 ? 0x0 : isText ? 0x1 : 0x2
            stream += frame(
                opcode,
                fragment,
                final: index == fragments.count - 1,
                key: UInt32.random(in: 0...3, using: &generator) &* 0x5D3C_9A71
            )
            guard index < fragments.count - 1, Bool.random(using: &generator) else { continue }
            let body = generator.bytes(Int.random(in: 0...125, using: &generator))
            let isPing = Bool.random(using: &generator)
            stream += frame(isPing ? 0x9 : 0xA, body)
            expected.append(isPing ? .ping(ByteBuffer(bytes: body)) : .pong(ByteBuffer(bytes: body)))
        }
        expected.append(isText ? .text(ByteBuffer(bytes: payload)) : .binary(ByteBuffer(bytes: payload)))
    }
}

/// Bytes and what is wrong with them.
struct Sample: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]

    init(_ description: String, _ bytes: [UInt8]) {
        testDescription = description
        self.bytes = bytes
    }
}

private func zeros(_ count: Int) -> [UInt8] {
    [UInt8](repeating: 0, count: count)
}

extension SeededGenerator {
    fileprivate func withCopy<Result>(_ body: (inout SeededGenerator) -> Result) -> Result {
        var copy = self
        return body(&copy)
    }
}
