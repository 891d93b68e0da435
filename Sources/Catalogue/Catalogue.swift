package import struct Foundation.Date

/// What must survive a restart: apps, messages, versions, queue, generations.
///
/// Every method that writes returns after the data is durable (`synchronous=FULL`), and every error is `CatalogueError`.
/// Texts hold no U+0000: callers refuse or replace it. `SQLiteCatalogue` is the one implementation; another engine fits
/// behind the same protocol.
package protocol Catalogue: Sendable {
    // Apps
    /// Stores a new app and its first prompt as one step.
    func createApp(_ app: AppRecord, prompt: PromptRecord) async throws
    /// Stores a new app that begins with a version (a copy of another app), and the message that says so. One step.
    func createApp(_ app: AppRecord, version: VersionRecord, message: MessageRecord) async throws
    func app(_ id: String) async throws -> AppRecord?
    /// Newest first by creation. `cursor` is the last id of the page before.
    func apps(_ query: AppQuery) async throws -> [AppRecord]
    /// Every app that is not terminated, for the start of the server: id and what must be taken up again.
    func openApps() async throws -> [AppRecord]
    func appCount(includingTerminated: Bool) async throws -> Int
    func setTitle(_ title: String, app id: String) async throws
    func setFeatured(_ featured: Bool, app id: String) async throws
    func setTerminated(app id: String, at time: Date) async throws
    /// Whether the app ran when it was last heard of, so that it is started again after a restart.
    func setRunning(_ running: Bool, app id: String) async throws

    // Queue and messages
    /// Adds a prompt that waits.
    func enqueue(_ prompt: PromptRecord) async throws
    /// The waiting prompts of an app, oldest first.
    func queue(app id: String) async throws -> [PromptRecord]
    /// Removes a prompt that waits; `notFound` when it does not.
    func removePrompt(_ messageID: String) async throws
    /// A prompt's turn begins: it leaves the queue, enters the messages, its generation is stored as running. One step.
    func beginGeneration(_ generation: GenerationRecord, message: MessageRecord) async throws
    /// A turn's end: assistant message, outcome, and the new version if there is one. One step.
    func finishGeneration(_ generation: GenerationRecord, message: MessageRecord, version: VersionRecord?) async throws
    /// Newest `limit` messages before the message `before` (nil: the newest), oldest first, and whether there are older ones.
    func messages(app id: String, before: String?, limit: Int) async throws -> (
        messages: [MessageRecord], hasMore: Bool
    )

    // Versions and generations
    /// A version that no generation made (revert), with the message that says so. One step.
    func addVersion(_ version: VersionRecord, message: MessageRecord) async throws
    /// Oldest first, without files.
    func versions(app id: String) async throws -> [VersionRecord]
    /// One version with its files; the newest when `number` is nil.
    func version(app id: String, number: Int?) async throws -> VersionRecord?
    /// Stores the picture of a version, in the place of an earlier one.
    func addStill(_ still: StillRecord) async throws
    /// The picture of a version; the newest picture when `version` is nil.
    func still(app id: String, version: Int?) async throws -> StillRecord?
    /// Oldest first.
    func generations(app id: String) async throws -> [GenerationRecord]
    /// Generations still stored as running: cut off by a kill.
    func runningGenerations() async throws -> [GenerationRecord]
}

package struct AppRecord: Sendable, Equatable {
    package var id: String
    package var title: String
    /// The first prompt.
    package var prompt: String
    package var authorID: String
    package var authorName: String
    package var isFeatured = false
    package var isTerminated = false
    package var isRunning = false
    package var createdAt: Date
    package var updatedAt: Date
    /// Number of versions; kept by the catalogue.
    package var versionCount = 0
    /// Whether the newest turn ended with an answer in words; kept by the catalogue.
    package var isAnswered = false
    /// The newest version that has a picture; kept by the catalogue.
    package var stillVersion: Int?
    /// People who wrote prompts, in order of their first, the creator first; kept by the catalogue.
    package var authors: [AuthorRecord] = []

    package init(
        id: String,
        title: String,
        prompt: String,
        authorID: String,
        authorName: String,
        createdAt: Date
    ) {
        self.id = id
        self.title = title
        self.prompt = prompt
        self.authorID = authorID
        self.authorName = authorName
        self.createdAt = createdAt
        self.updatedAt = createdAt
    }
}

package struct AuthorRecord: Sendable, Equatable, Codable {
    package var userID: String
    package var name: String

    package init(userID: String, name: String) {
        self.userID = userID
        self.name = name
    }
}

package struct AppQuery: Sendable, Equatable {
    /// 1 to 200.
    package var limit = 50
    package var cursor: String?
    package var featured: Bool?
    /// Part of the title or the prompt, any case.
    package var text: String?
    package var authorID: String?

    package init() {}
}

