internal import Realtime

/// A publication of `apps`.
enum AppsEvent: Sendable, Equatable {
    case counts(Counts)
    case added(AppView)
    case changed(AppView)
    /// The app with this id was ended.
    case removed(String)
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

    /// An app that was added and has changed since is still new to those who were away.
    func standing(for older: AppsEvent) -> AppsEvent? {
        if case .changed(let app) = self, case .added = older { .added(app) } else { nil }
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        switch self {
        case .counts(let counts):
            json.member("type", "counts")
            counts.writeMembers(to: &json)
        case .added(let app):
            json.member("type", "app.added")
            json.key("app")
            app.write(to: &json)
        case .changed(let app):
            json.member("type", "app.changed")
            json.key("app")
            app.write(to: &json)
        case .removed(let id):
            json.member("type", "app.removed")
            json.member("id", id)
        }
        json.endObject()
    }
}
