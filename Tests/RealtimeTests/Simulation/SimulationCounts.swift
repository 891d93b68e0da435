/// What happened in simulations.
struct SimulationCounts {
    /// Answers to those who wanted to recover, and how many of them could.
    var attempts = 0
    var recoveries = 0
    var snapshots = 0
    /// Recoveries by the last event's id.
    var streamRecoveries = 0
    /// Publications that stood for several, or after others that something newer replaced.
    var merged = 0
    var unsubscribed: [Int: Int] = [:]
    var closed: [UInt16: Int] = [:]

    static func += (left: inout SimulationCounts, right: SimulationCounts) {
        left.attempts += right.attempts
        left.recoveries += right.recoveries
        left.snapshots += right.snapshots
        left.streamRecoveries += right.streamRecoveries
        left.merged += right.merged
        left.unsubscribed.merge(right.unsubscribed, uniquingKeysWith: +)
        left.closed.merge(right.closed, uniquingKeysWith: +)
    }
}
