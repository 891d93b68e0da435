package import struct Foundation.Date

/// The two clocks of the orchestration: one that measures and waits, one that dates.
package struct Timekeeper: Sendable {
    /// Time since this value was made; never goes backwards.
    let now: @Sendable () -> Duration
    /// Waits; throws `CancellationError` when the task is cancelled.
    let sleep: @Sendable (Duration) async throws -> Void
    /// Waits until `now` says so much; throws `CancellationError` when the task is cancelled.
    let sleepUntil: @Sendable (Duration) async throws -> Void
    /// The wall clock.
    let date: @Sendable () -> Date

    /// - Parameters:
    ///   - clock: measures and waits.
    ///   - date: the wall clock; the system's by default.
    package init<C: Clock>(clock: C, date: @escaping @Sendable () -> Date = { Date() }) where C.Duration == Duration {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
        sleepUntil = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
        self.date = date
    }

    /// The machine's own clocks.
    package static var system: Timekeeper { Timekeeper(clock: ContinuousClock()) }

    /// The wall clock as the protocol writes it.
    var timestamp: String { Timestamp.string(from: date()) }
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int {
        Int(clamping: components.seconds) &* 1000 &+ Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
