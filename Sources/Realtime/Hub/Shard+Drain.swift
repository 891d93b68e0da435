internal import NIOCore

extension Shard {
    /// Connections that are ended at once, however many there are.
    private static let minimumBatch = 50
    /// Time between two batches.
    private static let batchInterval = TimeAmount.milliseconds(50)

    /// Tells every connection, now and in future, that the server goes; returns when none is left, or after `deadline`.
    ///
    /// May be called from anywhere.
    ///
    /// - Parameters:
    ///   - window: over which the connections are ended, so that their clients do not come back all at once.
    ///   - deadline: from now.
    func drain(window: TimeAmount, deadline: TimeAmount) async {
        let promise = eventLoop.makePromise(of: Void.self)
        eventLoop.execute {
            let timeout = self.eventLoop.scheduleTask(in: deadline) { promise.succeed() }
            promise.futureResult.whenComplete { _ in timeout.cancel() }
            self.beginDraining(over: window, promise)
        }
        // It is only ever succeeded.
        try? await promise.futureResult.get()
    }

    private func beginDraining(over window: TimeAmount, _ promise: EventLoopPromise<Void>) {
        // What was published goes out before anybody is ended.
        tick()
        let table = table.value
        table.isShuttingDown = true
        table.emptied.append(promise)
        let connections = Array(table.connections.values)
        guard !connections.isEmpty else { return table.whenEmpty() }
        let batches = max(1, window.nanoseconds / Self.batchInterval.nanoseconds)
        let batch = max(Self.minimumBatch, (connections.count + Int(batches) - 1) / Int(batches))
        endNext(connections[...], batch: batch)
    }

    private func endNext(_ connections: ArraySlice<Connection>, batch: Int) {
        for connection in connections.prefix(batch) { connection.disconnect(.shutdown) }
        tick()
        let rest = connections.dropFirst(batch)
        guard !rest.isEmpty else { return }
        let bound = NIOLoopBound(rest, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: Self.batchInterval) { self.endNext(bound.value, batch: batch) }
    }
}
