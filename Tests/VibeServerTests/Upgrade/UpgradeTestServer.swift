import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Synchronization
import WebSocketCodec

@testable import VibeServer

/// Runs a server with a few routes on a free port while `body` runs, then shuts it down as SIGTERM would.
func withUpgradeServer<Result: Sendable>(
    router: any UpgradeRouter = EchoTestRouter(),
    options: UpgradeOptions = UpgradeOptions(),
    _ body: @escaping @Sendable (UpgradeTestServer) async throws -> Result
) async throws -> Result {
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let counter = RequestCounter()
    let routes = Router()
    routes.get("/hello") { _, _ in
        counter.increment()
        return "hello"
    }
    routes.post("/echo") { request, _ in
        counter.increment()
        return Response(status: .ok, body: .init(byteBuffer: try await request.body.collect(upTo: 1_024)))
    }
    routes.get("/target") { request, _ in request.head.path ?? "" }
    var logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    logger.logLevel = .critical
    let application = Application(
        router: routes,
        server: .upgradable(router: router, options: options),
        configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { channel in
            continuation.yield(channel.localAddress?.port ?? 0)
            continuation.finish()
        },
        logger: logger
    )
    let group = ServiceGroup(configuration: .init(services: [application], logger: logger))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw UpgradeTestFailure.noPort }
        let result = try await body(UpgradeTestServer(port: port, counter: counter))
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return result
    }
}

enum UpgradeTestFailure: Error {
    case noPort
    case closedTooEarly(String)
}

/// How many requests have reached a route.
final class RequestCounter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }
    func increment() { count.withLock { $0 += 1 } }
}

struct UpgradeTestServer: Sendable {
    let port: Int
    let counter: RequestCounter

    /// Opens a connection for the time of `body`.
    func connect<Result: Sendable>(
        _ body: @Sendable (inout RawConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }

    /// Sends everything at once and returns what comes until the server closes.
    func exchange(_ request: String) async throws -> String {
        try await connect { connection in
            try await connection.send(request)
            return try await connection.readToEnd()
        }
    }
}

/// A TCP connection without any knowledge of HTTP.
struct RawConnection {
    var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private(set) var received: [UInt8] = []

    init(
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    var text: String { String(decoding: received, as: UTF8.self) }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Closes the sending side only.
    func finish() {
        outbound.finish()
    }

    /// Reads until the server has closed, and returns everything since the connection began.
    mutating func readToEnd() async throws -> String {
        while let bytes = try await inbound.next() {
            received += Array(buffer: bytes)
        }
        return text
    }

    /// Reads until what came since the connection began satisfies the condition.
    @discardableResult
    mutating func read(until isComplete: ([UInt8]) -> Bool) async throws -> String {
        while !isComplete(received) {
            guard let bytes = try await inbound.next() else { throw UpgradeTestFailure.closedTooEarly(text) }
            received += Array(buffer: bytes)
        }
        return text
    }

    @discardableResult
    mutating func read(through end: String) async throws -> String {
        try await read { $0.suffix(end.utf8.count).elementsEqual(end.utf8) }
    }
}

/// Accepts every sound handshake and echoes.
struct EchoTestRouter: UpgradeRouter {
    func decide(_ head: HTTPRequestHead, channel: any Channel) -> EventLoopFuture<UpgradeDecision> {
        do throws(HandshakeRefusal) {
            let headers = try Handshake(head).responseFields()
            return channel.eventLoop.makeSucceededFuture(
                .accept(headers: headers) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(EchoTestHandler())
                    }
                }
            )
        } catch {
            return channel.eventLoop.makeSucceededFuture(.refuse(error))
        }
    }
}

/// Decides every request in the same way.
struct FixedRouter: UpgradeRouter {
    let decision: @Sendable (HTTPRequestHead) throws -> UpgradeDecision

    func decide(_ head: HTTPRequestHead, channel: any Channel) -> EventLoopFuture<UpgradeDecision> {
        // Later than the request's end, as a real decision would be.
        channel.eventLoop.submit { try decision(head) }
    }
}

/// Echoes messages only when a read is complete, as a handler does that flushes once a read.
private final class EchoTestHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var decoder = MessageDecoder()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        var reply = ByteBuffer()
        do {
            while let event = try decoder.next() {
                guard case .text(let payload) = event else { continue }
                FrameEncoder.write(.text, payload: payload, into: &reply)
            }
        } catch {
            return context.close(promise: nil)
        }
        guard reply.readableBytes > 0 else { return }
        context.writeAndFlush(wrapOutboundOut(reply), promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.close(promise: nil)
    }
}
