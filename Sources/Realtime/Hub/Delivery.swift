internal import NIOCore

/// What a channel sends to the shards that have subscribers, in the channel's order.
struct Delivery: Sendable {
    enum Kind: Sendable {
        /// A publication, shared by everybody.
        ///
        /// Of those with one `key` that wait only the newest is sent.
        case publication(EncodedPublication, key: String?)
        /// A client has come or gone; of those of one client that wait only the newest is sent.
        case presence(Frame, client: String)
        /// The channel's end.
        case closed(UnsubscribeCode)
    }

    /// The channel, which is held by the shard's `Audience`.
    var channel: ObjectIdentifier
    var kind: Kind
}

/// What has happened to a client on a channel.
enum PresenceChange: Sendable {
    case joined
    case left
}
