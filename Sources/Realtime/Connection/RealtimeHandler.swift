package import Logging
package import NIOCore
package import WebSocketCodec

/// The one handler of an upgraded connection: bytes of RFC 6455 in and out, the client protocol inside.
///
/// Bound to its channel's event loop. Added to the pipeline after the HTTP handlers have left it.
package final class RealtimeHandler: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private let hub: Hub
    private let application: any RealtimeApplication
    private let logger: Logger
    private let writesDirectly: Bool
    private let isCompressing: Bool
    private var decoder: MessageDecoder
    private var connection: Connection?

    /// - Parameters:
    ///   - hub: Where the connection's channels are.
    ///   - application: Who may connect, and what calls do.
    ///   - logger: Told when connections end, never what they carry.
    ///   - writesDirectly: Whether bytes may go to the socket past the pipeline while nothing waits there, which is cheaper.
    ///     Only where no other handler works on what is written: never with TLS.
    ///   - compression: What the handshake has negotiated for permessage-deflate, without context takeover; `nil` for nothing.
    package init(
        hub: Hub,
        application: any RealtimeApplication,
        logger: Logger,
        writesDirectly: Bool = false,
        compression: CompressionParameters? = nil
    ) {
        self.hub = hub
        self.application = application
        self.logger = logger
        self.writesDirectly = writesDirectly
        isCompressing = compression != nil
        decoder = MessageDecoder(limits: hub.options.messageLimits, compression: compression)
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        let socket = SocketWriter(context: context, writesDirectly: writesDirectly)
        let connection = Connection(
            hub: hub,
            application: application,
            logger: logger,
            eventLoop: context.eventLoop,
            wire: .webSocket(socket),
            isCompressing: isCompressing
        )
        self.connection = connection
        connection.start()
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        connection?.channelGone()
        connection = nil
    }

    package func channelInactive(context: ChannelHandlerContext) {
        connection?.channelGone()
        connection = nil
        context.fireChannelInactive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
        do throws(WebSocketError) {
            while let connection, let event = try decoder.next() {
                connection.receive(event)
            }
        } catch {
            connection?.fail(error)
        }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        connection?.writabilityChanged(isWritable: context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The peer has shut its side down without a close frame: nothing more will come (RFC 6455 §7.1.1).
        if case .inputClosed? = event as? NIOCore.ChannelEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Resets and broken pipes are how peers vanish: nothing to tell anybody but the log.
        logger.debug("connection failed", metadata: ["error.type": "\(type(of: error))"])
        context.close(promise: nil)
    }
}
