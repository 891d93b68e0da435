internal import NIOCore

/// A channel without the type of its state, as shards and connections see it.
protocol AnyChannel: AnyObject, Sendable {
    /// What clients call it.
    var name: String { get }
    /// What it allows.
    var options: ChannelOptions { get }
    /// The numbering of its offsets, random for each opening.
    var epoch: String { get }

    /// Adds one subscriber on a shard; `nil` when the channel is closed.
    ///
    /// Every publication after the returned offset reaches the shard's inbox until as many `detach` as `attach` were called.
    func attach(_ shard: Shard) -> Attachment?

    /// Takes one subscriber of a shard away.
    func detach(_ shard: Shard)

    /// Publishes for a client; false when the state cannot take clients' data.
    func publish(clientData data: ByteBuffer, from client: ClientIdentity) -> Bool

    /// Ends it: subscribers are told by way of their shards, later publications go nowhere.
    func close(code: UnsubscribeCode)
}

/// Where a new subscriber stands.
struct Attachment: Sendable {
    /// The last publication that the snapshot holds.
    var offset: UInt64
    /// The state at `offset`; `nil` in a channel without history.
    var snapshot: Snapshot?
}
