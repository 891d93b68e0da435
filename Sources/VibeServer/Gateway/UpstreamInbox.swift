internal import NIOCore
internal import NIOHTTP1

/// Holds the parts of a sandbox's answer until they are asked for, and reads on only then: the socket gives the back-pressure.
///
/// Bound to its channel's event loop; the channel's `autoRead` is off, so at most what one read brought is waiting.
final class UpstreamInbox: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private var parts = CircularBuffer<HTTPClientResponsePart>()
    private var waiting: EventLoopPromise<HTTPClientResponsePart>?
    private var deadline: Scheduled<Void>?
    private var failure: GatewayError?
    private var context: ChannelHandlerContext?

    /// The next part; one call at a time.
    ///
    /// - Returns: fails with `GatewayError`.
    func next(on eventLoop: any EventLoop, within timeout: TimeAmount) -> EventLoopFuture<HTTPClientResponsePart> {
        eventLoop.preconditionInEventLoop()
        if let part = parts.popFirst() { return eventLoop.makeSucceededFuture(part) }
        if let failure { return eventLoop.makeFailedFuture(failure) }
        guard let context, waiting == nil else { return eventLoop.makeFailedFuture(GatewayError.endedEarly) }
        let promise = eventLoop.makePromise(of: HTTPClientResponsePart.self)
        waiting = promise
        deadline = eventLoop.assumeIsolated().scheduleTask(in: timeout) { self.fail(.timeout) }
        context.read()
        return promise.futureResult
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(.endedEarly)
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard let promise = take() else {
            parts.append(part)
            return
        }
        promise.succeed(part)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if waiting != nil { context.read() }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.endedEarly)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isEnd = error as? HTTPParserError == .invalidEOFState
        fail(error is HTTPParserError && !isEnd ? .malformed : .endedEarly)
        context.close(promise: nil)
    }

    private func take() -> EventLoopPromise<HTTPClientResponsePart>? {
        deadline?.cancel()
        deadline = nil
        defer { waiting = nil }
        return waiting
    }

    private func fail(_ error: GatewayError) {
        if failure == nil { failure = error }
        take()?.fail(failure ?? error)
    }
}
