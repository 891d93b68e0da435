import Logging
import NIOCore
import NIOEmbedded
import Testing
import WebSocketCodec

@testable import Realtime

/// Readers whose socket takes nothing for a while.
@Suite struct SlowReaderTests {
    /// A client on an embedded loop whose socket can be shut.
    private final class Reader {
        let gate = FlushGate()
        let channel: EmbeddedChannel
        private var decoder = MessageDecoder(
            limits: .init(maximumFrameBytes: 1 << 24, maximumMessageBytes: 1 << 24),
            role: .client
        )

        init(_ hub: Hub, _ loop: EmbeddedEventLoop) throws {
            let handler = RealtimeHandler(hub: hub, application: TestApplication(), logger: Logger(label: "test"))
            channel = EmbeddedChannel(handlers: [gate, handler], loop: loop)
            channel.connect(to: try SocketAddress(unixDomainSocketPath: "/test"), promise: nil)
            try send(#"{"id":1,"connect":{}}"#)
            loop.run()
            _ = try read()
        }

        deinit { channel.close(promise: nil) }

        func send(_ text: String) throws {
            var frame = ByteBuffer()
            FrameEncoder.writeMasked(.text, payload: ByteBuffer(string: text), key: 1, into: &frame)
            try channel.writeInbound(frame)
        }

        /// All lines that have come.
        func read() throws -> [Parsed] {
            while let bytes = try channel.readOutbound(as: ByteBuffer.self) { decoder.append(bytes) }
            var lines: [Parsed] = []
            while let event = try decoder.next() {
                switch event {
                case .text(let payload):
                    lines += try String(buffer: payload).split(separator: "\n").map { try Parsed(String($0)) }
                case .close(let status): lines.append(.integer(Int(status?.code ?? 0)))
                default: throw Unexpected(event: event)
                }
            }
            return lines
        }
    }

    private let loop = EmbeddedEventLoop()
    private let jobs = JobQueue()
    private let hub: Hub

    init() {
        var options = HubOptions()
        options.maximumBacklogBytes = 2_000
        options.maximumPendingBytes = 10_000
        options.compression.isEnabled = false
        hub = Hub(group: loop, options: options, taskExecutor: jobs) { work in work() }
    }

    private func settle() {
        while jobs.runOne() {}
        loop.run()
    }

    private func subscribed(_ channels: String...) throws -> Reader {
        let reader = try Reader(hub, loop)
        for (id, channel) in channels.enumerated() {
            try reader.send(#"{"id":\#(id + 2),"subscribe":{"channel":"\#(channel)"}}"#)
        }
        settle()
        #expect(try reader.read().allSatisfy { !$0["subscribe"].isAbsent })
        return reader
    }

    /// Shuts the socket behind one more publication, which is what makes it full.
    private func stall(_ reader: Reader, _ publish: () -> Void) {
        reader.gate.shut()
        publish()
        settle()
    }

    private func token(_ at: Int) -> SimulationEvent {
        let part = SimulationEvent.Part(stream: "code", at: at, text: "x")
        return .token(SimulationEvent.Token(generation: 1, attempt: 1, parts: [part]))
    }

    private func waitingBytes(_ reader: Reader) throws -> Int {
        try reader.channel.syncOptions.unwrapped().getOption(.bufferedWritableBytes)
    }

    @Test func whatWaitsIsMergedIntoOne() throws {
        let channel = hub.open("a", state: SimulationState())
        let reader = try subscribed("a")
        let good = try subscribed("a")
        stall(reader) { channel.publish(.started(generation: 1)) }
        let waiting = try waitingBytes(reader)
        for at in 0..<900 {
            channel.publish(token(at))
            settle()
        }
        #expect(try waitingBytes(reader) == waiting)
        #expect(try good.read().map { $0["push"]["pub"]["offset"].int } == (1...901).map { $0 })
        reader.gate.open()
        settle()
        let lines = try reader.read().map { $0["push"]["pub"] }
        #expect(lines.map { $0["offset"].int } == [1, 901])
        #expect(
            SimulationEvent(lines[1]["data"])
                == .token(
                    .init(
                        generation: 1,
                        attempt: 1,
                        parts: [
                            .init(stream: "code", at: 0, text: String(repeating: "x", count: 900))
                        ]
                    )
                )
        )
        // It keeps up again.
        channel.publish(token(900))
        settle()
        #expect(try reader.read().map { $0["push"]["pub"]["offset"].int } == [902])
    }

