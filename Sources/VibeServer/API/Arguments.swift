// What calls take, as HTTP bodies and as an RPC's `data`.

/// `POST /api/create`, `app.create`.
struct CreateArguments: Decodable, Sendable {
    var prompt: String
    var userID: String?
    var name: String?

    enum CodingKeys: String, CodingKey {
        case prompt, name
        case userID = "user_id"
    }
}

/// `POST /api/app/{id}/write`, `app.write`.
struct WriteArguments: Decodable, Sendable {
    var text: String
    var userID: String?
    var name: String?

    enum CodingKeys: String, CodingKey {
        case text, name
        case userID = "user_id"
    }
}

/// `POST /api/app/{id}/revert`, `app.revert`.
struct RevertArguments: Decodable, Sendable {
    var version: Int
    var userID: String?
    var name: String?

    enum CodingKeys: String, CodingKey {
        case version, name
        case userID = "user_id"
    }
}

/// `PATCH /api/app/{id}`, `app.rename`.
struct RenameArguments: Decodable, Sendable {
    var title: String
}

/// `POST /api/app/{id}/fork`, `app.fork`: the newest version without a number.
struct ForkArguments: Decodable, Sendable {
    var version: Int?
    var userID: String?
    var name: String?

    enum CodingKeys: String, CodingKey {
        case version, name
        case userID = "user_id"
    }
}

/// `DELETE /api/app/{id}/queue/{message_id}`; the admin's secret may come as a bearer token instead.
struct WithdrawArguments: Decodable, Sendable {
    var userID: String?
    var adminSecret: String?

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case adminSecret = "admin_secret"
    }
}

/// The prompt that `app.cancel` is about.
struct PromptArguments: Decodable, Sendable {
    var messageID: String

    enum CodingKeys: String, CodingKey {
        case messageID = "message_id"
    }
}

/// Calls that say no more than who makes them: `stop`, `retry`, `repair`.
struct CallerArguments: Decodable, Sendable {
    var userID: String?
    var name: String?

    enum CodingKeys: String, CodingKey {
        case name
        case userID = "user_id"
    }
}

/// `terminate`, `toggle-feature`, `snapshot`, `terminate-all`; the secret may come as a bearer token instead.
struct AdminArguments: Decodable, Sendable {
    var adminSecret: String?

    enum CodingKeys: String, CodingKey {
        case adminSecret = "admin_secret"
    }
}

/// Which page of an app's history: `before` a message id, at most `limit`.
struct HistoryArguments: Decodable, Sendable {
    static let defaultLimit = 100
    static let limits = 1...500

    var before: String?
    var limit: Int?
}

/// Which version; the newest without a number.
struct CodeArguments: Decodable, Sendable {
    /// Numbers that a version may have.
    static let numbers = 1...Int(Int32.max)

    var version: Int?
}

/// Which apps: `GET /api/apps`, `apps.list`.
struct ListArguments: Decodable, Sendable {
    static let limits = 1...200

    var limit: Int?
    var cursor: String?
    var featured: Bool?
    var text: String?
    var userID: String?

    enum CodingKeys: String, CodingKey {
        case limit, cursor, featured
        case text = "q"
        case userID = "user_id"
    }

    init() {}
}

/// The app that an RPC is about.
struct AppArguments: Decodable, Sendable {
    var appID: String

    enum CodingKeys: String, CodingKey {
        case appID = "app_id"
    }
}
