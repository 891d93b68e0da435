internal import NIOCore
internal import WebSocketCodec

/// The way to the client: a WebSocket, or a one-way stream in the body of an HTTP response.
///
/// Bound to the connection's event loop.
enum Wire {
    case webSocket(SocketWriter)
    case oneWay(OneWayStream)

    /// Bytes that were written and that the socket has not taken.
    var waitingBytes: Int {
        switch self {
        case .webSocket(let socket): socket.waitingBytes
        case .oneWay(let stream): stream.waitingBytes
        }
    }

    /// Writes and flushes.
    ///
    /// - Parameters:
    ///   - first: what goes first.
    ///   - rest: what follows it.
    ///   - whenQueued: makes the promise to be kept when what waits has been written.
    /// - Returns: how many bytes may wait.
    mutating func writeAndFlush(
        _ first: Outbox.Entry,
        _ rest: [Outbox.Entry],
        whenQueued: () -> EventLoopPromise<Void>
    ) -> Int {
        switch self {
        case .webSocket(var socket):
            defer { self = .webSocket(socket) }
            if rest.isEmpty { return socket.writeAndFlush(first.bytes, whenQueued: whenQueued) }
            socket.writeAndFlush(first.bytes, rest.map(\.bytes), whenQueued: whenQueued)
            return rest.reduce(first.bytes.readableBytes) { $0 + $1.bytes.readableBytes }
        case .oneWay(let stream):
            let buffers = [first.bytes] + rest.map(\.bytes)
            stream.write(buffers, whenQueued())
            return buffers.reduce(0) { $0 + $1.readableBytes }
        }
    }

    /// Ends the connection at once.
    func close() {
        switch self {
        case .webSocket(let socket): socket.context.close(promise: nil)
        case .oneWay(let stream): stream.cut()
        }
    }

    /// Tells the peer that nothing will follow.
    func closeOutput() {
        switch self {
        case .webSocket(let socket): socket.context.close(mode: .output, promise: nil)
        case .oneWay(let stream): stream.finish()
        }
    }

    /// Ends the connection when what was written has left.
    func closeAfterFlush() {
        switch self {
        case .webSocket(let socket):
            let channel = socket.context.channel
            socket.context.writeAndFlush(NIOAny(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
        case .oneWay(let stream): stream.finish()
        }
    }

    /// Whether the peer has taken nothing of what waits for it since this was asked before.
    ///
    /// For clients that cannot answer pings; those that can are known by that.
    func hasStalled() -> Bool {
        if case .oneWay(let stream) = self { stream.hasStalled() } else { false }
    }

    /// Whether the client answers pings.
    var answersPings: Bool {
        if case .webSocket = self { true } else { false }
    }
}
