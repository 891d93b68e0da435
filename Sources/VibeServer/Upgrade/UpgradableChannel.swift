internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1

/// What an accepted connection becomes: Hummingbird's HTTP/1.1, or whatever its first request is upgraded to.
///
/// Every connection begins with the decoder and one `ConnectionHandler`. Only when an ordinary request has arrived are
/// Hummingbird's handlers added and served by `handle`; an upgraded connection has none of them.
struct UpgradableChannel: HTTPChannelHandler {
    let responder: HTTPChannelHandler.Responder
    let router: any UpgradeRouter
    let options: UpgradeOptions

    /// A connection of which it is not decided yet what it will be.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        /// Succeeds when the first request is known, or the connection has ended without one.
        let outcome: EventLoopFuture<ConnectionOutcome>
        let handler: NIOLoopBound<ConnectionHandler>
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        // What a connection has read last it holds while it is idle: by default 2 KiB, of which few ever use more than 512.
        let firstRead = AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 512, maximum: 65_536)
        return channel.setOption(.recvAllocator, value: firstRead).flatMapThrowing {
            let codec = HTTPCodec(options: options)
            let outcome = channel.eventLoop.makePromise(of: ConnectionOutcome.self)
            let handler = ConnectionHandler(
                router: router,
                options: options,
                logger: logger,
                outcome: outcome,
                codec: codec
            )
            try channel.pipeline.syncOperations.addHandlers([
                ArrivalHandler(connection: handler), codec.decoder, codec.encoder, handler,
            ])
            return Value(
                channel: channel,
                outcome: outcome.futureResult,
                handler: NIOLoopBound(handler, eventLoop: channel.eventLoop)
            )
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            let outcome = try await withTaskCancellationHandler {
                try await value.outcome.get()
            } onCancel: {
                value.channel.close(promise: nil)
            }
            guard outcome == .http else { return }
            await handleHTTP(asyncChannel: try await attach(value), logger: logger)
        } catch {
            logger.debug("Connection ended before its first request", metadata: ["error.type": "\(type(of: error))"])
        }
    }

    /// Adds Hummingbird's side to the pipeline, and lets the first request through to it.
    private func attach(_ value: Value) async throws -> NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart> {
        try await value.channel.eventLoop.submit {
            let channel = value.channel
            // On a channel that is closed the handlers below could not be added.
            guard channel.isActive else { throw ChannelError.ioOnClosedChannel }
            try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            let asyncChannel = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
            value.handler.value.attach()
            return asyncChannel
        }.get()
    }
}

/// What became of a connection.
enum ConnectionOutcome: Sendable {
    /// Its first request is an ordinary one.
    case http
    /// It was upgraded, refused or closed: nothing is left to do for Hummingbird.
    case settled
}
