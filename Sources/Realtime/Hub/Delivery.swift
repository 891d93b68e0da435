internal import NIOCore

/// What a channel sends to the shards that have subscribers, in the channel's order.
struct Delivery: Sendable {
    enum Kind: Sendable {
        /// A whole frame, shared by everybody.
        case publication(offset: UInt64, frame: ByteBuffer)
        /// The channel's end.
        case closed(UnsubscribeCode)
    }

    /// The channel, which is held by the shard's `Audience`.
    var channel: ObjectIdentifier
    var kind: Kind
}
