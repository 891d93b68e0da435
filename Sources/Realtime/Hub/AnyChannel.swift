internal import NIOCore

/// A channel without the type of its state, as shards and connections see it.
protocol AnyChannel: AnyObject, Sendable {
    /// What clients call it.
    var name: String { get }
    /// By what shards know it.
    var identifier: ObjectIdentifier { get }
    /// What it allows.
    var options: ChannelOptions { get }
    /// The numbering of its offsets.
    var epoch: String { get }

    /// Adds one subscriber on a shard; `nil` when the channel is closed.
    ///
    /// Every publication after the returned offset reaches the shard's inbox until as many `detach` as `attach` were called.
    func attach(_ shard: Shard) -> Attachment?

    /// Takes one subscriber of a shard away.
    func detach(_ shard: Shard)

    /// Publishes for a client; false when the state cannot take clients' data.
    func publish(
        _ publication: ClientPublication,
        from client: ClientIdentity,
        whenDone: @escaping PublishCompletion
    ) -> Bool

    /// Reads what is kept of the past.
    func history(_ request: HistoryRequest, whenDone: @escaping HistoryCompletion)

    /// A client is here; others are told.
    func join(_ client: ClientIdentity)

    /// A client is no longer here; others are told.
    func leave(_ client: ClientIdentity)

    /// Who is here.
    func presence(whenDone: @escaping @Sendable (Result<[ClientIdentity], ClientError>) -> Void)

    /// Lets go of the past that is too old.
    func expire()

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
