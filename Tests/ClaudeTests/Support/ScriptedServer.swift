import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A server of raw bytes on a free loopback port: it answers each request with the steps that a test asks for.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        /// From 0, over all connections.
        var index: Int
        /// From 0.
        var connection: Int
        /// Request line and headers.
        var head: String
        var body: [UInt8]

        /// A header's value, whatever the case of its name.
        func header(_ name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2, parts[0].lowercased() == name {
                    return parts[1].drop { $0 == " " }.description
                }
            }
            return nil
        }
    }

    enum Step: Sendable {
        case send([UInt8])
        /// Goes on when the signal has been raised once.
        case wait(Signal)
        case close
        /// Closes with a reset instead of an orderly end.
        case reset

        static func text(_ text: String) -> Step { .send(Array(text.utf8)) }
    }

    typealias Script = @Sendable (Request) -> [Step]

    let port: Int
    /// One for each whole request.
    var requested: Signal { records.requested }
    /// One for each connection that has ended.
    var closed: Signal { records.closed }
    /// One for each `send` that the kernel has taken.
    var sent: Signal { records.sent }
    private let channel: any Channel
    private let records: Records

    /// Listens at once, on a free port when `port` is 0.
    init(port: Int = 0, script: @escaping Script) async throws {
        let records = Records(script: script)
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = records.connections.withLock { count in
                        defer { count += 1 }
                        return count
                    }
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(records: records, connection: number))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        self.port = channel.localAddress?.port ?? 0
        self.records = records
    }

    var baseURL: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { records.requests.withLock { $0 } }
    var connections: Int { records.connections.withLock { $0 } }

    func close() async throws {
        try await channel.close()
    }
}

/// What a server's connections share.
private final class Records: Sendable {
    let script: ScriptedServer.Script
    let requests = Mutex<[ScriptedServer.Request]>([])
    let connections = Mutex(0)
    let requested = Signal()
    let closed = Signal()
    let sent = Signal()

    init(script: @escaping ScriptedServer.Script) {
        self.script = script
    }

    func record(connection: Int, head: String, body: [UInt8]) -> [ScriptedServer.Step] {
        let request = requests.withLock { requests in
            let request = ScriptedServer.Request(
                index: requests.count,
                connection: connection,
                head: head,
                body: body
            )
            requests.append(request)
            return request
        }
        requested.raise()
        return script(request)
    }
}

/// Reads requests off a connection and plays the steps of each, one after the other.
private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let records: Records
    private let connection: Int
    private var received = ByteBuffer()

    init(records: Records, connection: Int) {
        self.records = records
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        while let (head, body) = nextRequest() {
            play(records.record(connection: connection, head: head, body: body)[...], on: context.channel)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        records.closed.raise()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func nextRequest() -> (String, [UInt8])? {
        let bytes = Array(received.readableBytesView)
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= 4 else { return nil }
        guard let end = (0...(bytes.count - 4)).first(where: { Array(bytes[$0..<($0 + 4)]) == mark }) else {
            return nil
        }
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        let length = ScriptedServer.Request(index: 0, connection: 0, head: head, body: []).header("content-length")
        let count = length.flatMap { Int($0) } ?? 0
        guard bytes.count >= end + 4 + count else { return nil }
        received.moveReaderIndex(forwardBy: end + 4 + count)
        return (head, Array(bytes[(end + 4)..<(end + 4 + count)]))
    }

    private func play(_ steps: ArraySlice<ScriptedServer.Step>, on channel: any Channel) {
        Self.play(steps, on: channel, records: records)
    }

    private static func play(
        _ steps: ArraySlice<ScriptedServer.Step>,
        on channel: any Channel,
        records: Records
    ) {
        guard let step = steps.first else { return }
        let rest = steps.dropFirst()
        switch step {
        case .send(let bytes):
            channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenSuccess {
                records.sent.raise()
                play(rest, on: channel, records: records)
            }
        case .wait(let signal):
            let promise = channel.eventLoop.makePromise(of: Void.self)
            promise.completeWithTask { await signal.reaches(1) }
            promise.futureResult.whenSuccess { play(rest, on: channel, records: records) }
        case .close:
            channel.close(promise: nil)
        case .reset:
            let options = channel as? any SocketOptionProvider
            let set =
                options?.setSoLinger(linger(l_onoff: 1, l_linger: 0)) ?? channel.eventLoop.makeSucceededVoidFuture()
            set.whenComplete { _ in channel.close(promise: nil) }
        }
    }
}
