internal import Synchronization

/// How often each client may do something: so many times at once, and as many again each second.
final class ClientRates: Sendable {
    private struct Bucket {
        var tokens: Double
        var refilledAt: Duration
    }

    /// Buckets from which on those are thrown away that are full again.
    private static let pruningSize = 1_024

    private let perSecond: Double
    private let now: @Sendable () -> Duration
    private let state = Mutex<(buckets: [String: Bucket], pruneAt: Int)>(([:], pruningSize))

    /// - Parameters:
    ///   - perSecond: the average allowed, and what may come at once.
    ///   - now: a clock that never goes backwards.
    init(perSecond: Int, now: @escaping @Sendable () -> Duration) {
        self.perSecond = Double(perSecond)
        self.now = now
    }

    /// As the other, with the machine's clock.
    convenience init(perSecond: Int) {
        let start = ContinuousClock.now
        self.init(perSecond: perSecond) { start.duration(to: .now) }
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
            var bucket = state.buckets[client] ?? Bucket(tokens: perSecond, refilledAt: now)
            let elapsed = (now - bucket.refilledAt) / .seconds(1)
            bucket.tokens = min(perSecond, bucket.tokens + max(0, elapsed) * perSecond)
            bucket.refilledAt = now
            let isAllowed = bucket.tokens >= 1
            if isAllowed { bucket.tokens -= 1 }
            state.buckets[client] = bucket
            return isAllowed
        }
    }
}
