internal import NIOCore
internal import Realtime
internal import Synchronization

/// How often each client may do something: so many times at once, and as many again each second.
final class ClientRates: Sendable {
    /// Buckets from which on those are thrown away that are full again.
    private static let pruningSize = 1_024

    private let perSecond: Int
    private let now: @Sendable () -> NIODeadline
    private let state = Mutex<(buckets: [String: TokenBucket], pruneAt: Int)>(([:], pruningSize))

    /// - Parameters:
    ///   - perSecond: the average allowed, and what may come at once.
    ///   - now: a clock that never goes backwards.
    init(perSecond: Int, now: @escaping @Sendable () -> NIODeadline = { .now() }) {
        self.perSecond = perSecond
        self.now = now
    }

    /// Counts one; false when there are too many.
    func take(_ client: String) -> Bool {
        let now = now()
        return state.withLock { state in
            if state.buckets.count >= state.pruneAt {
                // A second fills every bucket, and a full one is as good as none.
                state.buckets = state.buckets.filter { now - $0.value.refilledAt < .seconds(1) }
                state.pruneAt = max(Self.pruningSize, state.buckets.count * 2)
            }
            return state.buckets[client, default: TokenBucket(perSecond: perSecond, burst: 1, now: now)].take(now: now)
        }
    }
}
