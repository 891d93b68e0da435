internal import NIOCore

/// One end of a tunnel: what its channel reads goes to the partner's, as fast as the partner takes it.
///
/// Both channels live on one event loop. While the partner is not writable, this channel is not read; the end of one
/// direction is passed on, and the end of either connection ends the other.
final class TunnelHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var partner: TunnelHandler?
    private var context: ChannelHandlerContext?
    private var wantsRead = false
    private var inputEnded = false
    private var onReady: (() -> Void)?

    private init(onReady: (() -> Void)? = nil) {
        self.onReady = onReady
    }

    /// Two ends that know each other.
    ///
    /// - Parameter onReady: called once, when the first end's pipeline has its first `channelReadComplete`: other handlers of
    ///   an upgrade have left by then.
    /// - Returns: the end towards the browser, and the end towards the app.
    static func pair(onReady: @escaping () -> Void) -> (TunnelHandler, TunnelHandler) {
        let first = TunnelHandler(onReady: onReady)
        let second = TunnelHandler()
        first.partner = second
        second.partner = first
        return (first, second)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        partner?.partnerBecameReady()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        partner = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        partner?.write(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        partner?.context?.flush()
        onReady?()
        onReady = nil
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { partner?.resume() }
    }

    func read(context: ChannelHandlerContext) {
        guard partner?.isWritable ?? false else {
            wantsRead = true
            return
        }
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            inputEnded = true
            partner?.endOutput()
        case is ChannelShouldQuiesceEvent:
            context.close(promise: nil)
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        partner?.end()
        partner = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private var isWritable: Bool { context?.channel.isWritable ?? false }

    private func write(_ bytes: ByteBuffer) {
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    private func partnerBecameReady() { resume() }

    private func resume() {
        guard wantsRead, let context else { return }
        wantsRead = false
        context.read()
    }

    /// The partner's peer will send no more: says so to this one, once all is written.
    private func endOutput() {
        guard let context else { return }
        let both = inputEnded
        afterWrites(context) { $0.close(mode: both ? .all : .output, promise: nil) }
    }

    private func end() {
        guard let context else { return }
        afterWrites(context) { $0.close(promise: nil) }
    }

    /// Runs when everything written so far has left: an empty write completes behind the others.
    private func afterWrites(_ context: ChannelHandlerContext, _ action: @escaping @Sendable (any Channel) -> Void) {
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in action(channel) }
    }
}
