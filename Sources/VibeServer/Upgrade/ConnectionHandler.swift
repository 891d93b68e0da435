internal import Logging
internal import NIOCore
internal import NIOExtras
internal import NIOHTTP1

/// One connection before, beside and without an upgrade: it stands between the HTTP decoder and Hummingbird.
///
/// - Requests reach Hummingbird one at a time; what is pipelined behind an unanswered one waits here, bounded.
/// - The first request, if it asks for a WebSocket, goes to the `UpgradeRouter` instead; a later one is answered 426.
/// - Heads that can be understood in two ways, limits and deadlines end the connection with a response that says so.
///
/// Bound to its channel's event loop. After an upgrade it has left the pipeline.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    let router: any UpgradeRouter
    let options: UpgradeOptions
    let logger: Logger
    /// The handlers before this one, which leave the pipeline with an upgrade.
    let codec: HTTPCodec

    var state = ConnectionState()
    /// What came behind what can be handled now, in its order.
    var waiting = CircularBuffer<ConnectionItem>()
    /// The upgrade request that has not ended or is not decided.
    var upgradeRequest: HTTPRequestHead?
    private var outcome: EventLoopPromise<ConnectionOutcome>?
    private var context: ChannelHandlerContext?
    private var timer = DeadlineTimer()

    /// Makes the handler of one channel; it completes `outcome` in any case, at the latest when the channel closes.
    init(
        router: any UpgradeRouter,
        options: UpgradeOptions,
        logger: Logger,
        outcome: EventLoopPromise<ConnectionOutcome>,
        codec: HTTPCodec
    ) {
        self.router = router
        self.options = options
        self.logger = logger
        self.outcome = outcome
        self.codec = codec
    }

    // MARK: Called from beside

    /// Bytes have come, of which the decoder has made nothing yet.
    func bytesArrived() {
        guard state.phase == .idle else { return }
        state.phase = .arriving
        // The first head's deadline counts from the accepted connection.
        if state.isAttached { setDeadline(options.headDeadline) }
    }

    /// Hummingbird's handlers have been added: what waits goes to them.
    func attach() {
        guard let context, state.phase == .attaching else { return }
        state.isAttached = true
        state.phase = .arriving
        drain(context)
        context.fireChannelReadComplete()
        releaseReads(context)
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        setDeadline(options.headDeadline)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer.cancel()
        settle(.settled)
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer.cancel()
        waiting.removeAll()
        if state.phase != .upgraded { state.phase = .closing }
        settle(.settled)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        enqueue(.part(unwrapInboundIn(data)), context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        state.wantsBytes = false
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError {
            enqueue(.failure(error), context)
        } else if state.phase != .closing {
            context.fireErrorCaught(error)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed where state.phase != .upgraded:
            state.isInputClosed = true
            if state.phase == .closing {
                if state.isFlushed { context.close(promise: nil) }
            } else {
                enqueue(.inputClosed, context)
            }
        case is ChannelShouldQuiesceEvent where state.phase != .upgraded:
            state.isQuiescing = true
            switch state.phase {
            case .idle, .arriving: context.close(promise: nil)
            default: state.closesAfterResponse = true
            }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func read(context: ChannelHandlerContext) {
        state.wantsBytes = true
        if state.holdsReads || !waiting.isEmpty {
            state.isReadHeld = true
        } else {
            context.read()
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch state.phase {
        case .receiving, .answering: break
        case .upgraded: return context.write(data, promise: promise)
        default: promise?.fail(ChannelError.outputClosed); return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if head.status.code >= 200 { state.beginResponse(&head) }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end where state.closesAfterResponse:
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.cascade(to: promise)
            context.writeAndFlush(data, promise: written)
            close(context, after: written.futureResult)
        case .end:
            context.write(data, promise: promise)
            if state.phase == .answering {
                awaitNextRequest(context)
            } else {
                state.phase = .discarding
                setDeadline(options.bodyDeadline)
            }
        }
    }

    // MARK: Shared with the extensions

    /// Moves the deadline; `nil` for none.
    func setDeadline(_ duration: Duration?) {
        guard let eventLoop = context?.eventLoop else { return }
        timer.set(duration, on: eventLoop) { [weak self] in self?.wake() }
    }

    /// Tells `UpgradableChannel.handle` what became of the connection; only the first call counts.
    func settle(_ result: ConnectionOutcome) {
        outcome?.succeed(result)
        outcome = nil
    }

    /// Reads on, if a read was held back and nothing stands against it any more.
    func releaseReads(_ context: ChannelHandlerContext) {
        guard state.isReadHeld, !state.holdsReads, waiting.isEmpty else { return }
        state.isReadHeld = false
        context.read()
    }

    private func wake() {
        guard let context else { return }
        guard timer.isReached(on: context.eventLoop, onWake: { [weak self] in self?.wake() }) else { return }
        deadlinePassed(context)
    }
}
