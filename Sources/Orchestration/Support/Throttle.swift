/// Decides when something that changes often is published: the first change at once, then at most once an interval, and
/// the last change always.
///
/// Pure: the caller brings the time.
struct Throttle: Sendable {
    /// What to do about a change.
    enum Decision: Equatable {
        /// Publish now.
        case publish
        /// Call `fire` after this time and publish then.
        case wait(Duration)
        /// A publication is due already and will show this change.
        case covered
    }

    private let interval: Duration
    private var last: Duration?
    private var isScheduled = false

    /// - Parameter interval: least time between two publications.
    init(interval: Duration) {
        self.interval = interval
    }

    /// Something changed at `now`.
    mutating func change(at now: Duration) -> Decision {
        if isScheduled { return .covered }
        if let last, now - last < interval {
            isScheduled = true
            return .wait(last + interval - now)
        }
        last = now
        return .publish
    }

    /// Something changed at `now` that is seen a little later only.
    ///
    /// - Returns: the time after which to call `fire` and publish; `nil` when that is due already.
    mutating func later(at now: Duration, by delay: Duration) -> Duration? {
        guard !isScheduled else { return nil }
        isScheduled = true
        guard let last else { return delay }
        return max(delay, last + interval - now)
    }

    /// The time of a `wait` is over: the caller publishes.
    mutating func fire(at now: Duration) {
        isScheduled = false
        last = now
    }
}
