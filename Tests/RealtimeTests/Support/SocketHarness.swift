import Logging
import NIOCore
import NIOPosix
import Synchronization
import WebSocketCodec

@testable import Realtime

/// The hub behind a real listening socket on the loopback address, without HTTP: connections begin upgraded.
struct SocketServer {
    let hub: Hub
    let group: MultiThreadedEventLoopGroup
    let channel: any NIOCore.Channel

    init(
        threads: Int = 2,
        options: HubOptions = HubOptions(),
        application: any RealtimeApplication = TestApplication(),
        sendBufferBytes: Int? = nil,
        writesDirectly: Bool = false
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let hub = Hub(group: group, options: options)
        self.group = group
        self.hub = hub
        var bootstrap = ServerBootstrap(group: group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = RealtimeHandler(
                        hub: hub,
                        application: application,
                        logger: Logger(label: "test"),
                        writesDirectly: writesDirectly
                    )
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
        if let sendBufferBytes {
            let option = NIOCore.ChannelOptions.Types.SocketOption(level: .socket, name: .so_sndbuf)
            bootstrap = bootstrap.childChannelOption(option, value: SocketOptionValue(sendBufferBytes))
        }
        channel = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
    }

    func client() async throws -> SocketClient {
        try await SocketClient(to: try channel.localAddress.unwrapped(), group: group)
    }

    func stop() async throws {
        try await channel.close()
        await hub.shutdown(deadline: .seconds(5))
        try await group.shutdownGracefully()
    }
}

struct Missing: Error {}

extension Optional {
    func unwrapped() throws -> Wrapped {
        guard let self else { throw Missing() }
        return self
    }
}

/// A client on a real socket.
final class SocketClient: Sendable {
    let channel: any NIOCore.Channel
    /// What the server sends; ends with the connection.
    let events: AsyncStream<WebSocketEvent>

    init(to address: SocketAddress, group: any EventLoopGroup) async throws {
        let (events, continuation) = AsyncStream.makeStream(of: WebSocketEvent.self)
        self.events = events
        channel = try await ClientBootstrap(group: group)
            .channelOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator())
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ClientHandler(continuation))
                }
            }
            .connect(to: address).get()
    }

    func send(_ text: String) async throws {
        var frame = ByteBuffer()
        FrameEncoder.writeMasked(.text, payload: ByteBuffer(string: text), key: 0x0102_0304, into: &frame)
        try await channel.writeAndFlush(frame)
    }

    /// The replies and pushes of the frames to come, one by one; pings are left out.
    ///
    /// Ends with the connection.
    var messages: AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        Task {
            for await event in events {
                switch event {
                case .text(let payload):
                    for line in String(buffer: payload).split(separator: "\n") where line != "{}" {
                        continuation.yield(String(line))
                    }
                case .close(let status):
                    continuation.yield("close \(status?.code ?? 0)")
                default:
                    break
                }
            }
            continuation.finish()
        }
        return stream
    }

    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    func resumeReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }
}

private final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var decoder = MessageDecoder(
        limits: .init(maximumFrameBytes: 1 << 26, maximumMessageBytes: 1 << 26),
        role: .client
    )
    private let continuation: AsyncStream<WebSocketEvent>.Continuation

    init(_ continuation: AsyncStream<WebSocketEvent>.Continuation) {
        self.continuation = continuation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
        do {
            while let event = try decoder.next() {
                continuation.yield(event)
                // The client's part of the close handshake.
                if case .close = event { context.close(promise: nil) }
            }
        } catch {
            continuation.finish()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.finish()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
