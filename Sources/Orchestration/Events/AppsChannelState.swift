internal import Realtime

/// The counts and the newest apps: the fold of all publications of `apps`.
struct AppsChannelState: Sendable, Equatable {
    /// Apps that a snapshot shows.
    static let shownLimit = 50
    /// Apps that are held, so that some may be removed before the shown ones run short.
    static let heldLimit = 200

    private(set) var counts: Counts
    /// Newest first.
    private(set) var apps: [AppView]

    init(counts: Counts, apps: [AppView]) {
        self.counts = counts
        self.apps = apps
    }
}

extension AppsChannelState: ChannelState {
    mutating func fold(_ event: AppsEvent) {
        switch event {
        case .counts(let counts):
            self.counts = counts
        case .added(let app):
            apps.insert(app, at: 0)
            if apps.count > Self.heldLimit { apps.removeLast() }
        case .changed(let app):
            if let index = apps.firstIndex(where: { $0.id == app.id }) { apps[index] = app }
        case .removed(let id):
            apps.removeAll { $0.id == id }
        }
    }

    func writeSnapshot(to json: inout JSONWriter) {
        json.beginObject()
        json.key("counts")
        json.beginObject()
        counts.writeMembers(to: &json)
        json.endObject()
        json.key("apps")
        json.array(apps.prefix(Self.shownLimit)) { app, json in app.write(to: &json) }
        json.endObject()
    }
}
