package import NIOCore

/// The broker of a single server: everything is in this process's memory, and begins anew with it.
package struct MemoryBroker: Broker {
    private let now: @Sendable () -> NIODeadline

    /// - Parameter now: the clock by which history ages.
    package init(now: @escaping @Sendable () -> NIODeadline = { .now() }) {
        self.now = now
    }

    package func open(
        _ channel: String,
        options: HistoryOptions,
        receiver: any StreamReceiver
    ) -> any BrokerStream {
        MemoryStream(options: options, receiver: receiver, now: now)
    }
}
