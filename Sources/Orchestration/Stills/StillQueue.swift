internal import Synchronization

/// Apps whose newest version is to be photographed, in the order in which they came.
///
/// An app waits once, for its newest version. At most `limit` wait; then the one that has waited longest goes without, and gets
/// its picture with its next version or waking.
final class StillQueue: Sendable {
    /// An app and the version to be seen.
    struct Wish: Sendable {
        var session: AppSession
        var version: Int
    }

    private struct State {
        var waiting: [Wish] = []
        /// Resolved and replaced when something came.
        var arrival = OneShot<Void>()
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int = 256) {
        self.limit = limit
    }

    /// The number of apps that wait.
    var count: Int { state.withLock { $0.waiting.count } }

    /// Whether the app waits for its picture.
    func holds(_ appID: String) -> Bool {
        state.withLock { $0.waiting.contains { $0.session.id == appID } }
    }

    /// Lets a version wait for its picture, in the place of an older one.
    func add(_ wish: Wish) {
        let arrival = state.withLock { state in
            if let index = state.waiting.firstIndex(where: { $0.session.id == wish.session.id }) {
                state.waiting[index] = wish
            } else {
                state.waiting.append(wish)
                if state.waiting.count > limit { state.waiting.removeFirst() }
            }
            defer { state.arrival = OneShot() }
            return state.arrival
        }
        arrival.resolve()
    }

    /// The app wants no picture any more.
    func remove(_ appID: String) {
        state.withLock { $0.waiting.removeAll { $0.session.id == appID } }
    }

    /// Waits for the next wish; `nil` when the task is cancelled.
    func next() async -> Wish? {
        while !Task.isCancelled {
            let (wish, arrival) = state.withLock { state in
                (state.waiting.isEmpty ? nil : state.waiting.removeFirst(), state.arrival)
            }
            if let wish { return wish }
            guard (try? await arrival.value()) != nil else { return nil }
        }
        return nil
    }

    /// Takes pictures, so many at once, until the task is cancelled.
    func run(atOnce: Int) async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<atOnce {
                group.addTask {
                    while let wish = await self.next() { await wish.session.takeStill(of: wish.version) }
                }
            }
        }
    }
}
