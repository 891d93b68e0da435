import Synchronization

/// Values that tests and fakes hand to each other, in order; taking waits, and ends with the task that waits.
final class Mailbox<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var takers: [(number: Int, continuation: CheckedContinuation<Value, any Error>)] = []
        var next = 0
    }

    private let state = Mutex(State())

    func put(_ value: Value) {
        let taker = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            guard state.takers.isEmpty else { return state.takers.removeFirst().continuation }
            state.values.append(value)
            return nil
        }
        taker?.resume(returning: value)
    }

    /// Takes the next value if it is there and the check allows it.
    func takeNow(if check: (Value) -> Bool) -> Value? {
        state.withLock { state in
            guard let first = state.values.first, check(first) else { return nil }
            return state.values.removeFirst()
        }
    }

    func take() async throws -> Value {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer = state.withLock { state -> Result<Value, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard state.values.isEmpty else { return .success(state.values.removeFirst()) }
                    state.takers.append((number, continuation))
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let taker = state.withLock { state -> CheckedContinuation<Value, any Error>? in
                guard let index = state.takers.firstIndex(where: { $0.number == number }) else { return nil }
                return state.takers.remove(at: index).continuation
            }
            taker?.resume(throwing: CancellationError())
        }
    }
}
