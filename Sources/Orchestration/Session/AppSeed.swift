internal import Catalogue
internal import Sandboxes

/// What a session begins with: what the catalogue holds of its app.
struct AppSeed: Sendable {
    /// How the newest turn ended that did more than answer in words.
    struct LastTurn: Sendable, Equatable {
        var text: String
        /// What asked, where nobody wrote the prompt.
        var origin: Meaning?
        var outcome: GenerationRecord.Outcome
        /// Why it made no version.
        var error: Meaning?
        /// What the bundler said, when it failed by that.
        var errors: [BuildError] = []
    }

    var app: AppRecord
    /// The newest, oldest first.
    var messages: [MessageRecord] = []
    var hasMore = false
    /// Oldest first.
    var queue: [PromptRecord] = []
    /// `nil` when a version was gone back to after it failed.
    var lastTurn: LastTurn?
    /// The phase to begin with, when it does not follow from the rest.
    var phase: Phase?

    /// A new app.
    init(app: AppRecord, queue: [PromptRecord]) {
        self.app = app
        self.queue = queue
    }

    /// A new app that begins with a version.
    init(app: AppRecord, message: MessageRecord) {
        self.app = app
        messages = [message]
    }

    /// Reads an app.
    ///
    /// - Returns: `nil` when there is none.
    /// - Throws: `CatalogueError`.
    init?(appID: String, catalogue: any Catalogue) async throws {
        guard let app = try await catalogue.app(appID) else { return nil }
        self.app = app
        let page = try await catalogue.messages(app: appID, before: nil, limit: AppChannelState.messageLimit)
        messages = page.messages
        hasMore = page.hasMore
        queue = try await catalogue.queue(app: appID)
        let generations = try await catalogue.generations(app: appID)
        guard let last = generations.last(where: { $0.outcome != .answered }) else { return }
        guard let prompt = messages.lastIndex(where: { $0.id == last.messageID }) else { return }
        // A version that the turn did not make was gone back to since: nothing is left to try again or to repair.
        let isOver = last.outcome != .succeeded && messages[prompt...].contains { $0.version != nil }
        if !isOver {
            lastTurn = LastTurn(
                text: messages[prompt].content,
                origin: messages[prompt].origin,
                outcome: last.outcome,
                error: last.error,
                errors: last.errors.map(BuildError.init)
            )
        }
    }

    /// The phase of the app before anything runs.
    var startPhase: Phase {
        if let phase { return phase }
        if !queue.isEmpty { return .queued }
        return Phase(atRest: app)
    }
}
