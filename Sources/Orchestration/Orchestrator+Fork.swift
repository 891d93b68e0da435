internal import Catalogue

extension Orchestrator {
    /// Copies the files of a version into a new app, which goes live without a generation.
    ///
    /// - Parameters:
    ///   - appID: the app to copy.
    ///   - version: the newest when `nil`.
    ///   - person: the new app's owner.
    /// - Returns: the new app at once; its sandbox starts meanwhile.
    /// - Throws: `unknownApp`, `unknownVersion` also when there is none yet, `terminated`, or a storage error.
    package func fork(appID: String, version: Int?, by person: Person) async throws -> AppView {
        let (source, old) = try await reading {
            guard let source = try await services.catalogue.app(appID) else { throw OrchestrationError.unknownApp }
            guard !source.isTerminated else { throw OrchestrationError.terminated }
            guard let old = try await services.catalogue.version(app: appID, number: version) else {
                throw OrchestrationError.unknownVersion
            }
            return (source, old)
        }
        try checkRunning()
        let (app, made, message) = copy(of: source, old, by: person)
        do {
            try await services.catalogue.createApp(app, version: made, message: message)
        } catch {
            throw OrchestrationError(error)
        }
        let (session, isClosing) = register(AppSeed(app: app, message: message))
        // The bridge from the answer, which does not wait, to the start; why that fails is published and logged by it.
        if !isClosing { Task { await session.wake(quietly: false) } }
        return session.view
    }

    private func copy(
        of source: AppRecord,
        _ old: VersionRecord,
        by person: Person
    ) -> (AppRecord, VersionRecord, MessageRecord) {
        let now = services.time.date()
        let id = Identifier.app()
        let origin = Meaning(
            .fork,
            ["app_id": .text(source.id), "title": .text(source.title), "version": .number(old.number)]
        )
        var app = AppRecord(
            id: id,
            title: Title.copy(of: source.title, limit: services.configuration.maximumTitleCharacters),
            prompt: source.prompt,
            authorID: person.userID,
            authorName: person.name,
            createdAt: now
        )
        // Taken up again by the next start, should the server end before its sandbox runs.
        app.isRunning = true
        app.versionCount = 1
        var version = VersionRecord(
            appID: id,
            number: 1,
            prompt: "",
            authorID: person.userID,
            authorName: person.name,
            createdAt: now,
            files: old.files
        )
        version.origin = origin
        var message = MessageRecord(
            id: Identifier.message(at: now),
            appID: id,
            role: .assistant,
            content: "",
            authorID: person.userID,
            authorName: person.name,
            createdAt: now,
            version: 1
        )
        message.origin = origin
        return (app, version, message)
    }
}
