internal import Realtime
internal import Synchronization

/// The channel `apps`: what runs, how many, and what changed.
///
/// Called from sessions and event loops alike. Publications are made under the board's lock, for microseconds, so that their
/// order is the order of the changes. `counts` goes out at most five times a second, changes of viewers at most once a
/// second; the last change always goes out.
final class AppsBoard: Sendable {
    fileprivate struct Entry {
        var isActive: Bool
        var isBuilding: Bool
        /// Whether its last turn failed.
        var hasFailed: Bool
        var viewers = 0
        /// As published last; `nil` while nobody has loaded the app.
        var view: AppView?
        /// Paces the publications of its last lines of code.
        var tailThrottle = Throttle(interval: .milliseconds(500))
    }

    /// The counts, and what is told to the operator only.
    struct Tally: Sendable, Equatable {
        var counts = Counts()
        /// Apps that neither run nor are built, and whose last turn did not fail.
        var asleep = 0
        /// Apps whose last turn failed and that are not being built.
        var failed = 0
    }

    private struct State {
        var feed: Feed<AppsChannelState>?
        var entries: [String: Entry] = [:]
        var tally = Tally()
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
            for app in apps {
                let entry = Entry(isActive: false, isBuilding: false, hasFailed: app.phase == .failed)
                state.entries[app.id] = entry
                state.tally.count(entry, 1)
            }
            state.published = state.tally.counts
            let held = Array(apps.prefix(AppsChannelState.heldLimit))
            state.feed = open(AppsChannelState(counts: state.tally.counts, apps: held))
        }
    }

    /// The counts now.
    var counts: Counts { tally.counts }

    /// All that is counted.
    var tally: Tally {
        state.withLock { state in
            state.tally.counts.viewers = distinctViewers()
            return state.tally
        }
    }

    /// The app as it was published last; `nil` when it was not loaded since the start.
    func view(_ id: String) -> AppView? {
        state.withLock { state in
            guard let entry = state.entries[id], var view = entry.view else { return nil }
            view.viewers = entry.viewers
            view.tail = nil
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
            let entry = Entry(isActive: false, isBuilding: isBuilding, hasFailed: false, view: view)
            state.entries[view.id] = entry
            state.tally.count(entry, 1)
            state.feed?.publish(.added(view))
            countsChanged(&state)
        }
    }

    /// An app may have changed; published when something that lists show has.
    func changed(_ view: AppView, isBuilding: Bool) {
        state.withLock { state in
            guard var entry = state.entries[view.id] else { return }
            state.tally.count(entry, -1)
            entry.isActive = view.status == .active
            entry.isBuilding = isBuilding
            entry.hasFailed = view.phase == .failed
            state.tally.count(entry, 1)
            var view = view
            view.viewers = entry.viewers
            view.tail = isBuilding && view.showsTail ? entry.view?.tail : nil
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
            state.tally.count(entry, -1)
            state.withNewViewers.remove(id)
            state.feed?.publish(.removed(id))
            countsChanged(&state)
        }
    }

    /// Code of an app that is being built was published.
    ///
    /// Its last lines are published at most twice a second, and only while somebody is subscribed to `apps`.
    ///
    /// - Parameters:
    ///   - id: the app.
    ///   - tail: the lines as they are when they are published; called only then.
    func wrote(_ id: String, tail: @escaping @Sendable () async -> [String]) {
        let decision: Throttle.Decision? = state.withLock { state in
            guard let feed = state.feed, feed.channel.subscriberCount > 0, state.entries[id]?.isBuilding == true else {
                return nil
            }
            return state.entries[id]?.tailThrottle.change(at: time.now())
        }
        switch decision {
        case .publish: Task { publish(await tail(), of: id) }
        case .wait(let delay):
            Task {
                // A clock that refuses to wait only makes the publication come early.
                try? await time.sleep(delay)
                state.withLock { $0.entries[id]?.tailThrottle.fire(at: time.now()) }
                publish(await tail(), of: id)
            }
        case .covered, nil: break
        }
    }

    private func publish(_ tail: [String], of id: String) {
        state.withLock { state in
            guard let entry = state.entries[id], entry.isBuilding, var view = entry.view else { return }
            guard view.showsTail, view.tail != tail else { return }
            view.tail = tail
            view.viewers = entry.viewers
            state.entries[id]?.view = view
            state.feed?.publish(.changed(view))
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
        state.tally.counts.viewers = distinctViewers()
        guard state.tally.counts != state.published else { return }
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
        state.tally.counts.viewers = distinctViewers()
        guard state.tally.counts != state.published else { return }
        state.published = state.tally.counts
        state.feed?.publish(.counts(state.tally.counts))
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
    /// Whether its last lines of code belong to what it is at.
    fileprivate var showsTail: Bool { phase.rank != nil }

    /// Whether lists show both alike; the time of the last message alone is no change.
    fileprivate func looksLike(_ other: AppView) -> Bool {
        var other = other
        other.updatedAt = updatedAt
        other.viewers = viewers
        other.tail = tail
        return self == other
    }
}

extension AppsBoard.Tally {
    /// Adds an app, or takes it away.
    ///
    /// - Parameters:
    ///   - entry: the app.
    ///   - by: 1 or -1.
    fileprivate mutating func count(_ entry: AppsBoard.Entry, _ by: Int) {
        counts.total += by
        if entry.isActive { counts.live += by }
        if entry.isBuilding {
            counts.building += by
        } else if entry.hasFailed {
            failed += by
        } else if !entry.isActive {
            asleep += by
        }
    }
}
