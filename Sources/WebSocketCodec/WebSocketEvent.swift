package import NIOCore

/// What a peer sent, after defragmentation, unmasking and validation.
package enum WebSocketEvent: Sendable, Equatable {
    /// A whole text message; the payload is valid UTF-8 (RFC 6455 §8.1).
    case text(ByteBuffer)
    /// A whole binary message.
    case binary(ByteBuffer)
    /// A ping with at most 125 bytes, to be answered by a pong with the same bytes (RFC 6455 §5.5.2).
    case ping(ByteBuffer)
    /// A pong, asked for or not (RFC 6455 §5.5.3).
    case pong(ByteBuffer)
    /// A close frame; `nil` where it carried no code (RFC 6455 §5.5.1).
    case close(CloseStatus?)
}

/// Code and reason of a close frame (RFC 6455 §7.4).
package struct CloseStatus: Sendable, Equatable {
    /// 1000 to 4999.
    package var code: UInt16
    /// UTF-8, at most 123 bytes.
    package var reason: String

    package init(code: UInt16, reason: String = "") {
        self.code = code
        self.reason = reason
    }
}
