import NIOCore

/// Stands in for a socket that takes nothing while it is shut: what is written waits in the channel, and counts there.
final class FlushGate: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    private var context: ChannelHandlerContext?
    private(set) var isShut = false

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func shut() { isShut = true }

    func open() {
        isShut = false
        context?.flush()
    }

    func flush(context: ChannelHandlerContext) {
        if !isShut { context.flush() }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // What waits is lost with a socket; here its promises are to be kept.
        context.flush()
        context.close(mode: mode, promise: promise)
    }
}
