import Logging
import NIOCore
import NIOEmbedded
import Testing
import WebSocketCodec

@testable import Realtime

/// A client on NIO's testing loop: time stands still unless a test moves it.
final class TestClient {
    let channel: NIOAsyncTestingChannel
    private var decoder = MessageDecoder(
        limits: .init(maximumFrameBytes: 1 << 24, maximumMessageBytes: 1 << 24),
        role: .client
    )
    /// Lines of the last frame that have not been asked for.
    private var lines: [String] = []

    init(
        hub: Hub,
        loop: NIOAsyncTestingEventLoop,
        application: any RealtimeApplication = TestApplication()
    ) async throws {
        channel = NIOAsyncTestingChannel(loop: loop)
        let bound = channel
        try await loop.executeInContext {
            let handler = RealtimeHandler(hub: hub, application: application, logger: Logger(label: "test"))
            try bound.pipeline.syncOperations.addHandler(handler)
        }
        try await channel.connect(to: SocketAddress(unixDomainSocketPath: "/test")).get()
        await loop.run()
    }

    var loop: NIOAsyncTestingEventLoop { channel.testingEventLoop }

    /// Sends one frame.
    func send(_ opcode: Opcode = .text, _ text: String) async throws {
        try await send(opcode, payload: ByteBuffer(string: text))
    }

    func send(_ opcode: Opcode, payload: ByteBuffer) async throws {
        var frame = ByteBuffer()
        FrameEncoder.writeMasked(opcode, payload: payload, key: 0x1234_5678, into: &frame)
        try await sendRaw(frame)
    }

    func sendRaw(_ bytes: ByteBuffer) async throws {
        try await channel.writeInbound(bytes)
        await loop.run()
    }

    /// The next message or control frame from the server; waits for it.
    func event() async throws -> WebSocketEvent {
        while true {
            if let event = try decoder.next() { return event }
            decoder.append(try await channel.waitForOutboundWrite(as: ByteBuffer.self))
        }
    }

    /// The next message or control frame that is there already.
    func eventIfAny() async throws -> WebSocketEvent? {
        while true {
            if let event = try decoder.next() { return event }
            guard let bytes = try await channel.readOutbound(as: ByteBuffer.self) else { return nil }
            decoder.append(bytes)
        }
    }

    /// The next line of a text frame, which must be the next event.
    func text() async throws -> String {
        if lines.isEmpty { lines = try await frame().split(separator: "\n").map(String.init) }
        return lines.removeFirst()
    }

    /// The next text frame, which must be the next event.
    func frame() async throws -> String {
        #expect(lines.isEmpty)
        let event = try await event()
        guard case .text(let payload) = event else {
            Issue.record("expected text, got \(event)")
            throw Unexpected(event: event)
        }
        return String(buffer: payload)
    }

    /// The next line, read.
    func reply() async throws -> Parsed { try Parsed(try await text()) }

    /// The server's close frame, which must be the next event.
    func close() async throws -> CloseStatus? {
        let event = try await event()
        guard case .close(let status) = event else {
            Issue.record("expected a close frame, got \(event)")
            throw Unexpected(event: event)
        }
        return status
    }

    /// Connects, and returns the answer.
    @discardableResult
    func connect() async throws -> Parsed {
        try await send(.text, #"{"id":1,"connect":{}}"#)
        return try await reply()["connect"]
    }

    /// Subscribes, and returns the answer.
    func subscribe(_ channel: String, id: Int = 2) async throws -> Parsed {
        try await send(.text, #"{"id":\#(id),"subscribe":{"channel":"\#(channel)"}}"#)
        return try await reply()
    }

    /// Closes the channel, as when the peer vanishes. (NIO's own `finish` would run all timers of the loop, others' too.)
    func finish() async throws {
        let channel = channel
        _ = try await loop.executeInContext { channel.close(promise: nil) }
        await loop.run()
        try await channel.closeFuture.get()
    }
}

struct Unexpected: Error {
    let event: WebSocketEvent
}

/// A hub with one testing loop.
struct TestHub {
    let loop = NIOAsyncTestingEventLoop()
    let later: Later?
    let hub: Hub

    /// Snapshots wait in `later` to be encoded; without one they are encoded on the spot.
    init(options: HubOptions = HubOptions(), later: Later? = nil, onViewers: (@Sendable (Int) -> Void)? = nil) {
        self.later = later
        let onTheSpot: Snapshot.Executor = { work in work() }
        hub = Hub(group: loop, options: options, onViewers: onViewers, encodeSnapshot: later?.executor ?? onTheSpot)
    }

    func client(_ application: any RealtimeApplication = TestApplication()) async throws -> TestClient {
        try await TestClient(hub: hub, loop: loop, application: application)
    }
}
