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
        case presence(channel: String)
        case presenceStats(channel: String)
        case history(HistoryParameters)
        case rpc(method: String, data: ByteBuffer?)
        case send
        case refresh(token: String)
        case subRefresh(channel: String, token: String)
        /// A command that this server knows and does not offer: `ping`.
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
/// Unknown ones are ignored, `headers` and `flag` among them.
struct ConnectParameters: Sendable {
    var token: String?
    /// Raw JSON.
    var data: ByteBuffer?
    var name: String?
    var version: String?
    /// Where the client stands in channels to which the server subscribes it.
    var positions: [String: StreamPosition] = [:]
}

/// Parameters of `subscribe`.
///
/// Unknown ones are ignored, `flag`, `delta` and `tf` among them; `positioned`, `recoverable` and `join_leave` are checked
/// and change nothing: the channel's options say what it does.
struct SubscribeParameters: Sendable {
    var channel: String
    var token: String?
    /// Raw JSON.
    var data: ByteBuffer?
    /// Where the client stands, when it asks for what it has missed since.
    var recovery: StreamPosition?
}

/// Parameters of `publish`.
struct PublishParameters: Sendable {
    var channel: String
    /// Raw JSON.
    var data: ByteBuffer
}

/// Parameters of `history`.
struct HistoryParameters: Sendable, Equatable {
    var channel: String
    /// 0 or absent: only the position; negative: all.
    var limit = 0
    var since: StreamPosition?
    var isReverse = false
}
