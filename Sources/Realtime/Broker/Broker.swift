package import NIOCore

/// Where publications get their order, are kept for those who were away, and presence is known: one process's memory, or
/// an engine that several servers share.
///
/// The hub knows nothing else of it. All calls may come from any thread; `whenDone` closures may be called on any thread, at
/// once or later, exactly once.
package protocol Broker: Sendable {
    /// Opens a channel's stream: from now on everything that anybody publishes on it reaches `receiver`.
    ///
    /// - Parameters:
    ///   - channel: its name.
    ///   - options: how much is kept.
    ///   - receiver: told of publications in the order of their offsets, one at a time; held until `close`.
    /// - Returns: the stream, open until its `close`.
    func open(_ channel: String, options: HistoryOptions, receiver: any StreamReceiver) -> any BrokerStream
}

/// One channel in a broker.
package protocol BrokerStream: AnyObject, Sendable {
    /// The numbering of offsets: it changes when the store forgets what it kept.
    var epoch: String { get }

    /// Gives a publication the next offset, keeps it, and passes it to every server's receiver before `whenDone`.
    func publish(_ draft: Draft, whenDone: PublishCompletion?)

    /// Reads what is kept.
    ///
    /// Fails with `unrecoverablePosition` when something after `since` is gone or the epoch is another one. The page's
    /// position is at or after the last publication that the receiver had been given before the call.
    func history(_ request: HistoryRequest, whenDone: @escaping HistoryCompletion)

    /// A client has subscribed: those who watch are told, unless it was here already.
    func join(_ client: ClientIdentity)

    /// A client has gone: those who watch are told, if it was here.
    func leave(_ client: ClientIdentity)

    /// Who is here, in no order.
    func presence(whenDone: @escaping @Sendable (Result<[ClientIdentity], ClientError>) -> Void)

    /// Lets go of what is too old.
    func expire()

    /// Lets go of everything; later publications go nowhere.
    func close()
}

/// Told the offset of a publication, or why there is none.
package typealias PublishCompletion = @Sendable (Result<UInt64, ClientError>) -> Void
/// Told a part of the history, or why there is none.
package typealias HistoryCompletion = @Sendable (Result<HistoryPage, ClientError>) -> Void

/// What a broker passes on to.
package protocol StreamReceiver: AnyObject, Sendable {
    /// Takes a publication in and says how it looks on the wire.
    func receive(_ draft: Draft, offset: UInt64) -> EncodedPublication

    /// Encodes an event that stands for several publications, for those who were away.
    func encode(_ event: any ChannelEvent, publisher: ClientIdentity?, offset: UInt64) -> EncodedPublication

    /// A client has come.
    func joined(_ client: ClientIdentity)

    /// A client has gone.
    func left(_ client: ClientIdentity)
}

/// A publication before it has its offset.
package struct Draft: Sendable {
    /// What it says; `nil` where a broker brings bytes from elsewhere.
    var event: (any ChannelEvent)?
    /// The client that made it; `nil` for the server's own.
    package var publisher: ClientIdentity?
    /// Of publications with one key that wait for a delayed write only the newest is sent.
    var coalescingKey: String?
    /// The frame up to what depends on the offset; empty where a broker brings bytes from elsewhere.
    var begun: ByteBuffer
    /// The publication's `data`: one JSON value.
    package var data: ByteBuffer

    /// A publication that comes from another server.
    package init(data: ByteBuffer, publisher: ClientIdentity?) {
        self.init(event: nil, publisher: publisher, coalescingKey: nil, begun: ByteBuffer(), data: data)
    }

    init(
        event: (any ChannelEvent)?,
        publisher: ClientIdentity?,
        coalescingKey: String?,
        begun: ByteBuffer,
        data: ByteBuffer
    ) {
        self.event = event
        self.publisher = publisher
        self.coalescingKey = coalescingKey
        self.begun = begun
        self.data = data
    }
}
