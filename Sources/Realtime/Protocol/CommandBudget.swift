internal import NIOCore

/// Limits how many commands a second a client may send: a bucket of tokens, refilled as time goes by.
struct CommandBudget {
    private let perSecond: Int?
    private var tokens: Double
    private var refilledAt: NIODeadline

    /// - Parameters:
    ///   - perSecond: the average allowed, and half of what may come at once; `nil` for any number.
    ///   - now: the time of the connection's loop.
    init(perSecond: Int?, now: NIODeadline) {
        self.perSecond = perSecond
        tokens = Double(perSecond ?? 0) * 2
        refilledAt = now
    }

    /// Takes one command; false when there are too many.
    mutating func take(now: NIODeadline) -> Bool {
        guard let perSecond else { return true }
        let elapsed = Double((now - refilledAt).nanoseconds) / 1_000_000_000
        refilledAt = now
        tokens = min(Double(perSecond) * 2, tokens + max(0, elapsed) * Double(perSecond))
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
