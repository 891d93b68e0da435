import Logging
import NIOCore
import NIOEmbedded
import Testing
import WebSocketCodec

@testable import Realtime

/// What is long is compressed once, for those who have negotiated it.
@Suite struct CompressionTests {
    private static let negotiated: CompressionParameters = {
        var parameters = CompressionParameters()
        parameters.serverNoContextTakeover = true
        parameters.clientNoContextTakeover = true
        return parameters
    }()

    /// A client that reads compressed messages, or none.
    private final class Reader {
        let channel: NIOAsyncTestingChannel
        private var decoder: MessageDecoder

        init(_ setup: TestHub, isCompressing: Bool) async throws {
            decoder = MessageDecoder(
                limits: .init(maximumFrameBytes: 1 << 24, maximumMessageBytes: 1 << 24),
                role: .client,
                compression: isCompressing ? CompressionTests.negotiated : nil
            )
            channel = NIOAsyncTestingChannel(loop: setup.loop)
            let bound = channel
            let hub = setup.hub
            try await setup.loop.executeInContext {
                let handler = RealtimeHandler(
                    hub: hub,
                    application: TestApplication(),
                    logger: Logger(label: "test"),
                    compression: isCompressing ? CompressionTests.negotiated : nil
                )
                try bound.pipeline.syncOperations.addHandler(handler)
            }
            try await channel.connect(to: SocketAddress(unixDomainSocketPath: "/test")).get()
            await setup.loop.run()
        }

        func send(_ text: String) async throws {
            var frame = ByteBuffer()
            FrameEncoder.writeMasked(.text, payload: ByteBuffer(string: text), key: 1, into: &frame)
            try await channel.writeInbound(frame)
            await channel.testingEventLoop.run()
        }

        /// The bytes of the next writes up to a whole message, and its lines.
        func message() async throws -> (bytes: ByteBuffer, lines: [Parsed]) {
            var bytes = ByteBuffer()
            while true {
                if case .text(let payload)? = try decoder.next() {
                    return (bytes, try String(buffer: payload).split(separator: "\n").map { try Parsed(String($0)) })
                }
                var part = try await channel.waitForOutboundWrite(as: ByteBuffer.self)
                decoder.append(part)
                bytes.writeBuffer(&part)
            }
        }
    }

    private func isCompressed(_ bytes: ByteBuffer) -> Bool {
        bytes.getInteger(at: bytes.readerIndex, as: UInt8.self).map { $0 & 0x40 != 0 } ?? false
    }

    @Test func aLongPublicationIsCompressedOnceForThoseWhoTakeIt() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        var readers: [Reader] = []
        for isCompressing in [true, false, true] {
            let reader = try await Reader(setup, isCompressing: isCompressing)
            try await reader.send("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}")
            while try await reader.message().lines.last?["subscribe"].isAbsent ?? true {}
            readers.append(reader)
        }
        channel.publish(CountingEvent(value: 1, padding: 4_000))
        var sent: [ByteBuffer] = []
        for reader in readers {
            let (bytes, lines) = try await reader.message()
            #expect(lines.count == 1 && lines[0]["push"]["pub"]["data"]["padding"].string?.count == 4_000)
            sent.append(bytes)
        }
        #expect(sent.map(isCompressed) == [true, false, true])
        #expect(sent[0] == sent[2] && sent[0].readableBytes < 200)
        channel.publish(CountingEvent(value: 2, padding: 10))
        for reader in readers {
            let (bytes, lines) = try await reader.message()
            #expect(!isCompressed(bytes) && lines[0]["push"]["pub"]["data"]["value"].int == 2)
        }
    }

    @Test func shortAndLongPublicationsOfATickKeepTheirOrder() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        let reader = try await Reader(setup, isCompressing: true)
        try await reader.send("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}")
        while try await reader.message().lines.last?["subscribe"].isAbsent ?? true {}
        try await setup.loop.executeInContext {
            for value in 1...9 { channel.publish(CountingEvent(value: value, padding: value % 3 == 0 ? 2_000 : 5)) }
        }
        await setup.loop.run()
        var values: [Int] = []
        while values.count < 9 {
            values += try await reader.message().lines.compactMap { $0["push"]["pub"]["data"]["value"].int }
        }
        #expect(values == Array(1...9))
    }

    @Test func aLongSnapshotIsCompressedOnceAndALongAnswerForItsClient() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        for value in 0..<1_000 { channel.publish(CountingEvent(value: value)) }
        let reader = try await Reader(setup, isCompressing: true)
        try await reader.send("{\"id\":1,\"connect\":{}}")
        _ = try await reader.message()
        try await reader.send("{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}")
        let (snapshot, lines) = try await reader.message()
        #expect(isCompressed(snapshot))
        #expect(lines[0]["subscribe"]["data"]["values"].ints == Array(0..<1_000))
        let long = String(repeating: "answer ", count: 500)
        try await reader.send("{\"id\":3,\"rpc\":{\"method\":\"echo\",\"data\":\"\(long)\"}}")
        let (answer, replies) = try await reader.message()
        #expect(isCompressed(answer) && replies[0]["rpc"]["data"].string == long)
    }

    @Test func aHubThatDoesNotCompressSendsPlainFrames() async throws {
        var options = HubOptions()
        options.compression.isEnabled = false
        let setup = TestHub(options: options)
        let channel = setup.hub.open("a", state: CountingState())
        let reader = try await Reader(setup, isCompressing: true)
        try await reader.send("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}")
        while try await reader.message().lines.last?["subscribe"].isAbsent ?? true {}
        channel.publish(CountingEvent(value: 1, padding: 4_000))
        #expect(try await !isCompressed(reader.message().bytes))
    }
}
