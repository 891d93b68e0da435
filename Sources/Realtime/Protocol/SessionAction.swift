internal import NIOCore

/// What a connection must do after an event of its session.
enum SessionAction: Sendable {
    /// Nothing.
    case none
    /// Ask the application who this is, then tell `connectAnswered`.
    case connect(id: UInt32, ConnectParameters)
    /// Subscribe the client to the acceptance's channels, then tell `greeted`.
    case greet(id: UInt32, ConnectAcceptance, positions: [String: StreamPosition])
    /// Answer `connect`.
    case replyConnected(id: UInt32, ConnectAcceptance)
    /// Let the application prepare the channel, then tell `prepared`.
    case prepare(SubscribeRequest)
    /// Attach to the channel, answer with position and snapshot, then tell `subscribed` or `failed`.
    case attach(id: UInt32, SubscribeParameters, SubscribeGrant)
    /// Detach from the channel and answer; `id` of the unsubscribe command.
    case detach(id: UInt32, channel: String)
    /// Answer `unsubscribe` on a channel that was not subscribed to.
    case replyUnsubscribed(id: UInt32)
    /// Publish and answer. When the channel is not open and `isPrepared` is false, tell `needsPreparation` instead.
    case publish(id: UInt32, PublishParameters, isSubscribed: Bool, isPrepared: Bool)
    /// Answer a question about a channel that the client is subscribed to.
    case query(id: UInt32, Query)
    /// Let the application answer, then tell `callFinished`.
    case call(id: UInt32, method: String, data: ByteBuffer?)
    /// Let the application prolong the connection, and answer.
    case refresh(id: UInt32, token: String)
    /// Let the application prolong a subscription, and answer.
    case subRefresh(id: UInt32, channel: String, token: String)
    /// Answer with an error.
    case fail(id: UInt32, ClientError)
    /// End the connection.
    case disconnect(Disconnect)

    /// A question about a channel.
    enum Query: Sendable, Equatable {
        case presence(channel: String)
        case presenceStats(channel: String)
        case history(HistoryParameters)

        /// What it is about.
        var channel: String {
            switch self {
            case .presence(let channel), .presenceStats(let channel): channel
            case .history(let parameters): parameters.channel
            }
        }
    }
}
