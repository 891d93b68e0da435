internal import NIOCore
internal import Synchronization

/// A named stream of publications with a state: publish from any thread, subscribe from event loops.
///
/// Created by `Hub.open`. Publishing takes the channel's lock for microseconds: next offset, fold, end the frame that was
/// encoded before, hand it to the event loops that have subscribers.
package final class Channel<State: ChannelState>: Sendable {
    package let name: String
    let options: ChannelOptions
    let epoch = RandomID.token()

    private struct Core {
        var state: State
        var offset: UInt64 = 0
        var isClosed = false
        /// The state's copy at `offset`, made by the first who asked.
        var snapshot: Snapshot?
        /// Shards with subscribers, and how many each has.
        var shards: [(shard: Shard, subscribers: Int)] = []
    }

    private let core: Mutex<Core>
    private let prefix: ByteBuffer
    private let subscribers: CountNotifier
    private let counters: HubCounters

    init(
        name: String,
        state: State,
        options: ChannelOptions,
        counters: HubCounters,
        onSubscribers: (@Sendable (Int) -> Void)?
    ) {
        self.name = name
        self.options = options
        core = Mutex(Core(state: state))
        prefix = PushWriter.publicationPrefix(channel: name)
        subscribers = CountNotifier(onSubscribers)
        self.counters = counters
    }

    /// Folds and sends one event to every subscriber.
    ///
    /// Returns its offset.
    ///
    /// Publications of one thread keep their order. After the channel was closed nothing happens.
    @discardableResult
    package func publish(_ event: State.Event) -> UInt64 { publish(event, folding: event, from: nil) }

    /// Reads the state as of the last publication.
    ///
    /// The state is copied under the lock and read outside it.
    package func withState<Result>(_ body: (State) -> Result) -> Result {
        body(core.withLock { $0.state })
    }

    /// The number of distinct connections subscribed.
    package var subscriberCount: Int { subscribers.count }

    /// Sends `data` and folds `event`, which is `nil` for what the state does not know of.
    private func publish(_ data: some ChannelEvent, folding event: State.Event?, from client: ClientIdentity?) -> UInt64
    {
        var frame = PushWriter.beginPublication(prefix: prefix, event: data, publisher: client)
        let (offset, toWake) = core.withLock { core -> (UInt64, [Shard]) in
            guard !core.isClosed else { return (core.offset, []) }
            core.offset += 1
            if let event { core.state.fold(event) }
            core.snapshot = nil
            guard !core.shards.isEmpty else { return (core.offset, []) }
            PushWriter.endPublication(&frame, offset: options.hasHistory ? core.offset : nil)
            let delivery = Delivery(
                channel: ObjectIdentifier(self),
                kind: .publication(offset: core.offset, frame: frame)
            )
            return (core.offset, core.shards.map(\.shard).filter { $0.enqueue(delivery) })
        }
        counters.published()
        for shard in toWake { shard.wake() }
        return offset
    }
}

extension Channel: AnyChannel {
    func attach(_ shard: Shard) -> Attachment? {
        let attachment = core.withLock { core -> Attachment? in
            guard !core.isClosed else { return nil }
            if let index = core.shards.firstIndex(where: { $0.shard === shard }) {
                core.shards[index].subscribers += 1
            } else {
                core.shards.append((shard, 1))
            }
            guard options.hasHistory else { return Attachment(offset: core.offset) }
            let snapshot = core.snapshot ?? Self.snapshot(of: core.state)
            core.snapshot = snapshot
            return Attachment(offset: core.offset, snapshot: snapshot)
        }
        if attachment != nil { subscribers.add(1) }
        return attachment
    }

    func detach(_ shard: Shard) {
        core.withLock { core in
            guard let index = core.shards.firstIndex(where: { $0.shard === shard }) else { return }
            core.shards[index].subscribers -= 1
            if core.shards[index].subscribers == 0 { core.shards.remove(at: index) }
            // Nobody watches: the encoded state need not be kept.
            if core.shards.isEmpty { core.snapshot = nil }
        }
        subscribers.add(-1)
    }

    func publish(clientData data: ByteBuffer, from client: ClientIdentity) -> Bool {
        if let event = State.event(clientData: data) {
            _ = publish(event, folding: event, from: client)
        } else if options.hasHistory {
            // The snapshot could not hold it.
            return false
        } else {
            _ = publish(RawEvent(data: ReplyWriter.oneLine(data)), folding: nil, from: client)
        }
        return true
    }

    func close(code: UnsubscribeCode) {
        let toWake = core.withLock { core -> [Shard] in
            guard !core.isClosed else { return [] }
            core.isClosed = true
            core.snapshot = nil
            let delivery = Delivery(channel: ObjectIdentifier(self), kind: .closed(code))
            return core.shards.map(\.shard).filter { $0.enqueue(delivery) }
        }
        for shard in toWake { shard.wake() }
    }

    private static func snapshot(of state: State) -> Snapshot {
        Snapshot {
            var json = JSONWriter()
            state.writeSnapshot(to: &json)
            return json.finish()
        }
    }
}
