internal import Synchronization

/// A count that tells a callback its newest value: one call at a time, the last call with the last value.
///
/// Values that are overtaken while a call runs are left out. Calls come on the thread that changed the count, outside locks.
final class CountNotifier: Sendable {
    private struct Progress {
        var count = 0
        var told = 0
        var isCalling = false
    }

    private let progress = Mutex(Progress())
    private let callback: (@Sendable (Int) -> Void)?

    /// - Parameter callback: must not block.
    init(_ callback: (@Sendable (Int) -> Void)? = nil) {
        self.callback = callback
    }

    /// The count now.
    var count: Int { progress.withLock { $0.count } }

    /// Adds to the count, and tells it unless another thread is telling and will see it.
    func add(_ difference: Int) {
        let isOurTurn = progress.withLock { progress in
            progress.count += difference
            guard !progress.isCalling else { return false }
            progress.isCalling = true
            return true
        }
        guard isOurTurn else { return }
        while let count = nextToTell() { callback?(count) }
    }

    /// The value to tell, or `nil` when all has been told, which ends the turn.
    private func nextToTell() -> Int? {
        progress.withLock { progress in
            guard progress.count != progress.told else {
                progress.isCalling = false
                return nil
            }
            progress.told = progress.count
            return progress.count
        }
    }
}
