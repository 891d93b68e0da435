package import WebSocketCodec

/// Limits of a connection before and beside an upgrade, and what an upgrade offers; what exceeds a limit is answered and
/// closed.
package struct UpgradeOptions: Sendable, Equatable {
    /// How long a request head may take from its first byte, and the first head from the accepted connection: 10 s.
    ///
    /// Afterwards 408, or a silent close if no byte of it came.
    package var headDeadline: Duration = .seconds(10)
    /// How long a connection may wait for its next request: 60 s, then it is closed.
    package var idleTimeout: Duration = .seconds(60)
    /// How long a body may make no progress while the server is willing to read: 30 s, then 408 or a close.
    package var bodyDeadline: Duration = .seconds(30)
    /// How long the peer may take to read a last response and to close: 2 s.
    package var lingerTimeout: Duration = .seconds(2)
    /// Bytes of one header field's name and value, or of the request target: 16 KiB, then 431.
    package var maximumHeaderFieldBytes = 16_384
    /// Bytes of all header fields of a request: 64 KiB, then 431.
    package var maximumHeaderListBytes = 65_536
    /// Header fields of a request: 100, then 431.
    package var maximumHeaderFields = 100
    /// Heads, body pieces and ends that may wait behind an unanswered request: 1,024, then the connection is closed.
    package var maximumWaitingParts = 1_024
    /// Whether and how the messages of a WebSocket are compressed; on by default.
    package var compression = CompressionOptions()

    package init() {}
}
