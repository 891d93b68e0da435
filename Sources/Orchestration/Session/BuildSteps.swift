internal import Catalogue
internal import Sandboxes

/// Times the steps of a build and makes their publications.
///
/// Pure: the caller brings the clocks.
struct BuildSteps: Sendable {
    /// Both clocks at one moment.
    struct Moment: Sendable {
        /// Measures.
        var time: Duration
        /// RFC 3339 UTC with milliseconds.
        var timestamp: String
    }

    private struct Open {
        var phase: Phase
        var attempt: Int
        var reason: AttemptReason?
        var repair: BuildEvent.Repair?
        var began: Moment
    }

    /// In the order in which they began.
    private var open: [Open] = []

    init() {}

    /// Begins a step.
    mutating func begin(
        _ phase: Phase,
        attempt: Int,
        reason: AttemptReason? = nil,
        repair: BuildEvent.Repair? = nil,
        at moment: Moment
    ) -> BuildEvent {
        let step = Open(phase: phase, attempt: attempt, reason: reason, repair: repair, began: moment)
        open.removeAll { $0.phase == phase }
        open.append(step)
        return Self.event(step, .started, at: moment)
    }

    /// Says more about a step that runs; `nil` when it does not.
    func update(_ phase: Phase, _ error: Meaning, retryIn: Duration, at moment: Moment) -> BuildEvent? {
        guard let step = open.first(where: { $0.phase == phase }) else { return nil }
        var event = Self.event(step, .started, at: moment)
        event.error = error
        event.retryIn = retryIn.milliseconds
        return event
    }

    /// Ends a step; `nil` when it does not run.
    mutating func end(
        _ phase: Phase,
        _ state: BuildEvent.State = .done,
        _ error: Meaning? = nil,
        errors: [BuildError] = [],
        at moment: Moment
    ) -> BuildEvent? {
        guard let index = open.firstIndex(where: { $0.phase == phase }) else { return nil }
        var event = Self.event(open.remove(at: index), state, at: moment)
        event.error = error
        event.errors = errors
        return event
    }

    /// Fails whatever runs.
    mutating func failAll(_ error: Meaning?, at moment: Moment) -> [BuildEvent] {
        defer { open = [] }
        return open.map { step in
            var event = Self.event(step, .failed, at: moment)
            event.error = error
            return event
        }
    }

    /// Whether a step runs.
    func isOpen(_ phase: Phase) -> Bool {
        open.contains { $0.phase == phase }
    }

    private static func event(_ step: Open, _ state: BuildEvent.State, at moment: Moment) -> BuildEvent {
        var event = BuildEvent(
            phase: step.phase,
            state: state,
            attempt: step.attempt,
            startedAt: step.began.timestamp,
            elapsed: max(0, (moment.time - step.began.time).milliseconds)
        )
        event.reason = step.reason
        event.repair = step.repair
        return event
    }
}
