internal import NIOCore

/// A named stream of publications with a state: publish from any thread, subscribe from event loops.
///
/// Created by `Hub.open`. The broker gives a publication its offset, keeps it, and hands it to the channel's core.
package final class Channel<State: ChannelState>: Sendable {
    package let name: String
    let options: ChannelOptions
    private let core: ChannelCore<State>
    private let stream: any BrokerStream
    private let subscribers: CountNotifier
    private let counters: HubCounters

    init(
        name: String,
        state: State,
        options: ChannelOptions,
        broker: any Broker,
        compression: HubCompression,
        counters: HubCounters,
        onSubscribers: (@Sendable (Int) -> Void)?
    ) {
        self.name = name
        self.options = options
        core = ChannelCore(name: name, state: state, options: options, compression: compression)
        stream = broker.open(name, options: options.hasHistory ? options.history : .none, receiver: core)
        subscribers = CountNotifier(onSubscribers)
        self.counters = counters
    }

    /// Folds and sends one event to every subscriber.
    ///
    /// Publications of one thread keep their order. After the channel was closed nothing happens.
    package func publish(_ event: State.Event) {
        counters.published()
        stream.publish(core.draft(event, from: nil), whenDone: nil)
    }

    /// Reads the state as of the last publication.
    ///
    /// The state is copied under the lock and read outside it.
    package func withState<Result>(_ body: (State) -> Result) -> Result {
        body(core.state)
    }

    /// The number of distinct connections subscribed.
    package var subscriberCount: Int { subscribers.count }
}

extension Channel: AnyChannel {
    var identifier: ObjectIdentifier { ObjectIdentifier(core) }

    var epoch: String { stream.epoch }

    func attach(_ shard: Shard) -> Attachment? {
        let attachment = core.attach(shard)
        if attachment != nil { subscribers.add(1) }
        return attachment
    }

    func detach(_ shard: Shard) {
        core.detach(shard)
        subscribers.add(-1)
    }

    func publish(
        _ publication: ClientPublication,
        from client: ClientIdentity,
        whenDone: @escaping PublishCompletion
    ) -> Bool {
        let draft: Draft
        if let event = State.event(encoded: publication.data) {
            draft = core.draft(event, from: client, key: publication.coalescingKey)
        } else if options.hasHistory {
            // The snapshot could not hold it.
            return false
        } else {
            let event = RawEvent(data: ReplyWriter.oneLine(publication.data))
            draft = core.draft(event, from: client, key: publication.coalescingKey)
        }
        counters.published()
        stream.publish(draft, whenDone: whenDone)
        return true
    }

    func history(_ request: HistoryRequest, whenDone: @escaping HistoryCompletion) {
        stream.history(request, whenDone: whenDone)
    }

    func join(_ client: ClientIdentity) { stream.join(client) }

    func leave(_ client: ClientIdentity) { stream.leave(client) }

    func presence(whenDone: @escaping @Sendable (Result<[ClientIdentity], ClientError>) -> Void) {
        stream.presence(whenDone: whenDone)
    }

    func expire() { stream.expire() }

    func close(code: UnsubscribeCode) {
        stream.close()
        core.close(code: code)
    }
}
