package import Catalogue

// What the HTTP API, RPC answers and snapshots show: one set of types, encoded with the names of the protocol.

/// Somebody who writes prompts.
package struct Person: Sendable, Equatable, Hashable {
    /// Empty for an anonymous one.
    package var userID: String
    package var name: String

    package init(userID: String, name: String) {
        self.userID = userID
        self.name = name
    }
}

package enum AppStatus: String, Sendable, Codable, CaseIterable { case created, ready, active, terminated }

/// The furthest step begun.
package enum Phase: String, Sendable, Codable, CaseIterable {
    case queued, sandbox, generating, writing, bundling, repairing, live, answered, failed, asleep
}

package struct Counts: Sendable, Equatable, Codable {
    package var live = 0
    package var total = 0
    package var building = 0
    package var viewers = 0
}

package struct AuthorView: Sendable, Equatable, Codable {
    package var userID: String
    package var name: String

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case name
    }
}

/// An app as lists and `app.changed` show it.
package struct AppView: Sendable, Equatable, Codable {
    package var id: String
    package var url: String
    package var title: String
    package var prompt: String
    package var authors: [AuthorView]
    package var versions: Int
    /// Where the newest picture is; `nil` while there is none.
    package var still: String?
    package var isFeatured: Bool
    package var status: AppStatus
    package var phase: Phase
    package var viewers: Int
    /// RFC 3339 UTC with milliseconds.
    package var createdAt: String
    package var updatedAt: String
    /// Its last lines of code while it is built; only in publications and snapshots of `apps`.
    package var tail: [String]?

    enum CodingKeys: String, CodingKey {
        case id, url, title, prompt, authors, versions, still, tail
        case isFeatured = "is_featured"
        case status, phase, viewers
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

package struct MessageView: Sendable, Equatable, Codable {
    package var id: String
    /// `user` or `assistant`.
    package var type: String
    /// What a person or a model wrote; may be empty.
    package var content: String
    package var userID: String
    package var createdAt: String
    package var version: Int?
    package var name: String
    /// How the turn ended that an answer tells of, when it made no version.
    package var outcome: String?
    /// Who stopped that turn.
    package var stoppedBy: AuthorView?
    /// Why that turn made no version; `nil` for one that was stopped.
    package var error: Meaning?
    /// What the message tells of where nobody wrote it.
    package var origin: Meaning?

    enum CodingKeys: String, CodingKey {
        case id, type, content, error, origin
        case userID = "user_id"
        case createdAt = "created_at"
        case version, name, outcome
        case stoppedBy = "stopped_by"
    }
}

package struct QueueItemView: Sendable, Equatable, Codable {
    package var messageID: String
    package var text: String
    /// What asks where nobody wrote it.
    package var origin: Meaning?
    package var userID: String
    package var name: String
    /// From 1.
    package var position: Int

    enum CodingKeys: String, CodingKey {
        case messageID = "message_id"
        case text, origin
        case userID = "user_id"
        case name, position
    }
}

package struct VersionView: Sendable, Equatable, Codable {
    package var version: Int
    package var prompt: String
    /// What it comes from where nobody wrote the prompt.
    package var origin: Meaning?
    package var userID: String
    package var name: String
    package var outcome: String
    package var createdAt: String
    package var model: String?
    package var inputTokens: Int
    package var outputTokens: Int
    /// Where its picture is; `nil` while there is none.
    package var still: String?

    enum CodingKeys: String, CodingKey {
        case version, prompt, origin, still
        case userID = "user_id"
        case name, outcome
        case createdAt = "created_at"
        case model
        case inputTokens = "input_tokens"
        case outputTokens = "output_tokens"
    }
}

/// The generation that runs, as `GET /api/app/{id}` and the snapshot show it.
package struct GenerationView: Sendable, Equatable, Codable {
    package struct Texts: Sendable, Equatable, Codable {
        /// Path to the text so far.
        package var code: [String: String]
        package var chat: String
    }
    package var id: String
    package var messageID: String
    package var attempt: Int
    /// Why that attempt began; `nil` for the first.
    var reason: AttemptReason?
    package var phase: Phase
    package var texts: Texts

    enum CodingKeys: String, CodingKey {
        case id
        case messageID = "message_id"
        case attempt, reason, phase, texts
    }
}

package struct AppDetail: Sendable, Equatable, Codable {
    package var app: AppView
    package var phase: Phase
    package var queue: [QueueItemView]
    package var versions: [VersionView]
    package var generation: GenerationView?
}

package struct AppPage: Sendable, Equatable {
    /// Newest first.
    package var apps: [AppView]
    package var nextCursor: String?
    package var counts: Counts
}

package struct MessagePage: Sendable, Equatable {
    /// Oldest first.
    package var messages: [MessageView]
    package var more: Bool
}

package struct CodeView: Sendable, Equatable, Codable {
    package var version: Int
    package var files: [String: String]
}

/// The picture of a version: what some browser drew of code that nobody trusts.
package struct StillView: Sendable, Equatable {
    package var version: Int
    /// `image/png` or `image/webp`.
    package var contentType: String
    package var bytes: [UInt8]
}

/// Where a preview request goes.
package enum PreviewTarget: Sendable {
    case running(socketPath: String)
    /// It is being started (a visit starts it): answer 503 with a page that tries again.
    case starting
    /// No version yet: nothing to show.
    case empty
    /// Every sandbox is taken.
    case full
    case terminated
    case unknown
}