    @Test func tooMuchOfOneChannelIsDroppedAndSaid() throws {
        let channel = hub.open("a", state: CountingState())
        let other = hub.open("b", state: CountingState())
        let reader = try subscribed("a", "b")
        stall(reader) { channel.publish(CountingEvent(value: 0)) }
        for value in 1...3 { channel.publish(CountingEvent(value: value, padding: 900)) }
        other.publish(CountingEvent(value: 7))
        settle()
        reader.gate.open()
        settle()
        let lines = try reader.read().map { $0["push"] }
        #expect(lines.first?["pub"]["offset"].int == 1)
        #expect(lines.dropFirst().map { $0["channel"].string } == ["a", "b"])
        #expect(lines.dropFirst().first?["unsubscribe"]["code"].int == 2500)
        #expect(lines.last?["pub"]["data"]["value"].int == 7)
        #expect(channel.subscriberCount == 0)
        try reader.send(#"{"id":9,"subscribe":{"channel":"a"}}"#)
        settle()
        #expect(try reader.read().first?["subscribe"]["data"]["values"].ints == [0, 1, 2, 3])
    }

    @Test func historyThatIsGoneIsSaid() throws {
        var options = Realtime.ChannelOptions()
        options.history.maximumPublications = 2
        let channel = hub.open("a", state: CountingState(), options: options)
        let reader = try subscribed("a")
        stall(reader) { channel.publish(CountingEvent(value: 0)) }
        for value in 1...3 { channel.publish(CountingEvent(value: value)) }
        settle()
        reader.gate.open()
        settle()
        let lines = try reader.read().map { $0["push"] }
        #expect(lines.count == 2)
        #expect(lines.last?["unsubscribe"]["code"].int == 2500)
    }

    @Test func cursorsKeepTheNewestAndNoChannelHoldsUpAnother() throws {
        var options = Realtime.ChannelOptions()
        options.hasHistory = false
        options.clientsMayPublish = true
        _ = hub.open("cursors", state: RawChannelState(), options: options)
        let channel = hub.open("a", state: CountingState())
        let reader = try subscribed("cursors", "a")
        let publisher = try subscribed("cursors")
        func publish(_ data: String) throws {
            try publisher.send(#"{"id":9,"publish":{"channel":"cursors","data":\#(data)}}"#)
            settle()
        }
        reader.gate.shut()
        try publish(#"{"x":0}"#)
        // Nothing can stand for this one: it waits in the socket's queue.
        try publish(#"{"x":1}"#)
        channel.publish(CountingEvent(value: 1))
        settle()
        reader.gate.open()
        settle()
        #expect(try reader.read().map { $0["push"]["channel"].string } == ["cursors", "cursors", "a"])
        reader.gate.shut()
        try publish(#"{"x":2}"#)
        for x in 3...9 { try publish(#"{"key":"k","x":\#(x)}"#) }
        channel.publish(CountingEvent(value: 2))
        settle()
        reader.gate.open()
        settle()
        let lines = try reader.read().map { $0["push"]["pub"]["data"] }
        #expect(lines.map { $0["x"].int } == [2, 9, nil])
        #expect(lines.last?["value"].int == 2)
    }

    @Test("one long publication ends nobody who reads", arguments: [9_000, 50_000, 4_000_000], [true, false])
    func onePublicationIsExempt(bytes: Int, mergesBacklog: Bool) throws {
        var options = Realtime.ChannelOptions()
        options.mergesBacklog = mergesBacklog
        let channel = hub.open("a", state: CountingState(), options: options)
        let reader = try subscribed("a")
        reader.gate.shut()
        channel.publish(CountingEvent(value: 1, padding: bytes))
        settle()
        channel.publish(CountingEvent(value: 2, padding: 900))
        settle()
        #expect(hub.metrics.slowDisconnects == 0)
        reader.gate.open()
        settle()
        #expect(try reader.read().map { $0["push"]["pub"]["data"]["value"].int } == [1, 2])
        // Two of them are too much, where nothing else can stand for them, and so is one that no reply could hold.
        guard !mergesBacklog, bytes > 10_000 else { return }
        let other = try subscribed("a")
        for one in [reader, other] { one.gate.shut() }
        channel.publish(CountingEvent(value: 3, padding: bytes))
        settle()
        #expect(hub.metrics.slowDisconnects == 0)
        channel.publish(CountingEvent(value: 4, padding: bytes))
        settle()
        #expect(hub.metrics.slowDisconnects == 2)
    }

    @Test func aPublicationLongerThanAReplyMayBeIsNotExempt() throws {
        var options = Realtime.ChannelOptions()
        options.mergesBacklog = false
        let channel = hub.open("a", state: CountingState(), options: options)
        let reader = try subscribed("a")
        reader.gate.shut()
        channel.publish(CountingEvent(value: 1, padding: HubOptions().maximumReplyBytes + 10_000))
        settle()
        #expect(hub.metrics.slowDisconnects == 1)
    }

    @Test func oneLongPublicationOfABacklogIsSent() throws {
        let channel = hub.open("a", state: CountingState())
        let reader = try subscribed("a")
        stall(reader) { channel.publish(CountingEvent(value: 1)) }
        channel.publish(CountingEvent(value: 2, padding: 50_000))
        settle()
        reader.gate.open()
        settle()
        #expect(try reader.read().map { $0["push"]["pub"]["offset"].int } == [1, 2])
        #expect(channel.subscriberCount == 1)
    }

    @Test func onlyPastTheLimitAReaderIsEnded() throws {
        var options = Realtime.ChannelOptions()
        options.mergesBacklog = false
        let channel = hub.open("a", state: CountingState(), options: options)
        let reader = try subscribed("a")
        let good = try subscribed("a")
        reader.gate.shut()
        for value in 0..<10 {
            channel.publish(CountingEvent(value: value, padding: 900))
            settle()
        }
        #expect(hub.metrics.slowDisconnects == 0)
        for value in 10..<12 {
            channel.publish(CountingEvent(value: value, padding: 900))
            settle()
        }
        #expect(hub.metrics.slowDisconnects == 1)
        #expect(try good.read().count == 12)
        reader.gate.open()
        #expect(try reader.read().last == .integer(3008))
        #expect(channel.subscriberCount == 1)
    }
}
