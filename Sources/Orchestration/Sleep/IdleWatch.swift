internal import Synchronization

/// Who visits which app, and which apps have had no visit for so long that their sandboxes are put to sleep.
///
/// Called from sessions and event loops alike; nothing here blocks. A visit is noted under the session's own isolation where it
/// decides about the sandbox, so that no visit falls between the decision to sleep and its doing.
final class IdleWatch: Sendable {
    private struct Entry {
        /// Connections on `app:{id}`.
        var viewers = 0
        /// WebSockets of open previews.
        var tunnels = 0
        var lastVisit: Duration
        /// The session, while its sandbox runs.
        var running: AppSession?

        var hasVisitors: Bool { viewers > 0 || tunnels > 0 }
    }

    /// An app that was visited a moment ago is not put to sleep for another one: at the limit they would wake each other in
    /// turn.
    private static let grace = Duration.seconds(10)

    private let entries = Mutex<[String: Entry]>([:])
    private let time: Timekeeper
    /// How long an app may be without visitors; zero for ever.
    let limit: Duration

    init(time: Timekeeper, limit: Duration) {
        self.time = time
        self.limit = limit
    }

    // MARK: Visits

    /// Somebody has asked for the app just now.
    func visited(_ id: String) {
        change(id) { _ in }
    }

    /// The number of connections on the app's channel changed.
    func viewers(_ id: String, _ count: Int) {
        change(id, ifKnown: count == 0) { $0.viewers = count }
    }

    /// An open preview came (1) or went (-1).
    func tunnels(_ id: String, _ difference: Int) {
        change(id, ifKnown: difference < 0) { $0.tunnels += difference }
    }

    /// The app's sandbox runs.
    func started(_ session: AppSession) {
        change(session.id) { $0.running = session }
    }

    /// The app's sandbox does not run any more.
    func stopped(_ id: String) {
        entries.withLock { $0[id]?.running = nil }
    }

    /// The app was ended.
    func removed(_ id: String) {
        _ = entries.withLock { $0.removeValue(forKey: id) }
    }

    /// Notes a visit; with `ifKnown` an app that is not known stays so, as its last visitors go after it was ended.
    private func change(_ id: String, ifKnown: Bool = false, _ body: (inout Entry) -> Void) {
        let now = time.now()
        entries.withLock { entries in
            if ifKnown, entries[id] == nil { return }
            body(&entries[id, default: Entry(lastVisit: now)])
            entries[id]?.lastVisit = now
        }
    }

    // MARK: Sleep

    /// Whether nobody has visited the app for so long.
    func isIdle(_ id: String, for duration: Duration) -> Bool {
        let now = time.now()
        return entries.withLock { entries in
            guard let entry = entries[id], !entry.hasVisitors else { return false }
            return now - entry.lastVisit >= duration
        }
    }

    /// Puts apps to sleep whose time has come, until the task is cancelled.
    func run() async {
        guard limit > .zero else { return }
        while !Task.isCancelled {
            for session in idle(for: limit) { _ = await session.sleep(after: limit) }
            do {
                try await time.sleepUntil(nextIsDue())
            } catch {
                return
            }
        }
    }

    /// Puts the app to sleep that was visited longest ago, so that another one finds a place.
    ///
    /// - Returns: false when all are in use.
    func makeRoom(except id: String) async -> Bool {
        guard limit > .zero else { return false }
        let grace = min(limit, Self.grace)
        for session in idle(for: grace) where session.id != id {
            if await session.sleep(after: grace) { return true }
        }
        return false
    }

    /// The running apps that had no visit for so long, the longest first.
    private func idle(for duration: Duration) -> [AppSession] {
        let now = time.now()
        return entries.withLock { entries in
            entries.values.filter { $0.running != nil && !$0.hasVisitors && now - $0.lastVisit >= duration }
                .sorted { $0.lastVisit < $1.lastVisit }
                .compactMap(\.running)
        }
    }

    /// When the next app could be due; one that is due and was kept awake by its work waits another round.
    private func nextIsDue() -> Duration {
        let now = time.now()
        return entries.withLock { entries in
            entries.values.filter { $0.running != nil && !$0.hasVisitors }
                .map { $0.lastVisit + limit }
                .filter { $0 > now }
                .min() ?? now + limit
        }
    }
}
