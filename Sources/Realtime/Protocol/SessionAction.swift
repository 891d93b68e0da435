internal import NIOCore

/// What a connection must do after an event of its session.
enum SessionAction: Sendable {
    /// Nothing.
    case none
    /// Ask the application who this is, then tell `connectAnswered`.
    case connect(id: UInt32, ConnectParameters)
    /// Answer `connect`.
    case replyConnected(id: UInt32, ClientIdentity)
    /// Let the application prepare the channel, then tell `prepared`.
    case prepare(channel: String, data: ByteBuffer?)
    /// Attach to the channel, answer with position and snapshot, then tell `subscribed` or `failed`.
    case attach(id: UInt32, SubscribeParameters)
    /// Detach from the channel and answer; `id` of the unsubscribe command.
    case detach(id: UInt32, channel: String)
    /// Answer `unsubscribe` on a channel that was not subscribed to.
    case replyUnsubscribed(id: UInt32)
    /// Publish and answer. When the channel is not open and `isPrepared` is false, tell `needsPreparation` instead.
    case publish(id: UInt32, PublishParameters, isSubscribed: Bool, isPrepared: Bool)
    /// Let the application answer, then tell `callFinished`.
    case call(id: UInt32, method: String, data: ByteBuffer?)
    /// Answer with an error.
    case fail(id: UInt32, ClientError)
    /// End the connection.
    case disconnect(Disconnect)
}
