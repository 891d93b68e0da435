package import NIOCore

/// Limits how often something may be done: a bucket of tokens, refilled as time goes by.
package struct TokenBucket: Sendable {
    private let perSecond: Double?
    private let burst: Double
    private var tokens: Double
    /// When it was last asked.
    package private(set) var refilledAt: NIODeadline

    /// - Parameters:
    ///   - perSecond: the average allowed; `nil` for any number.
    ///   - burst: so many seconds' worth may come at once.
    ///   - now: the time of a clock that never goes backwards.
    package init(perSecond: Int?, burst: Int, now: NIODeadline) {
        self.perSecond = perSecond.map(Double.init)
        self.burst = Double((perSecond ?? 0) * burst)
        tokens = self.burst
        refilledAt = now
    }

    /// Takes one token; false when there is none.
    package mutating func take(now: NIODeadline) -> Bool {
        guard let perSecond else { return true }
        let elapsed = Double((now - refilledAt).nanoseconds) / 1_000_000_000
        refilledAt = now
        tokens = min(burst, tokens + max(0, elapsed) * perSecond)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
