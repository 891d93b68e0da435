internal import Synchronization

/// The events of one stream on their way from the curl thread to their reader.
///
/// Holds at most its limit and one piece of the transfer (16 KiB) in bytes of text; when it is full the transfer pauses.
/// Producer methods are called on the curl thread alone, consumer methods by the stream's one reader.
final class EventQueue: Sendable {
    private enum Ending { case finished, failed(ModelError), delivered }

    private struct State {
        var events: [ModelEvent] = []
        var bytes = 0
        var isPaused = false
        var usage = TokenUsage()
        var ending: Ending?
        var waiter: CheckedContinuation<[ModelEvent]?, any Error>?

        /// What a reader gets now; `nil` when it has to wait.
        mutating func take() -> Result<[ModelEvent]?, any Error>? {
            if !events.isEmpty {
                defer {
                    events = []
                    bytes = 0
                }
                return .success(events)
            }
            switch ending {
            case nil: return nil
            case .finished, .delivered:
                ending = .delivered
                return .success(nil)
            case .failed(let error):
                ending = .delivered
                return .failure(error)
            }
        }
    }

    private let state = Mutex(State())
    private let maximumBytes: Int

    /// - Parameter maximumBytes: a full queue holds this much or more.
    init(maximumBytes: Int) {
        self.maximumBytes = max(1, maximumBytes)
    }

    // MARK: The curl thread's side

    /// Whether more may come.
    ///
    /// When not, the transfer pauses until the reader has drained the queue.
    func admits() -> Bool {
        state.withLock { state in
            guard state.bytes >= maximumBytes, state.ending == nil else { return true }
            state.isPaused = true
            return false
        }
    }

    /// Adds events, in order, and wakes the reader once.
    func append(_ events: [ModelEvent], usage: TokenUsage) {
        let (waiter, result) = state.withLock { state in
            state.usage = usage
            if state.ending == nil {
                state.events += events
                state.bytes += events.reduce(0) { $0 + $1.queuedBytes }
            }
            return Self.wake(&state)
        }
        if let result { waiter?.resume(with: result) }
    }

    /// Ends the stream, with an error or well.
    ///
    /// Only the first end counts.
    func end(_ error: ModelError?) {
        let (waiter, result) = state.withLock { state in
            if state.ending == nil { state.ending = error.map(Ending.failed) ?? .finished }
            return Self.wake(&state)
        }
        if let result { waiter?.resume(with: result) }
    }

    // MARK: The reader's side

    /// The waiting events and whether the transfer is to be resumed.
    func next() async throws -> (events: [ModelEvent]?, resumes: Bool) {
        let events = try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state -> Result<[ModelEvent]?, any Error>? in
                precondition(state.waiter == nil, "a ModelStream has one consumer")
                let result = state.take()
                if result == nil { state.waiter = continuation }
                return result
            }
            if let result { continuation.resume(with: result) }
        }
        let resumes = state.withLock { state in
            defer { state.isPaused = false }
            return state.isPaused
        }
        return (events, resumes)
    }

    /// Drops what is waiting and ends the stream.
    ///
    /// - Returns: whether it was still running.
    func cancel() -> Bool {
        let (wasRunning, waiter, result) = state.withLock { state in
            let wasRunning = state.ending == nil
            if wasRunning {
                state.events = []
                state.bytes = 0
                state.ending = .failed(.cancelled)
            }
            let (waiter, result) = Self.wake(&state)
            return (wasRunning, waiter, result)
        }
        if let result { waiter?.resume(with: result) }
        return wasRunning
    }

    var usage: TokenUsage { state.withLock { $0.usage } }

    private typealias Waiter = CheckedContinuation<[ModelEvent]?, any Error>

    /// The reader to resume, outside the lock, with what.
    private static func wake(_ state: inout State) -> (Waiter?, Result<[ModelEvent]?, any Error>?) {
        guard let waiter = state.waiter, let result = state.take() else { return (nil, nil) }
        state.waiter = nil
        return (waiter, result)
    }
}

extension ModelEvent {
    /// What the event counts for in a queue: its text and about what an empty one takes.
    fileprivate var queuedBytes: Int {
        guard case .text(let text) = self else { return 64 }
        return 64 + text.utf8.count
    }
}
