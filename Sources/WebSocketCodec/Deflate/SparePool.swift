internal import Synchronization

/// Keeps a few objects that are dear to make, for whoever needs one next, on any thread.
///
/// Guarded by a mutex that is held only to push or pop. An object that is out belongs to who took it.
final class SparePool<Item: AnyObject & Sendable>: Sendable {
    private let limit: Int
    private let spares = Mutex<[Item]>([])

    /// - Parameter limit: How many are kept at most; what comes back beyond it is let go.
    init(limit: Int) {
        self.limit = limit
    }

    /// A spare one, or `nil` when there is none.
    func take() -> Item? {
        spares.withLock { $0.popLast() }
    }

    /// Gives one back, ready for its next use.
    func give(_ item: Item) {
        spares.withLock { spares in
            if spares.count < limit { spares.append(item) }
        }
    }
}
