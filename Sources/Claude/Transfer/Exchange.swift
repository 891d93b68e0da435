/// One request through all its attempts.
///
/// Lives on the curl thread alone.
final class Exchange {
    let id: UInt64
    let body: [UInt8]
    let queue: EventQueue
    /// The attempt on the wire; `nil` between attempts.
    var transfer: Transfer?
    /// When the next attempt begins.
    var retryAt: ContinuousClock.Instant?
    /// Counted retries so far.
    var retries = 0
    /// Whether a connection was found stale already: that happens once without counting.
    var hasRetriedStale = false

    init(id: UInt64, body: [UInt8], queue: EventQueue) {
        self.id = id
        self.body = body
        self.queue = queue
    }

    /// When the loop has to look at it again, if nothing comes before.
    func deadline(_ configuration: ClaudeConfiguration) -> ContinuousClock.Instant? {
        if let retryAt { return retryAt }
        guard let transfer else { return nil }
        if let completedAt = transfer.completedAt { return completedAt + configuration.lingerTimeout }
        guard !transfer.isPaused else { return nil }
        let idle = transfer.lastActivity + configuration.idleTimeout
        return transfer.stoppedAt.map { min(idle, $0 + configuration.lingerTimeout) } ?? idle
    }
}
