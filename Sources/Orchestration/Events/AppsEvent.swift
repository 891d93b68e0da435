internal import Realtime

/// A publication of `apps`.
enum AppsEvent: Sendable, Equatable {
    case counts(Counts)
    case added(AppView)
    case changed(AppView)
    /// The app with this id was ended.
    case removed(String)

    /// What `type` says.
    enum Kind: String, Sendable, CaseIterable {
        case counts
        case added = "app.added"
        case changed = "app.changed"
        case removed = "app.removed"
    }

    var kind: Kind {
        switch self {
        case .counts: .counts
        case .added: .added
        case .changed: .changed
        case .removed: .removed
        }
    }
}

extension AppsEvent: ChannelEvent {
    /// Of counts, and of each app, only the newest says anything to those who were away.
    var compactionKey: String? {
        switch self {
        case .counts: "counts"
        case .added(let app), .changed(let app): app.id
        case .removed(let id): id
        }
    }

    /// An app that was added and has changed since is still new to those who were away; one that was removed stays so.
    func standing(for older: AppsEvent) -> AppsEvent? {
        switch (self, older) {
        case (.changed(let app), .added): .added(app)
        case (.changed, .removed): older
        default: nil
        }
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("type", kind.rawValue)
        switch self {
        case .counts(let counts):
            counts.writeMembers(to: &json)
        case .added(let app), .changed(let app):
            json.key("app")
            app.write(to: &json)
        case .removed(let id):
            json.member("id", id)
        }
        json.endObject()
    }
}
