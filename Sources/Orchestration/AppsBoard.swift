internal import Realtime
internal import Synchronization

/// The channel `apps`: what runs, how many, and what changed.
///
/// Called from sessions and event loops alike. Publications are made under the board's lock, for microseconds, so that their
/// order is the order of the changes. `counts` goes out at most five times a second, changes of viewers at most once a
/// second; the last change always goes out.
final class AppsBoard: Sendable {
    private struct Entry {
        var isActive: Bool
        var isBuilding: Bool
        var viewers = 0
        /// As published last; `nil` while nobody has loaded the app.
        var view: AppView?
    }

    private struct State {
        var feed: Feed<AppsChannelState>?
        var entries: [String: Entry] = [:]
        var counts = Counts()
        var published = Counts()
        var countsThrottle = Throttle(interval: .milliseconds(200))
        var viewersThrottle = Throttle(interval: .seconds(1))
        var withNewViewers: Set<String> = []
    }

    private let state = Mutex(State())
    private let time: Timekeeper
    /// Distinct connections that look at any app.
    private let distinctViewers: @Sendable () -> Int

    init(time: Timekeeper, distinctViewers: @escaping @Sendable () -> Int) {
        self.time = time
        self.distinctViewers = distinctViewers
    }

    /// Opens the channel with what the catalogue holds.
    ///
    /// - Parameters:
    ///   - apps: all apps that are not terminated, newest first.
    ///   - open: opens the channel in the hub.
    func open(apps: [AppView], _ open: (AppsChannelState) -> Feed<AppsChannelState>) {
        state.withLock { state in
            for app in apps { state.entries[app.id] = Entry(isActive: false, isBuilding: false) }
            state.counts.total = apps.count
            state.published = state.counts
            let held = Array(apps.prefix(AppsChannelState.heldLimit))
            state.feed = open(AppsChannelState(counts: state.counts, apps: held))
        }
    }

    /// The counts now.
    var counts: Counts {
        state.withLock { state in
            state.counts.viewers = distinctViewers()
            return state.counts
        }
    }

    /// The app as it was published last; `nil` when it was not loaded since the start.
    func view(_ id: String) -> AppView? {
        state.withLock { state in
            guard let entry = state.entries[id], var view = entry.view else { return nil }
            view.viewers = entry.viewers
            return view
        }
    }

    /// An app was loaded, and looks as the list shows it already.
    func loaded(_ view: AppView) {
        state.withLock { state in
            if state.entries[view.id]?.view == nil { state.entries[view.id]?.view = view }
        }
    }

    /// A new app, built from its prompt unless it begins with a version.
    func added(_ view: AppView, isBuilding: Bool = true) {
        state.withLock { state in
            state.entries[view.id] = Entry(isActive: false, isBuilding: isBuilding, view: view)
            state.counts.total += 1
            state.counts.building += isBuilding ? 1 : 0
            state.feed?.publish(.added(view))
            countsChanged(&state)
        }
    }

    /// An app may have changed; published when something that lists show has.
    func changed(_ view: AppView, isBuilding: Bool) {
        state.withLock { state in
            guard var entry = state.entries[view.id] else { return }
            let isActive = view.status == .active
            state.counts.live += (isActive ? 1 : 0) - (entry.isActive ? 1 : 0)
            state.counts.building += (isBuilding ? 1 : 0) - (entry.isBuilding ? 1 : 0)
            entry.isActive = isActive
            entry.isBuilding = isBuilding
            var view = view
            view.viewers = entry.viewers
            let mustPublish = entry.view.map { !$0.looksLike(view) } ?? true
            entry.view = view
            state.entries[view.id] = entry
            if mustPublish { state.feed?.publish(.changed(view)) }
            countsChanged(&state)
        }
    }

    /// An app was ended.
    func removed(_ id: String) {
        state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: id) else { return }
            state.counts.total -= 1
            state.counts.live -= entry.isActive ? 1 : 0
            state.counts.building -= entry.isBuilding ? 1 : 0
            state.withNewViewers.remove(id)
            state.feed?.publish(.removed(id))
            countsChanged(&state)
        }
    }

    /// The number of connections that look at an app changed.
    ///
    /// Called on event loops; does not block.
    func viewers(_ id: String, _ count: Int) {
        state.withLock { state in
            guard let old = state.entries[id]?.viewers, old != count else { return }
            state.entries[id]?.viewers = count
            state.withNewViewers.insert(id)
            switch state.viewersThrottle.change(at: time.now()) {
            case .publish: publishViewers(&state)
            case .wait(let delay):
                after(delay) { board, state in
                    state.viewersThrottle.fire(at: board.time.now())
                    board.publishViewers(&state)
                }
            case .covered: break
            }
            // The hub counts distinct connections a moment later than those of one channel.
            if let delay = state.countsThrottle.later(at: time.now(), by: .milliseconds(50)) {
                publishCounts(after: delay)
            }
        }
    }

    private func publishViewers(_ state: inout State) {
        for id in state.withNewViewers {
            guard let viewers = state.entries[id]?.viewers, var view = state.entries[id]?.view else { continue }
            guard view.viewers != viewers else { continue }
            view.viewers = viewers
            state.entries[id]?.view = view
            state.feed?.publish(.changed(view))
        }
        state.withNewViewers = []
    }

    private func countsChanged(_ state: inout State) {
        state.counts.viewers = distinctViewers()
        guard state.counts != state.published else { return }
        switch state.countsThrottle.change(at: time.now()) {
        case .publish: publishCounts(&state)
        case .wait(let delay): publishCounts(after: delay)
        case .covered: break
        }
    }

    private func publishCounts(after delay: Duration) {
        after(delay) { board, state in
            state.countsThrottle.fire(at: board.time.now())
            board.publishCounts(&state)
        }
    }

    private func publishCounts(_ state: inout State) {
        state.counts.viewers = distinctViewers()
        guard state.counts != state.published else { return }
        state.published = state.counts
        state.feed?.publish(.counts(state.counts))
    }

    /// The bridge from a throttle's decision to its later publication: one task at most waits for each throttle.
    private func after(_ delay: Duration, _ body: @escaping @Sendable (AppsBoard, inout State) -> Void) {
        Task {
            // A clock that refuses to wait only makes the publication come early.
            try? await time.sleep(delay)
            state.withLock { state in body(self, &state) }
        }
    }
}

extension AppView {
    /// Whether lists show both alike; the time of the last message alone is no change.
    fileprivate func looksLike(_ other: AppView) -> Bool {
        var other = other
        other.updatedAt = updatedAt
        other.viewers = viewers
        return self == other
    }
}
