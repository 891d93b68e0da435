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
        var began: Moment
    }

    /// In the order in which they began.
    private var open: [Open] = []

    init() {}

    /// Begins a step.
    mutating func begin(_ phase: Phase, attempt: Int, at moment: Moment) -> BuildEvent {
        open.removeAll { $0.phase == phase }
        open.append(Open(phase: phase, attempt: attempt, began: moment))
        return BuildEvent(phase: phase, state: .started, attempt: attempt, startedAt: moment.timestamp, elapsed: 0)
    }

    /// Says more about a step that runs; `nil` when it does not.
    func update(_ phase: Phase, detail: String, retryIn: Duration, at moment: Moment) -> BuildEvent? {
        guard let step = open.first(where: { $0.phase == phase }) else { return nil }
        var event = Self.event(step, .started, at: moment)
        event.detail = detail
        event.retryIn = retryIn.milliseconds
        return event
    }

    /// Ends a step; `nil` when it does not run.
    mutating func end(
        _ phase: Phase,
        _ state: BuildEvent.State = .done,
        detail: String? = nil,
        errors: [BuildError] = [],
        at moment: Moment
    ) -> BuildEvent? {
        guard let index = open.firstIndex(where: { $0.phase == phase }) else { return nil }
        var event = Self.event(open.remove(at: index), state, at: moment)
        event.detail = detail
        event.errors = errors
        return event
    }

    /// Fails whatever runs.
    mutating func failAll(detail: String, at moment: Moment) -> [BuildEvent] {
        defer { open = [] }
        return open.map { step in
            var event = Self.event(step, .failed, at: moment)
            event.detail = detail
            return event
        }
    }

    /// Whether a step runs.
    func isOpen(_ phase: Phase) -> Bool {
        open.contains { $0.phase == phase }
    }

    private static func event(_ step: Open, _ state: BuildEvent.State, at moment: Moment) -> BuildEvent {
        BuildEvent(
            phase: step.phase,
            state: state,
            attempt: step.attempt,
            startedAt: step.began.timestamp,
            elapsed: max(0, (moment.time - step.began.time).milliseconds)
        )
    }
}
