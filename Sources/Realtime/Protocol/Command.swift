internal import NIOCore

/// One command of a client (Centrifugo client protocol v2, `Command` in its `client.proto`).
struct Command: Sendable {
    /// Matches the reply to the command; 0 where the client gave none.
    var id: UInt32
    var request: Request

    /// What is asked for.
    enum Request: Sendable {
        /// The empty command: answers the server's ping.
        case pong
        case connect(ConnectParameters)
        case subscribe(SubscribeParameters)
        case unsubscribe(channel: String)
        case publish(PublishParameters)
        case rpc(method: String, data: ByteBuffer?)
        case send
        /// A command that this server knows and does not offer: `presence`, `presence_stats`, `history`, `refresh`,
        /// `sub_refresh`, `ping`.
        case unavailable
        /// A known command whose parameters are not what they should be.
        case malformed
        /// `connect` with parameters that are not what they should be.
        case malformedConnect
        /// A command that the protocol does not know.
        case unknown
    }
}

/// Parameters of `connect`.
///
/// Unknown ones are ignored, `subs`, `headers` and `flag` among them.
struct ConnectParameters: Sendable {
    var token: String?
    /// Raw JSON.
    var data: ByteBuffer?
    var name: String?
    var version: String?
}

/// Parameters of `subscribe`.
///
/// Unknown ones are ignored, `flag`, `delta` and `tf` among them.
struct SubscribeParameters: Sendable {
    var channel: String
    /// Raw JSON.
    var data: ByteBuffer?
    /// Whether the client asks for what it missed after `offset` of `epoch`.
    var recover = false
    var epoch = ""
    var offset: UInt64 = 0
}

/// Parameters of `publish`.
struct PublishParameters: Sendable {
    var channel: String
    /// Raw JSON.
    var data: ByteBuffer
}
