/// How long something took: percentiles of the newest samples, and counts by size since the start.
///
/// A value type; whole milliseconds.
struct Latencies: Sendable {
    /// Samples that percentiles and buckets are of.
    static let window = 100

    /// The upper ends of the buckets, included, in milliseconds; one more bucket has no end.
    let bounds: [Int]
    /// All samples since the start by bucket.
    private(set) var totals: [UInt64]
    /// The sum of all samples since the start, in milliseconds.
    private(set) var sum: UInt64 = 0
    private var samples: [Int] = []
    /// Where the next sample goes once the window is full.
    private var next = 0

    /// - Parameter bounds: rising.
    init(bounds: [Int]) {
        self.bounds = bounds
        totals = [UInt64](repeating: 0, count: bounds.count + 1)
    }

    /// Takes in a sample; a negative one counts as 0.
    mutating func add(_ milliseconds: Int) {
        let sample = max(0, milliseconds)
        totals[bucket(of: sample)] += 1
        sum += UInt64(sample)
        if samples.count < Self.window {
            samples.append(sample)
        } else {
            samples[next] = sample
            next = (next + 1) % Self.window
        }
    }

    /// Percentiles and buckets of the window.
    var summary: LatencySummary {
        var buckets = [Int](repeating: 0, count: bounds.count + 1)
        for sample in samples { buckets[bucket(of: sample)] += 1 }
        let sorted = samples.sorted()
        return LatencySummary(
            p50: Self.percentile(50, of: sorted),
            p90: Self.percentile(90, of: sorted),
            p99: Self.percentile(99, of: sorted),
            buckets: buckets
        )
    }

    /// The nearest rank: the least sample that so many per cent do not exceed; 0 where there is none.
    static func percentile(_ percent: Int, of sorted: [Int]) -> Int {
        guard !sorted.isEmpty else { return 0 }
        let rank = (sorted.count * percent + 99) / 100
        return sorted[min(max(rank, 1), sorted.count) - 1]
    }

    private func bucket(of sample: Int) -> Int {
        bounds.firstIndex { sample <= $0 } ?? bounds.count
    }
}

extension Latencies {
    /// The bounds by the names under which they travel.
    static let bounds: [(name: StaticString, bounds: [Int])] = [
        ("first_token_ms", firstTokenBounds), ("build_ms", buildBounds),
    ]
    /// From the begin of a turn to its first piece of text.
    static let firstTokenBounds = [
        50, 100, 150, 200, 300, 400, 600, 800, 1_000, 1_500, 2_000, 3_000, 4_000, 6_000, 10_000,
    ]
    /// From the begin of a turn to its version on show.
    static let buildBounds = [
        250, 500, 1_000, 2_000, 3_000, 5_000, 7_500, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000, 60_000, 120_000,
    ]
}

/// What is told of a window of samples, in milliseconds.
struct LatencySummary: Sendable, Equatable {
    var p50 = 0
    var p90 = 0
    var p99 = 0
    /// Samples by size, in the order of the bounds; empty in the points of the past.
    var buckets: [Int] = []
}
