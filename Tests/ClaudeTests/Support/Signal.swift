import Synchronization

/// A count that tests wait for, so that nothing needs to sleep.
final class Signal: Sendable {
    private struct State {
        var count = 0
        var waiters: [(goal: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    var count: Int { state.withLock { $0.count } }

    func raise() {
        let ready = state.withLock { state in
            state.count += 1
            let ready = state.waiters.filter { $0.goal <= state.count }
            state.waiters.removeAll { $0.goal <= state.count }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    func reaches(_ goal: Int) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.count < goal { state.waiters.append((goal, continuation)) }
                return state.count >= goal
            }
            if isReady { continuation.resume() }
        }
    }
}
