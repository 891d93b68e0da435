package import NIOCore
internal import Synchronization

/// All channels and connections of this process, with one shard an event loop.
package final class Hub: Sendable {
    let options: HubOptions
    let counters = HubCounters()
    let encodeSnapshot: Snapshot.Executor
    /// Runs what the application does in its own time; `nil` for the cooperative pool.
    let taskExecutor: (any TaskExecutor)?
    let compression: HubCompression
    private let broker: any Broker
    private let channels = Mutex<[String: any AnyChannel]>([:])
    private let shards: Mutex<[ObjectIdentifier: Shard]>
    private let audience: CountNotifier

    /// Makes a hub without channels.
    ///
    /// - Parameters:
    ///   - group: its loops own the connections; one shard is made for each.
    ///   - options: limits of the connections.
    ///   - broker: orders and keeps what is published; this process's memory by default.
    ///   - onViewers: told the number of distinct connections subscribed to any channel with `countsViewers`, after each
    ///     change; called on an event loop, one call at a time, must not block.
    package convenience init(
        group: any EventLoopGroup,
        options: HubOptions = HubOptions(),
        broker: any Broker = MemoryBroker(),
        onViewers: (@Sendable (Int) -> Void)? = nil
    ) {
        // The one bridge from event loops to the cooperative pool: encoding a large state would hold up a loop.
        self.init(group: group, options: options, broker: broker, onViewers: onViewers) { work in Task { work() } }
    }

    /// Makes a hub that encodes snapshots where `encodeSnapshot` says, and lets the application work where `taskExecutor`
    /// says: tests choose the moment.
    init(
        group: any EventLoopGroup,
        options: HubOptions,
        broker: any Broker = MemoryBroker(),
        onViewers: (@Sendable (Int) -> Void)? = nil,
        taskExecutor: (any TaskExecutor)? = nil,
        encodeSnapshot: @escaping Snapshot.Executor
    ) {
        self.options = options
        self.broker = broker
        compression = HubCompression(options.compression)
        self.encodeSnapshot = encodeSnapshot
        self.taskExecutor = taskExecutor
        audience = CountNotifier(onViewers)
        var made: [ObjectIdentifier: Shard] = [:]
        for eventLoop in group.makeIterator() {
            made[ObjectIdentifier(eventLoop)] = Shard(eventLoop: eventLoop, counters: counters)
        }
        shards = Mutex(made)
    }

    /// Opens a channel, or replaces nothing: a programmer error when the name is open already.
    ///
    /// - Parameters:
    ///   - name: what clients call it; ASCII, at most 255 bytes.
    ///   - state: what is known at the start; every publication is folded into it.
    ///   - options: what it allows.
    ///   - onSubscribers: told the number of distinct connections subscribed after each change, one call at a time, the
    ///     newest number last; called on an event loop, must not block.
    /// - Returns: the channel, open until `close` is called with its name.
    package func open<State: ChannelState>(
        _ name: String,
        state: State,
        options: ChannelOptions = ChannelOptions(),
        onSubscribers: (@Sendable (Int) -> Void)? = nil
    ) -> Channel<State> {
        let channel = Channel(
            name: name,
            state: state,
            options: options,
            broker: broker,
            compression: compression,
            counters: counters,
            onSubscribers: onSubscribers
        )
        let isNew = channels.withLock { channels in
            guard channels[name] == nil else { return false }
            channels[name] = channel
            return true
        }
        precondition(isNew, "a channel of this name is open already")
        return channel
    }

    /// Unsubscribes everybody with `code` and forgets the channel.
    ///
    /// Unknown names are ignored.
    ///
    /// What was published before reaches the subscribers before the end does.
    package func close(_ name: String, code: UnsubscribeCode) {
        let channel = channels.withLock { $0.removeValue(forKey: name) }
        channel?.close(code: code)
    }

    /// Whether a channel of this name is open.
    package func isOpen(_ name: String) -> Bool { channel(named: name) != nil }

    /// The number of distinct connections subscribed to any channel with `ChannelOptions.countsViewers`.
    package var viewers: Int { audience.count }

    /// Counters since the start.
    package var metrics: HubMetrics { counters.metrics }

    /// Ends every connection with `3001 shutdown`; returns when all have been told and have gone, or `deadline` has passed.
    ///
    /// What was published before is flushed first. The connections are ended in batches over `HubOptions.drainWindow`, or
    /// half of `deadline` where that is shorter; connections that come later are ended at once.
    package func shutdown(deadline: Duration) async {
        let shards = shards.withLock { Array($0.values) }
        let window = min(options.drainWindow, deadline / 2)
        await withTaskGroup(of: Void.self) { group in
            for shard in shards {
                group.addTask { await shard.drain(window: TimeAmount(window), deadline: TimeAmount(deadline)) }
            }
        }
    }

    /// Lets go of the past that is too old, in channels on which nothing happens; to be called now and then.
    package func expireHistory() {
        let open = channels.withLock { Array($0.values) }
        for channel in open { channel.expire() }
    }

    /// Calls `body` on each event loop of connections with its shard.
    func onEveryShard(_ body: @escaping @Sendable (Shard) -> Void) {
        for shard in shards.withLock({ Array($0.values) }) {
            shard.eventLoop.execute { body(shard) }
        }
    }

    func channel(named name: String) -> (any AnyChannel)? {
        channels.withLock { $0[name] }
    }

    /// The shard of a loop; one is made for a loop outside the group.
    func shard(of eventLoop: any EventLoop) -> Shard {
        shards.withLock { shards in
            if let shard = shards[ObjectIdentifier(eventLoop)] { return shard }
            let shard = Shard(eventLoop: eventLoop, counters: counters)
            shards[ObjectIdentifier(eventLoop)] = shard
            return shard
        }
    }

    /// A connection has begun (1) or ceased (-1) to watch channels that count viewers.
    func viewersChanged(by difference: Int) {
        audience.add(difference)
    }
}
