internal import NIOCore
internal import Synchronization

/// One event loop's part of the hub: its connections, and the inbox that channels fill from any thread.
///
/// What is pending is delivered once a tick, and each connection written to and flushed once a tick.
final class Shard: Sendable {
    let eventLoop: any EventLoop
    private let inbox = Mutex<[Delivery]>([])
    /// What waits for the write delay of its channel: one waking and one timer for all of it.
    private let delayedInbox = Mutex<[Delivery]>([])
    let table: NIOLoopBoundBox<ShardTable>
    private let counters: HubCounters

    init(eventLoop: any EventLoop, counters: HubCounters) {
        self.eventLoop = eventLoop
        self.counters = counters
        table = .makeBoxSendingValue(ShardTable(), eventLoop: eventLoop)
    }

    /// Takes a delivery from any thread; true when `wake` must be called, outside the channel's lock.
    func enqueue(_ delivery: Delivery) -> Bool {
        inbox.withLock { inbox in
            inbox.append(delivery)
            return inbox.count == 1
        }
    }

    /// Takes a delivery that may wait for others, from any thread; true when `wake(after:)` must be called, outside the
    /// channel's lock.
    func enqueueDelayed(_ delivery: Delivery) -> Bool {
        delayedInbox.withLock { inbox in
            inbox.append(delivery)
            return inbox.count == 1
        }
    }

    /// Lets the loop deliver what may wait when the delay is over.
    ///
    /// Of channels with different delays all is delivered when the first one's is over.
    func wake(after delay: TimeAmount) {
        eventLoop.execute {
            self.eventLoop.scheduleTask(in: delay) { self.deliverDelayed() }
        }
    }

    /// Lets the loop deliver in its next tick.
    func wake() {
        eventLoop.execute { self.tick() }
    }

    // MARK: On the event loop

    /// A connection has come.
    ///
    /// False when the hub is shutting down: it is to be ended at once.
    func add(_ connection: Connection) -> Bool {
        let table = table.value
        table.connections[ObjectIdentifier(connection)] = connection
        counters.connected()
        return !table.isShuttingDown
    }

    /// A connection has gone; its subscriptions have been removed before.
    func remove(_ connection: Connection) {
        let table = table.value
        guard table.connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        counters.disconnected()
        if table.connections.isEmpty { table.whenEmpty() }
    }

    /// Attaches to a channel at its position of this moment; `nil` when it is closed.
    func subscribe(
        _ connection: Connection,
        to channel: any AnyChannel,
        isServerSide: Bool
    ) -> (Subscription, Snapshot?)? {
        guard let attachment = channel.attach(self) else { return nil }
        let subscription = Subscription(
            channel: channel,
            connection: connection,
            startOffset: attachment.offset,
            isServerSide: isServerSide
        )
        table.value.audience(of: channel).add(subscription)
        return (subscription, attachment.snapshot)
    }

    /// Detaches.
    func unsubscribe(_ subscription: Subscription) {
        let table = table.value
        let identifier = subscription.channel.identifier
        if let audience = table.audiences[identifier] {
            audience.remove(subscription)
            if audience.members.isEmpty { table.audiences[identifier] = nil }
        }
        subscription.channel.detach(self)
    }

    /// The answer to a subscriber has been queued: hands out what came meanwhile.
    func release(_ subscription: Subscription) -> [Delivery.Kind] {
        table.value.audiences[subscription.channel.identifier]?.release(subscription) ?? []
    }

    /// A subscriber has got everything up to `offset` otherwise.
    func start(_ subscription: Subscription, at offset: UInt64) {
        table.value.audiences[subscription.channel.identifier]?.start(subscription, at: offset)
    }

    /// The connections of a client or user, of one of them or all.
    func connections(of target: HubTarget) -> [Connection] {
        table.value.connections.values.filter { connection in
            switch target {
            case .client(let client): connection.client == client
            case .user(let user): connection.session.identity?.user == user
            }
        }
    }

    /// Flushes the connection at the end of this tick.
    func flushLater(_ connection: Connection) {
        let table = table.value
        table.dirty.append(connection)
        guard !table.isTickScheduled else { return }
        table.isTickScheduled = true
        wake()
    }

    /// Delivers what is pending and flushes all connections that have something to send.
    func tick() {
        let table = table.value
        table.isTickScheduled = false
        let pending = inbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
        // While deliveries run, connections that become dirty are flushed below, without another task.
        table.isTickScheduled = true
        deliver(pending, in: table)
        table.isTickScheduled = false
        let dirty = table.dirty
        table.dirty.removeAll(keepingCapacity: true)
        for connection in dirty { connection.flush() }
    }

    /// Delivers channel by channel, so that each subscriber gets one buffer a channel.
    private func deliver(_ pending: [Delivery], in table: ShardTable) {
        guard let channel = pending.first?.channel else { return }
        if pending.allSatisfy({ $0.channel == channel }) {
            counters.delivered(deliver(pending, of: channel, in: table))
            return
        }
        var order: [ObjectIdentifier] = []
        var groups: [ObjectIdentifier: [Delivery]] = [:]
        for delivery in pending {
            if groups[delivery.channel] == nil { order.append(delivery.channel) }
            groups[delivery.channel, default: []].append(delivery)
        }
        var delivered = 0
        for channel in order { delivered += deliver(groups[channel] ?? [], of: channel, in: table) }
        counters.delivered(delivered)
    }

    private func deliver(_ pending: [Delivery], of channel: ObjectIdentifier, in table: ShardTable) -> Int {
        // The audience may have left since.
        guard let audience = table.audiences[channel] else { return 0 }
        var end: UnsubscribeCode?
        var deliveries: [Delivery.Kind] = []
        deliveries.reserveCapacity(pending.count)
        for delivery in pending {
            if case .closed(let code) = delivery.kind { end = code } else { deliveries.append(delivery.kind) }
        }
        let delivered = audience.deliver(deliveries)
        if let end { audience.close(end) }
        return delivered
    }

    /// Delivers what has waited; of publications with one key only the newest.
    private func deliverDelayed() {
        let pending = delayedInbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
        deliver(Coalescing.newest(of: pending), in: table.value)
    }
}

/// A shard's registers.
///
/// Bound to its event loop.
final class ShardTable {
    var connections: [ObjectIdentifier: Connection] = [:]
    var audiences: [ObjectIdentifier: Audience] = [:]
    /// Connections with something to flush.
    var dirty: [Connection] = []
    /// Whether a tick will come without being asked for.
    var isTickScheduled = false
    var isShuttingDown = false
    /// Told when the last connection has gone.
    var emptied: [EventLoopPromise<Void>] = []

    /// The audience of a channel, made when it is not there.
    func audience(of channel: any AnyChannel) -> Audience {
        let identifier = channel.identifier
        if let audience = audiences[identifier] { return audience }
        let audience = Audience(channel: channel)
        audiences[identifier] = audience
        return audience
    }

    func whenEmpty() {
        for promise in emptied { promise.succeed() }
        emptied = []
    }
}
