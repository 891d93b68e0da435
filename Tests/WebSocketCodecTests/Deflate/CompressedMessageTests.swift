import NIOCore
import Testing

@testable import WebSocketCodec

@Suite struct CompressedMessageTests {
    private static let hello = Decoded(events: [.text(ByteBuffer(string: "Hello"))])

    /// The payloads of RFC 7692 §7.2.3, all of them "Hello".
    private static let examples: [Sample] = [
        Sample("one block (§7.2.3.1)", [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]),
        Sample("no compression (§7.2.3.3)", [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]),
        Sample("BFINAL (§7.2.3.4)", [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]),
        Sample(
            "two blocks (§7.2.3.5)",
            [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00]
        ),
        // What peers are known to send.
        Sample("BFINAL at the very end", [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]),
        Sample("with the tail left in", [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00, 0x00, 0xFF, 0xFF]),
    ]

    @Test(arguments: examples)
    func inflatesHoweverCut(sample: Sample) {
        let whole = compressedFrames(0x1, sample.bytes)
        let inFragments = compressedFrames(0x1, sample.bytes, in: [[]] + sample.bytes.map { [$0] } + [[]])
        for compression in [parameters(), parameters(clientTakeover: false), parameters(clientBits: 8)] {
            for bytes in [whole, inFragments] {
                #expect(decode([bytes], compression: compression) == Self.hello)
                #expect(decode(bytes.map { [$0] }, compression: compression) == Self.hello)
                // The next message starts where this one has ended.
                #expect(
                    decode([bytes + bytes], compression: compression).events == Self.hello.events + Self.hello.events
                )
            }
        }
    }

    @Test("RFC 7692 §7.2.3.2: the second message refers to the first")
    func keepsTheWindowWhereNegotiated() {
        let first = compressedFrames(0x1, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
        let second = compressedFrames(0x1, [0xF2, 0x00, 0x11, 0x00, 0x00])
        let both = Decoded(events: Self.hello.events + Self.hello.events)
        #expect(decode([first + second], compression: parameters()) == both)
        #expect(decode([first, second], compression: parameters(clientBits: 9)) == both)
    }

    @Test("RFC 7692 §7.1.1.2: without takeover nothing of an earlier message can be reached")
    func forgetsTheWindowWhereNegotiated() {
        let secret = compressedFrames(0x1, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])
        let reaching = compressedFrames(0x1, [0xF2, 0x00, 0x11, 0x00, 0x00])
        let compression = parameters(clientTakeover: false)
        #expect(
            decode([secret + reaching], compression: compression)
                == Decoded(events: Self.hello.events, error: .invalidDeflateData)
        )
        // Nor of a message of another connection that the same inflater has served.
        #expect(decode([secret], compression: compression) == Self.hello)
        #expect(decode([reaching], compression: compression) == Decoded(error: .invalidDeflateData))
    }

    @Test("RFC 7692 §7.2.3.4: the window lives on behind a block with BFINAL")
    func keepsTheWindowBehindAFinalBlock() {
        let first = compressedFrames(0x1, [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00])
        let second = compressedFrames(0x1, [0xF2, 0x00, 0x11, 0x00, 0x00])
        #expect(decode([first + second], compression: parameters()).events.count == 2)
    }

    @Test func emptyMessagesAreMessages() {
        for payload in [[], [0x00], [0x02, 0x00], [0x03, 0x00, 0x00]] as [[UInt8]] {
            let bytes = compressedFrames(0x2, payload)
            #expect(
                decode([bytes + bytes], compression: parameters())
                    == Decoded(events: [.binary(ByteBuffer()), .binary(ByteBuffer())])
            )
        }
    }

    @Test("RFC 7692 §6.1: uncompressed messages and control frames mix with compressed ones")
    func mixesWithWhatIsNotCompressed() {
        let payload: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        let bytes =
            frame(0x1, Array("plain".utf8)) + frame(0x1, Array(payload[..<3]), final: false, reserved: 0x40)
            + frame(0x9, [1]) + frame(0x0, Array(payload[3...])) + frame(0x2, final: false) + frame(0x0, [9])
        let expected = Decoded(events: [
            .text(ByteBuffer(string: "plain")), .ping(ByteBuffer(bytes: [1])), .text(ByteBuffer(string: "Hello")),
            .binary(ByteBuffer(bytes: [9])),
        ])
        #expect(decode([bytes], compression: parameters()) == expected)
        #expect(decode(bytes.map { [$0] }, compression: parameters()) == expected)
    }

    @Test(
        "RFC 7692 §6: reserved bits where they must not stand end with 1002",
        arguments: [
            Sample("RSV1 on a ping", frame(0x9, reserved: 0x40)), Sample("RSV1 on a close", frame(0x8, reserved: 0x40)),
            Sample("RSV1 on a continuation", frame(0x1, final: false, reserved: 0x40) + frame(0x0, reserved: 0x40)),
            Sample("RSV1 on a later fragment", frame(0x1, final: false) + frame(0x0, reserved: 0x40)),
            Sample("RSV2", frame(0x1, reserved: 0x20)), Sample("RSV1 and RSV3", frame(0x1, reserved: 0x50)),
        ]
    )
    func endsWith1002(sample: Sample) {
        #expect(decode([sample.bytes], compression: parameters()).error?.closeCode == 1002)
    }

    @Test(
        "RFC 7692 §7.2.2: what is no DEFLATE data ends with 1007",
        arguments: [
            Sample("reserved block type", [0x07, 0x00]),
            Sample("stored length without its complement", [0, 5, 0, 0, 0]),
            Sample("distance before the beginning", [0xF2, 0x00, 0x11, 0x00, 0x00]),
            Sample("cut in the middle of a block", [0xF2, 0x48, 0xCD]),
            Sample("stored block without its bytes", [0x00, 0x09, 0x00, 0xF6, 0xFF, 0x48]),
            Sample("bad code lengths", [0x04, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
            Sample("a BFINAL block and rubbish", [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x07]),
        ]
    )
    func endsWith1007(sample: Sample) {
        for bytes in [compressedFrames(0x2, sample.bytes), compressedFrames(0x2, [], in: sample.bytes.map { [$0] })] {
            let decoded = decode([bytes], compression: parameters())
            #expect(decoded == Decoded(error: .invalidDeflateData))
            #expect(decoded.error?.closeCode == 1007)
        }
    }

    @Test func aSenderThatExceedsItsWindowIsRefusedOrUnderstoodButNeverMisread() throws {
        var generator = SeededGenerator(seed: 9)
        let half = generator.bytes(1_000)
        let payload = try Compressing(parameters()).payload(half + half)
        let bytes = compressedFrames(0x2, payload)
        let narrow = parameters(clientBits: 9)
        #expect(decode(bytes.map { [$0] }, compression: narrow) == Decoded(error: .invalidDeflateData))
        #expect(decode([bytes], compression: narrow) == Decoded(events: [.binary(ByteBuffer(bytes: half + half))]))
    }

    @Test func textIsCheckedAsItInflates() throws {
        let sender = try Compressing(parameters(clientTakeover: false))
        let wrong = try sender.payload(Array("abc".utf8) + [0xFF] + Array("def".utf8))
        #expect(decode([compressedFrames(0x1, wrong)], compression: parameters()) == Decoded(error: .invalidUTF8))
        let unfinished = try sender.payload([0xE2, 0x82])
        #expect(decode([compressedFrames(0x1, unfinished)], compression: parameters()) == Decoded(error: .invalidUTF8))
        // The fragment that follows never needs to come.
        let first = Array(
            frame(0x1, try sender.payload([UInt8](repeating: 0xC0, count: 9_000)), final: false, reserved: 0x40)
        )
        #expect(decode([first], compression: parameters()) == Decoded(error: .invalidUTF8))
        #expect(decode([compressedFrames(0x2, wrong)], compression: parameters()).error == nil)
    }

    @Test("A bomb ends with 1009 and costs no more than the limit")
    func limitsWhatIsInflated() throws {
        let limits = WebSocketLimits(maximumFrameBytes: 65_536, maximumMessageBytes: 10_000)
        let sender = try Compressing(parameters(clientTakeover: false))
        let exact = [UInt8](repeating: 0x41, count: 10_000)
        for keep in [true, false] {
            let compression = parameters(clientTakeover: keep)
            for (message, isAllowed) in [(exact, true), (exact + [0x41], false), (exact + exact, false)] {
                let payload = try sender.payload(message)
                for bytes in [compressedFrames(0x1, payload), compressedFrames(0x1, [], in: payload.map { [$0] })] {
                    let expected =
                        isAllowed ? Decoded(events: [.text(ByteBuffer(bytes: message))]) : Decoded(error: .tooLarge)
                    #expect(decode([bytes], limits: limits, compression: compression) == expected)
                    #expect(decode(bytes.map { [$0] }, limits: limits, compression: compression) == expected)
                }
            }
        }
        let bomb = try sender.payload([UInt8](repeating: 0, count: 8 << 20))
        #expect(bomb.count < 10_000)
        let inflater = try #require(Inflater(windowBits: 15))
        var output = ByteBuffer()
        #expect(bomb.withUnsafeBytes { inflater.inflate($0, into: &output, limit: 10_000) } == .tooLarge)
        #expect(output.readableBytes == 10_000 && output.storageCapacity <= 65_536)
    }

    @Test func limitsWhatTravelsEvenIfItInflatesToNothing() {
        let limits = WebSocketLimits(maximumFrameBytes: 100, maximumMessageBytes: 100, maximumFragments: 8)
        let nothing =
            [UInt8](repeating: 0, count: 0) + (0..<20).flatMap { _ in [0x00, 0x00, 0x00, 0xFF, 0xFF] as [UInt8] }
        #expect(decode([compressedFrames(0x2, nothing)], limits: limits, compression: parameters()).error == nil)
        let more = compressedFrames(0x2, [], in: [nothing, [0x00]])
        #expect(decode([more], limits: limits, compression: parameters()).error == .tooLarge)
    }

    @Test func countsTheFragmentsOfCompressedMessages() {
        let limits = WebSocketLimits(maximumFragments: 1_024)
        let bytes = compressedFrames(0x2, [], in: [[0x00]] + [[UInt8]](repeating: [], count: 131_000))
        #expect(decode([bytes], limits: limits, compression: parameters()) == Decoded(error: .tooLarge))
    }

    @Test func ignoresEverythingAfterCloseInTheMiddleOfACompressedMessage() {
        let bytes =
            frame(0x1, [0xF2, 0x48], final: false, reserved: 0x40) + frame(0x8, closeBody(1000))
            + frame(0x0, [0xCD, 0xC9, 0xC9, 0x07, 0x00])
        #expect(
            decode([bytes], compression: parameters()) == Decoded(events: [.close(CloseStatus(code: 1000))])
        )
    }

    @Test func randomPayloadsNeverTrap() {
        var generator = SeededGenerator(seed: 8)
        var outcomes: [UInt16: Int] = [:]
        for round in 0..<5_000 {
            let payload = generator.bytes(Int.random(in: 0...60, using: &generator))
            let bytes = compressedFrames(0x2, [], in: cut(payload, using: &generator))
            let compression = parameters(clientTakeover: round % 2 == 0)
            let decoded = decode(cut(bytes, using: &generator), compression: compression)
            outcomes[decoded.error?.closeCode ?? 0, default: 0] += 1
        }
        #expect(Set(outcomes.keys).isSuperset(of: [0, 1007]))
    }
}