/// A prompt that waits for its turn.
package struct PromptRecord: Sendable, Equatable {
    package var messageID: String
    package var appID: String
    package var text: String
    package var authorID: String
    package var authorName: String
    /// What asks where nobody wrote it: `repair`; then `text` holds what broke.
    package var origin: Meaning?
    package var createdAt: Date

    package init(
        messageID: String,
        appID: String,
        text: String,
        authorID: String,
        authorName: String,
        createdAt: Date
    ) {
        self.messageID = messageID
        self.appID = appID
        self.text = text
        self.authorID = authorID
        self.authorName = authorName
        self.createdAt = createdAt
    }
}

package struct MessageRecord: Sendable, Equatable {
    package enum Role: String, Sendable, Codable { case user, assistant }
    package var id: String
    package var appID: String
    package var role: Role
    /// What a person or a model wrote; may be empty.
    package var content: String
    /// Whose prompt, or whose prompt an answer belongs to.
    package var authorID: String
    package var authorName: String
    package var createdAt: Date
    /// The version that an assistant's message announces.
    package var version: Int?
    /// How the turn ended that an assistant's message tells of, when it made no version.
    package var outcome: GenerationRecord.Outcome?
    /// Who stopped that turn.
    package var stoppedBy: AuthorRecord?
    /// Why that turn made no version; `nil` for one that was stopped.
    package var error: Meaning?
    /// What the message tells of where nobody wrote it: `revert`, `fork`, or `repair`.
    package var origin: Meaning?

    package init(
        id: String,
        appID: String,
        role: Role,
        content: String,
        authorID: String,
        authorName: String,
        createdAt: Date,
        version: Int? = nil
    ) {
        self.id = id
        self.appID = appID
        self.role = role
        self.content = content
        self.authorID = authorID
        self.authorName = authorName
        self.createdAt = createdAt
        self.version = version
    }
}

package struct VersionRecord: Sendable, Equatable {
    package var appID: String
    /// From 1 within an app.
    package var number: Int
    package var prompt: String
    /// What it comes from where nobody wrote the prompt: `revert`, `fork`, or `repair`.
    package var origin: Meaning?
    package var authorID: String
    package var authorName: String
    /// `nil` for a revert.
    package var generationID: String?
    package var model: String?
    package var inputTokens = 0
    package var outputTokens = 0
    /// Whether a picture of it is stored; only lists tell.
    package var hasStill = false
    package var createdAt: Date
    /// Path to text; empty where a list leaves the files out.
    package var files: [String: String]

    package init(
        appID: String,
        number: Int,
        prompt: String,
        authorID: String,
        authorName: String,
        createdAt: Date,
        files: [String: String]
    ) {
        self.appID = appID
        self.number = number
        self.prompt = prompt
        self.authorID = authorID
        self.authorName = authorName
        self.createdAt = createdAt
        self.files = files
    }
}

/// The picture of a version.
package struct StillRecord: Sendable, Equatable {
    package enum Format: String, Sendable, Codable { case png, webp }
    package var appID: String
    package var version: Int
    package var format: Format
    package var bytes: [UInt8]

    package init(appID: String, version: Int, format: Format, bytes: [UInt8]) {
        self.appID = appID
        self.version = version
        self.format = format
        self.bytes = bytes
    }
}

package struct GenerationRecord: Sendable, Equatable {
    package enum Outcome: String, Sendable, Codable { case running, succeeded, answered, failed, stopped, interrupted }
    package var id: String
    package var appID: String
    /// The user message it answers.
    package var messageID: String
    package var model: String
    package var attempt = 1
    package var outcome: Outcome = .running
    package var stoppedBy: String?
    /// Why it made no version; `nil` for one that was stopped.
    package var error: Meaning?
    /// What the bundler said last, when the turn failed by it.
    package var errors: [ErrorRecord] = []
    package var version: Int?
    package var inputTokens = 0
    package var outputTokens = 0
    package var startedAt: Date
    package var finishedAt: Date?
    /// The code as far as it came, kept after a failure or stop.
    package var partialCode: String?

    package init(id: String, appID: String, messageID: String, model: String, startedAt: Date) {
        self.id = id
        self.appID = appID
        self.messageID = messageID
        self.model = model
        self.startedAt = startedAt
    }
}

/// One message of the bundler, as it is kept with a failed generation.
package struct ErrorRecord: Sendable, Equatable, Codable {
    package var path: String
    /// From 1, as the column.
    package var line: Int
    package var column: Int
    package var text: String
    /// An error of our own; then the text is what it is about, or empty.
    package var code: String?
    /// The module that an export is missing of.
    package var module: String?

    package init(path: String, line: Int, column: Int, text: String, code: String? = nil, module: String? = nil) {
        self.path = path
        self.line = line
        self.column = column
        self.text = text
        self.code = code
        self.module = module
    }
}

package enum CatalogueError: Error, Sendable, Equatable {
    /// No room on the disk: refused, nothing was stored.
    case full
    /// Another server holds the data folder.
    case locked(String)
    /// The folder cannot be written or the file is no catalogue; the text says which and the mend.
    case unusable(String)
    /// No such app, message or version.
    case notFound(String)
    /// SQLite's own result code and message.
    case sqlite(code: Int32, message: String)
}
