internal import Synchronization

/// Lets at most so many in at once; the others wait in the order in which they came.
final class GenerationLimiter: Sendable {
    private struct State {
        var free: Int
        var waiters: [(number: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        var nextWaiter = 0
    }

    private let state: Mutex<State>

    /// - Parameter limit: from 1.
    init(limit: Int) {
        state = Mutex(State(free: max(1, limit)))
    }

    /// Those who wait now.
    var waiting: Int { state.withLock { $0.waiters.count } }

    /// Returns when the caller is in; each return needs one `release`.
    ///
    /// - Throws: `CancellationError` when the task is cancelled while it waits; then the caller is not in.
    func acquire() async throws {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let answer = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.free > 0 {
                        state.free -= 1
                        return .success(())
                    }
                    state.waiters.append((number, continuation))
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard let index = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
                return state.waiters.remove(at: index).continuation
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Lets the next one in.
    func release() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard state.waiters.isEmpty else { return state.waiters.removeFirst().continuation }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
