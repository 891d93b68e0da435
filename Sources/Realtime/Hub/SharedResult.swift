internal import Synchronization

/// The result of a piece of work that is done at most once, by the first who asks, and shared by all.
final class SharedResult<Value: Sendable>: Sendable {
    private enum Progress {
        case notAsked((@Sendable () -> Value)?)
        case working(waiting: [@Sendable (Value) -> Void])
        case done(Value)
    }

    private enum Step {
        case work(@Sendable () -> Value)
        case wait
        case answer(Value)
    }

    private let progress: Mutex<Progress>

    /// - Parameter work: may be left out where those who ask bring it.
    init(_ work: (@Sendable () -> Value)? = nil) {
        progress = Mutex(.notAsked(work))
    }

    /// Calls `body` with the result: at once when it is there, else on the executor's thread.
    ///
    /// - Parameters:
    ///   - executor: runs the work.
    ///   - other: the work, where none was given before.
    ///   - body: called once.
    func whenReady(
        on executor: Snapshot.Executor,
        otherwise other: (@Sendable () -> Value)? = nil,
        _ body: @escaping @Sendable (Value) -> Void
    ) {
        let step = progress.withLock { progress -> Step in
            switch progress {
            case .done(let value):
                return .answer(value)
            case .working(let waiting):
                progress = .working(waiting: waiting + [body])
                return .wait
            case .notAsked(let own):
                guard let work = own ?? other else { preconditionFailure("nobody has brought the work") }
                progress = .working(waiting: [body])
                return .work(work)
            }
        }
        switch step {
        case .wait: break
        case .answer(let value): body(value)
        case .work(let work):
            executor { self.finish(work()) }
        }
    }

    private func finish(_ value: Value) {
        let waiting = progress.withLock { progress -> [@Sendable (Value) -> Void] in
            guard case .working(let waiting) = progress else { return [] }
            progress = .done(value)
            return waiting
        }
        for body in waiting { body(value) }
    }
}
