internal import Synchronization

/// What has happened in a hub since its start; read from any thread.
package struct HubMetrics: Sendable, Equatable {
    /// Connections that are open now, those that are closing included.
    package var connections: Int
    /// Publications taken by channels.
    package var publications: UInt64
    /// Publications handed to subscribers' connections: one publication to ten viewers counts ten.
    package var deliveries: UInt64
    /// Connections ended with `3008 slow`.
    package var slowDisconnects: UInt64
    /// Connections ended with `3012 no pong`.
    package var missedPongs: UInt64
}

/// The counters behind `HubMetrics`: relaxed atomics, added to once a tick or rarer where they are hot.
final class HubCounters: Sendable {
    private let connections = Atomic<Int>(0)
    private let publications = Atomic<UInt64>(0)
    private let deliveries = Atomic<UInt64>(0)
    private let slowDisconnects = Atomic<UInt64>(0)
    private let missedPongs = Atomic<UInt64>(0)

    /// All of them now.
    var metrics: HubMetrics {
        HubMetrics(
            connections: connections.load(ordering: .relaxed),
            publications: publications.load(ordering: .relaxed),
            deliveries: deliveries.load(ordering: .relaxed),
            slowDisconnects: slowDisconnects.load(ordering: .relaxed),
            missedPongs: missedPongs.load(ordering: .relaxed)
        )
    }

    func connected() { connections.add(1, ordering: .relaxed) }
    func disconnected() { connections.subtract(1, ordering: .relaxed) }
    func published() { publications.add(1, ordering: .relaxed) }
    func delivered(_ count: Int) { deliveries.add(UInt64(count), ordering: .relaxed) }

    /// Counts what the server ends connections with.
    func ended(with disconnect: Disconnect) {
        switch disconnect {
        case .slow: slowDisconnects.add(1, ordering: .relaxed)
        case .noPong: missedPongs.add(1, ordering: .relaxed)
        default: break
        }
    }
}
