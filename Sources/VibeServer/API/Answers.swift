internal import Orchestration

// What calls answer, as HTTP bodies and as RPC results.

/// Answers `create` and `fork`.
struct CreateAnswer: Encodable, Sendable {
    var appID: String
    var url: String
    var channel: String
    /// How the first turn ended; `nil` when nobody waited for that.
    var outcome: FirstVersion?

    init(_ app: AppView) {
        appID = app.id
        url = app.url
        channel = ChannelName(.app, appID: app.id).text
    }

    enum CodingKeys: String, CodingKey {
        case appID = "app_id"
        case url, channel, outcome
    }
}

/// Answers `write`, `retry` and `repair`; position 0 runs now.
struct WriteAnswer: Encodable, Sendable {
    var status = "ok"
    var messageID: String
    var position: Int

    enum CodingKeys: String, CodingKey {
        case status
        case messageID = "message_id"
        case position
    }
}

/// Answers what has nothing more to say.
struct DoneAnswer: Encodable, Sendable {
    var status = "ok"
    var version: Int?
    var isFeatured: Bool?
    var terminated: Int?
    var title: String?

    enum CodingKeys: String, CodingKey {
        case status, version
        case isFeatured = "is_featured"
        case terminated, title
    }
}

/// Answers `snapshot`: what it is called, where it is downloaded (with the secret), and its size.
struct SnapshotAnswer: Encodable, Sendable {
    var status = "ok"
    var id: String
    var appID: String
    var path: String
    var bytes: UInt64

    init(_ snapshot: SnapshotView) {
        id = snapshot.id
        appID = snapshot.appID
        path = "/api/snapshots/\(snapshot.id)"
        bytes = snapshot.bytes
    }

    enum CodingKeys: String, CodingKey {
        case status, id
        case appID = "app_id"
        case path, bytes
    }
}

/// Answers `GET /api/app/{id}/status`.
struct StatusAnswer: Encodable, Sendable {
    var status: AppStatus
    var phase: Phase
}

/// Answers `history`: oldest first.
struct HistoryAnswer: Encodable, Sendable {
    var messages: [MessageView]
    var more: Bool

    enum CodingKeys: String, CodingKey {
        case messages = "message_history"
        case more
    }
}

/// Answers `GET /api/apps`: the apps by id, and their order.
struct ListAnswer: Encodable, Sendable {
    var apps: [String: AppView]
    var order: [String]
    var nextCursor: String?
    var counts: Counts

    init(_ page: AppPage) {
        apps = Dictionary(page.apps.map { ($0.id, $0) }) { first, _ in first }
        order = page.apps.map(\.id)
        nextCursor = page.nextCursor
        counts = page.counts
    }

    enum CodingKeys: String, CodingKey {
        case apps, order
        case nextCursor = "next_cursor"
        case counts
    }
}

/// Answers `GET /api/app/{id}`; `generation` is `null` while none runs.
struct DetailAnswer: Encodable, Sendable {
    var detail: AppDetail

    enum CodingKeys: String, CodingKey {
        case app, phase, queue, versions, generation
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(detail.app, forKey: .app)
        try container.encode(detail.phase, forKey: .phase)
        try container.encode(detail.queue, forKey: .queue)
        try container.encode(detail.versions, forKey: .versions)
        try container.encode(detail.generation, forKey: .generation)
    }
}

/// Answers `versions`: oldest first.
struct VersionsAnswer: Encodable, Sendable {
    var versions: [VersionView]
}
