internal import Catalogue

extension MessageView {
    /// The message as the protocol shows it.
    init(_ record: MessageRecord) {
        self.init(
            id: record.id,
            type: record.role.rawValue,
            content: record.content,
            userID: record.authorID,
            createdAt: Timestamp.string(from: record.createdAt),
            version: record.version,
            name: record.authorName,
            outcome: record.outcome?.rawValue,
            stoppedBy: record.stoppedBy.map { AuthorView(userID: $0.userID, name: $0.name) },
            error: record.error,
            origin: record.origin
        )
    }
}

extension QueueItemView {
    /// The prompt as the queue shows it; `position` counts from 1.
    init(_ record: PromptRecord, position: Int) {
        self.init(
            messageID: record.messageID,
            text: record.text,
            origin: record.origin,
            userID: record.authorID,
            name: record.authorName,
            position: position
        )
    }
}

extension VersionView {
    /// The version as the list shows it.
    init(_ record: VersionRecord) {
        self.init(
            version: record.number,
            prompt: record.prompt,
            origin: record.origin,
            userID: record.authorID,
            name: record.authorName,
            outcome: Self.outcome(record),
            createdAt: Timestamp.string(from: record.createdAt),
            model: record.model,
            inputTokens: record.inputTokens,
            outputTokens: record.outputTokens,
            still: record.hasStill ? AppView.stillPath(record.appID, version: record.number) : nil
        )
    }

    /// A version that no generation made is a copy when it is the app's first, else a way back.
    private static func outcome(_ record: VersionRecord) -> String {
        guard record.generationID == nil else { return GenerationRecord.Outcome.succeeded.rawValue }
        return record.number == 1 ? "forked" : "reverted"
    }
}

extension AppView {
    /// The app as it is when nothing of it runs: asleep, waiting for a first version, or without one.
    init(_ record: AppRecord, url: String, phase: Phase? = nil) {
        let status: AppStatus =
            if record.isTerminated { .terminated } else if record.versionCount > 0 { .ready } else { .created }
        var authors = record.authors.map { AuthorView(userID: $0.userID, name: $0.name) }
        if authors.isEmpty { authors = [AuthorView(userID: record.authorID, name: record.authorName)] }
        self.init(
            id: record.id,
            url: url,
            title: record.title,
            prompt: record.prompt,
            authors: authors,
            versions: record.versionCount,
            still: record.stillVersion.map { AppView.stillPath(record.id, version: $0) },
            isFeatured: record.isFeatured,
            status: status,
            phase: phase ?? Phase(atRest: record),
            viewers: 0,
            createdAt: Timestamp.string(from: record.createdAt),
            updatedAt: Timestamp.string(from: record.updatedAt)
        )
    }
}

extension Phase {
    /// The phase of an app of which nothing runs.
    init(atRest app: AppRecord) {
        self = app.versionCount > 0 ? .asleep : app.isAnswered ? .answered : .failed
    }
}

extension AppView {
    /// Where the picture of a version is, on the platform's own host.
    static func stillPath(_ appID: String, version: Int) -> String {
        "/api/app/\(appID)/still?version=\(version)"
    }
}
