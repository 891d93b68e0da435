internal import Orchestration

/// Lets the server's numbers be published once a second.
struct StatsClock: Sendable {
    let orchestrator: Orchestrator

    /// Returns when the task is cancelled.
    func run() async {
        let clock = ContinuousClock()
        var due = clock.now
        while true {
            // From when it was due, so that a second stays one; what a pause of the machine left out is not made up for.
            due = max(due + .seconds(1), clock.now)
            guard (try? await clock.sleep(until: due, tolerance: .milliseconds(20))) != nil else { return }
            orchestrator.publishStats()
        }
    }
}
