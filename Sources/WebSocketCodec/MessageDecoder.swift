package import NIOCore

/// Turns a client's bytes into messages (RFC 6455 §5): frames, masking, fragments, UTF-8, limits. Pure: no I/O, no clock.
///
/// Feed with `append`, then call `next` until it returns `nil`. After it has thrown, or returned `.close`, everything that
/// follows is ignored (`next` returns `nil`).
package struct MessageDecoder {
    package init(limits: WebSocketLimits = WebSocketLimits()) {}

    /// Takes bytes as they came from the socket, cut anywhere.
    package mutating func append(_ bytes: ByteBuffer) {}

    /// The next message or control frame that is complete, or `nil` when more bytes are needed.
    package mutating func next() throws(WebSocketError) -> WebSocketEvent? { nil }
}
