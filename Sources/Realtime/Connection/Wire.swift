internal import NIOCore
internal import WebSocketCodec

/// The way to the client: a WebSocket, or a one-way stream in the body of an HTTP response.
///
/// Bound to the connection's event loop. One of the two is there; as a struct it is written through without a copy.
struct Wire {
    private(set) var socket: SocketWriter?
    let stream: OneWayStream?

    init(_ socket: SocketWriter) {
        self.socket = socket
        stream = nil
    }

    init(_ stream: OneWayStream) {
        socket = nil
        self.stream = stream
    }

    /// Whether the client answers pings.
    var answersPings: Bool { stream == nil }

    /// Bytes that were written and that the socket has not taken.
    var waitingBytes: Int { socket?.waitingBytes ?? stream?.waitingBytes ?? 0 }

    /// Writes and flushes; not once the channel has become inactive.
    ///
    /// - Parameters:
    ///   - bytes: what goes out.
    ///   - whenQueued: makes the promise to be kept when what waits has been written.
    /// - Returns: how many bytes may wait.
    mutating func writeAndFlush(_ bytes: ByteBuffer, whenQueued: () -> EventLoopPromise<Void>) -> Int {
        if let queued = socket?.writeAndFlush(bytes, whenQueued: whenQueued) { return queued }
        stream?.write([bytes], whenQueued())
        return bytes.readableBytes
    }

    /// Writes several buffers with one flush; all of them may wait.
    mutating func writeAndFlush(_ buffers: [ByteBuffer], whenQueued: () -> EventLoopPromise<Void>) {
        if let stream {
            stream.write(buffers, whenQueued())
        } else {
            socket?.writeAndFlush(buffers, whenQueued: whenQueued)
        }
    }

    /// Ends the connection at once.
    func close() {
        socket?.context.close(promise: nil)
        stream?.cut()
    }

    /// Tells the peer that nothing will follow.
    func closeOutput() {
        socket?.context.close(mode: .output, promise: nil)
        stream?.finish()
    }

    /// Ends the connection when what was written has left.
    func closeAfterFlush() {
        if let context = socket?.context {
            let channel = context.channel
            context.writeAndFlush(NIOAny(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
        }
        stream?.finish()
    }

    /// Whether the peer has taken nothing of what waits for it since this was asked before.
    ///
    /// For clients that cannot answer pings; those that can are known by that.
    func hasStalled() -> Bool {
        stream?.hasStalled() ?? false
    }
}
