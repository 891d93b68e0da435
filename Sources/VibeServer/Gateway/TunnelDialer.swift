internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Sandboxes

/// Opens a WebSocket to a sandbox's dev server on behalf of a browser.
struct TunnelDialer: Sendable {
    /// A sandbox that has agreed to the upgrade.
    struct Agreement: Sendable {
        /// Not read on until the tunnel is in place.
        let channel: any Channel
        /// The fields of its 101.
        let headers: HTTPHeaders
        fileprivate let handler: NIOLoopBound<UpgradeAnswerHandler>

        /// Ends the sandbox's connection when the browser's ends, joined or not.
        func close(with client: any Channel) {
            client.closeFuture.whenComplete { [channel] _ in channel.close(promise: nil) }
        }

        /// Joins the sandbox's connection to the browser's; on the event loop of both.
        ///
        /// What the sandbox has sent already waits until the browser's pipeline is the tunnel's alone.
        ///
        /// - Throws: when either has ended already.
        func join(_ client: any Channel) throws {
            guard channel.isActive, client.isActive else { throw GatewayError.endedEarly }
            let channel = channel
            let handler = handler
            let (near, far) = TunnelHandler.pair {
                handler.value.forward()
                channel.setOption(.autoRead, value: true).whenFailure { _ in channel.close(promise: nil) }
            }
            try channel.pipeline.syncOperations.addHandler(far)
            try client.pipeline.syncOperations.addHandler(near)
            try client.syncOptions?.setOption(.autoRead, value: true)
        }
    }

    let limits: GatewayLimits

    /// Connects on `eventLoop`, sends the request and waits for the 101.
    ///
    /// `request` holds the bytes of the upgrade request. The future fails with `GatewayError`.
    func dial(socketPath: String, request: ByteBuffer, on eventLoop: any EventLoop) -> EventLoopFuture<Agreement> {
        let promise = eventLoop.makePromise(of: Agreement.self)
        let deadline = eventLoop.scheduleTask(in: limits.headTimeout) { promise.fail(GatewayError.timeout) }
        promise.futureResult.whenComplete { _ in deadline.cancel() }
        let descriptor: CInt
        do {
            descriptor = try SandboxEndpoint(socketPath: socketPath).connect()
        } catch {
            promise.fail(GatewayError.unreachable)
            return promise.futureResult
        }
        ClientBootstrap(group: eventLoop)
            .connectTimeout(limits.connectTimeout)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = UpgradeAnswerHandler(promise: promise)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .withConnectedSocket(descriptor)
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    promise.futureResult.whenFailure { _ in channel.close(promise: nil) }
                    channel.writeAndFlush(request, promise: nil)
                case .failure:
                    promise.fail(GatewayError.unreachable)
                }
            }
        return promise.futureResult
    }
}

/// Collects the answer's head, then keeps what follows until the tunnel is there; after that it only passes on.
private final class UpgradeAnswerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum State {
        case head(UpgradeAnswerParser)
        case holding(ByteBuffer)
        case forwarding
    }

    private let promise: EventLoopPromise<TunnelDialer.Agreement>
    private var state = State.head(UpgradeAnswerParser())
    private var context: ChannelHandlerContext?

    init(promise: EventLoopPromise<TunnelDialer.Agreement>) {
        self.promise = promise
    }

    /// Passes on what was kept, and everything from now on.
    func forward() {
        guard case .holding(let bytes) = state, let context else { return }
        state = .forwarding
        if bytes.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(bytes))
            context.fireChannelReadComplete()
        }
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        switch state {
        case .forwarding:
            context.fireChannelRead(data)
        case .holding(var held):
            held.writeBuffer(&bytes)
            state = .holding(held)
        case .head(var parser):
            do {
                let headers = try parser.feed(bytes)
                state = headers == nil ? .head(parser) : .holding(parser.buffer)
                if let headers { try agree(headers, context) }
            } catch {
                promise.fail(error)
                context.close(promise: nil)
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(GatewayError.endedEarly)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .forwarding = state {
            context.fireUserInboundEventTriggered(event)
        } else if case ChannelEvent.inputClosed = event {
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(GatewayError.endedEarly)
        context.close(promise: nil)
    }

    private func agree(_ headers: HTTPHeaders, _ context: ChannelHandlerContext) throws {
        try context.channel.syncOptions?.setOption(.autoRead, value: false)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        promise.succeed(TunnelDialer.Agreement(channel: context.channel, headers: headers, handler: bound))
    }
}
