internal import NIOCore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// Writes a connection's bytes: straight to the socket while nothing waits in NIO's queue, else through the pipeline.
///
/// The order is kept: once NIO has been given bytes, everything goes to NIO until its queue is empty. Bound to the loop.
struct SocketWriter {
    let context: ChannelHandlerContext
    private let channel: any NIOCore.Channel
    /// The socket, where the pipeline may be passed by; used on the loop only, and only while the channel is active.
    ///
    /// Asking NIO for it costs a dynamic cast, a sixth of what a send costs: so it is asked once.
    private let descriptor: NIOBSDSocket.Handle?
    /// Whether NIO may hold bytes.
    ///
    /// At first it may: the answer to the upgrade.
    private var mayWait = true

    init(context: ChannelHandlerContext, writesDirectly: Bool) {
        self.context = context
        channel = context.channel
        descriptor = writesDirectly ? Self.descriptor(of: context) : nil
    }

    /// Bytes that NIO has taken and the socket has not.
    var waitingBytes: Int {
        // Every channel of NIO's knows; one that does not is trusted to have sent everything.
        (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Writes one buffer and flushes.
    ///
    /// - Parameters:
    ///   - bytes: whole frames.
    ///   - whenQueued: makes the promise to be kept when the bytes that the socket did not take at once are written.
    /// - Returns: how many of the bytes went to NIO, where they may wait.
    mutating func writeAndFlush(_ bytes: ByteBuffer, whenQueued: () -> EventLoopPromise<Void>) -> Int {
        var bytes = bytes
        if let descriptor {
            if mayWait, waitingBytes == 0 { mayWait = false }
            if !mayWait { bytes.moveReaderIndex(forwardBy: offer(bytes, to: descriptor)) }
            guard bytes.readableBytes > 0 else { return 0 }
            mayWait = true
        }
        context.writeAndFlush(NIOAny(bytes), promise: whenQueued())
        return bytes.readableBytes
    }

    /// Writes several buffers through the pipeline, with one flush.
    mutating func writeAndFlush(
        _ first: ByteBuffer,
        _ rest: [ByteBuffer],
        whenQueued: () -> EventLoopPromise<Void>
    ) {
        mayWait = true
        context.write(NIOAny(first), promise: nil)
        for bytes in rest.dropLast() { context.write(NIOAny(bytes), promise: nil) }
        context.writeAndFlush(NIOAny(rest.last ?? ByteBuffer()), promise: whenQueued())
    }

    /// Offers bytes to the kernel; returns how many it took.
    ///
    /// Errors count as none: NIO meets them again and ends the channel.
    private func offer(_ bytes: ByteBuffer, to descriptor: NIOBSDSocket.Handle) -> Int {
        #if os(Linux)
        // A channel that is not active has closed the descriptor, and the system may have given its number away.
        guard channel.isActive else { return 0 }
        return bytes.withUnsafeReadableBytes { memory in
            // The descriptor is non-blocking; no signal for a broken pipe.
            max(0, send(descriptor, memory.baseAddress, memory.count, Self.flags))
        }
        #else
        return 0
        #endif
    }

    private static func descriptor(of context: ChannelHandlerContext) -> NIOBSDSocket.Handle? {
        #if os(Linux)
        return try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
        #else
        return nil
        #endif
    }

    #if os(Linux)
    private static let flags = Int32(truncatingIfNeeded: MSG_DONTWAIT) | Int32(truncatingIfNeeded: MSG_NOSIGNAL)
    #endif
}
