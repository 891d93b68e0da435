/// What was counted since the start, for programs that watch the server.
package struct ServerMetrics: Sendable {
    /// Counts by size, each bucket by itself; in milliseconds.
    package struct Histogram: Sendable {
        /// The upper ends of the buckets, included; the last bucket has none.
        package var bounds: [Int]
        package var counts: [UInt64]
        package var sum: UInt64
    }

    /// Whole seconds since the server's start.
    package var uptime: Int
    package var live: Int
    package var building: Int
    package var asleep: Int
    package var failed: Int
    package var viewers: Int
    /// UTF-16 units of text that models have written.
    package var units: UInt64
    /// Ended turns by outcome.
    package var turns: [(name: String, count: UInt64)]
    package var errors: [(name: String, count: UInt64)]
    package var firstToken: Histogram
    package var build: Histogram
}

extension Orchestrator {
    /// All counters now.
    package var metrics: ServerMetrics {
        let tally = services.board.tally
        let measured = services.meter.state
        return ServerMetrics(
            uptime: services.time.now().milliseconds / 1000,
            live: tally.counts.live,
            building: tally.counts.building,
            asleep: tally.asleep,
            failed: tally.failed,
            viewers: tally.counts.viewers,
            units: services.meter.streamedUnits,
            turns: GenerationFinished.Outcome.allCases.map { ($0.rawValue, measured.outcomes[$0] ?? 0) },
            errors: ErrorNote.Code.allCases.map { ($0.rawValue, measured.errorCounts[$0] ?? 0) },
            firstToken: ServerMetrics.Histogram(measured.firstToken),
            build: ServerMetrics.Histogram(measured.build)
        )
    }
}

extension ServerMetrics.Histogram {
    fileprivate init(_ latencies: Latencies) {
        self.init(bounds: latencies.bounds, counts: latencies.totals, sum: latencies.sum)
    }
}
