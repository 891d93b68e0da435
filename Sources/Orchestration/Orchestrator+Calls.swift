package import Catalogue
internal import Realtime
internal import Sandboxes
internal import Synchronization

extension Orchestrator {
    /// Stores a new app and its first prompt, starts sandbox and generation, and returns the app's id at once.
    ///
    /// - Throws: `OrchestrationError`, as all calls here do.
    package func create(prompt: String, author: Person) async throws -> AppView {
        try await recovered.value()
        try checkRunning()
        try check(prompt)
        let now = services.time.date()
        let id = Identifier.app()
        let app = AppRecord(
            id: id,
            title: TitleMaker.title(from: prompt),
            prompt: prompt,
            authorID: author.userID,
            authorName: author.name,
            createdAt: now
        )
        let first = PromptRecord(
            messageID: Identifier.message(at: now),
            appID: id,
            text: prompt,
            authorID: author.userID,
            authorName: author.name,
            createdAt: now
        )
        do {
            try await services.catalogue.createApp(app, prompt: first)
        } catch {
            throw OrchestrationError(error)
        }
        let (session, isClosing) = register(AppSeed(app: app, queue: [first]))
        // The prompt is stored: when the server ends just now, the next start takes it up.
        if !isClosing { await session.startLoop() }
        return session.view
    }

    /// Makes the session of an app that was stored just now, and tells everybody of it.
    ///
    /// - Returns: the session, and whether the server is ending.
    func register(_ seed: AppSeed) -> (session: AppSession, isClosing: Bool) {
        let session = makeSession(seed)
        let promise = OneShot<AppSession?>()
        promise.resolve(.success(session))
        let isClosing = registry.withLock { registry in
            registry.sessions[seed.app.id] = promise
            return registry.isClosing
        }
        services.board.added(session.view, isBuilding: !seed.queue.isEmpty)
        return (session, isClosing)
    }

    /// Returns when the first version is live, or the model has answered in words.
    ///
    /// - Throws: the generation's error when it ends otherwise.
    package func waitUntilLive(appID: String) async throws -> FirstVersion {
        try await session(appID).waitUntilLive()
    }

    /// Queues a prompt; durable when it returns.
    ///
    /// Position 0 runs now, waiting ones count from 1.
    package func write(appID: String, text: String, author: Person) async throws -> (messageID: String, position: Int) {
        try check(text)
        return try await session(appID).write(text, author: author)
    }

    /// The app's messages, oldest first, also of an app that has been ended.
    ///
    /// - Parameters:
    ///   - appID: the app.
    ///   - before: the message after the page; `nil` for the newest page.
    ///   - limit: 1 to 500.
    /// - Returns: the page, and whether there are older messages.
    /// - Throws: `unknownApp`, or a storage error.
    package func history(appID: String, before: String?, limit: Int) async throws -> MessagePage {
        try await reading {
            guard try await services.catalogue.app(appID) != nil else { throw OrchestrationError.unknownApp }
            let limit = min(max(limit, 1), 500)
            let page = try await services.catalogue.messages(app: appID, before: before, limit: limit)
            return MessagePage(messages: page.messages.map(MessageView.init), more: page.hasMore)
        }
    }

    /// The app's status and phase.
    package func status(appID: String) async throws -> (status: AppStatus, phase: Phase) {
        let view = try await view(appID)
        return (view.status, view.phase)
    }

    /// Asks the app's sandbox whether it is well.
    ///
    /// - Throws: `asleep`, `sandboxUnwell`.
    package func ping(appID: String) async throws {
        try await session(appID).ping()
    }

    /// A page of the apps that are not ended, with what is live of each.
    package func list(_ query: AppQuery) async throws -> AppPage {
        try await reading {
            var query = query
            query.limit = min(max(query.limit, 1), 200)
            let records = try await services.catalogue.apps(query)
            let apps = records.map { services.board.view($0.id) ?? AppView($0, url: services.pageURL($0.id)) }
            var next: String?
            if records.count == query.limit, let last = records.last {
                var rest = query
                rest.cursor = last.id
                rest.limit = 1
                if try await !services.catalogue.apps(rest).isEmpty { next = last.id }
            }
            return AppPage(apps: apps, nextCursor: next, counts: services.board.counts)
        }
    }

    /// The app with its queue, versions and running generation.
    package func detail(appID: String) async throws -> AppDetail {
        do {
            return try await session(appID).detail()
        } catch OrchestrationError.terminated {
            let view = try await view(appID)
            let versions = try await versions(appID: appID)
            return AppDetail(app: view, phase: view.phase, queue: [], versions: versions, generation: nil)
        }
    }

    /// The files of a version, the newest when `version` is `nil`.
    ///
    /// - Throws: `unknownVersion` also when there is none yet.
    package func code(appID: String, version: Int?) async throws -> CodeView {
        try await reading {
            guard let record = try await services.catalogue.version(app: appID, number: version) else {
                guard try await services.catalogue.app(appID) != nil else { throw OrchestrationError.unknownApp }
                throw OrchestrationError.unknownVersion
            }
            return CodeView(version: record.number, files: record.files)
        }
    }

    /// The app's versions, oldest first.
    package func versions(appID: String) async throws -> [VersionView] {
        try await reading {
            let versions = try await services.catalogue.versions(app: appID).map(VersionView.init)
            if versions.isEmpty, try await services.catalogue.app(appID) == nil { throw OrchestrationError.unknownApp }
            return versions
        }
    }

    /// Makes a new version with the files of an old one; returns its number.
    package func revert(appID: String, version: Int, by person: Person) async throws -> Int {
        try await session(appID).revert(to: version, by: person)
    }

    /// Ends the running generation; returns when that is stored.
    package func stop(appID: String, by person: Person) async throws {
        try await session(appID).stop(by: person)
    }

    /// Runs the last prompt again whose generation failed, was stopped or interrupted.
    ///
    /// As `write` otherwise.
    package func retry(appID: String, by person: Person) async throws -> (messageID: String, position: Int) {
        try await session(appID).retry(by: person)
    }

    /// Sends what broke last to the model as a new turn.
    ///
    /// As `write` otherwise.
    ///
    /// - Throws: `nothingToRepair`, `promptRunning`.
    package func repair(appID: String, by person: Person) async throws -> (messageID: String, position: Int) {
        try await session(appID).repair(by: person)
    }

    /// Gives an app another title; returns it without the white space at its ends.
    ///
    /// - Throws: `titleEmpty`, `titleTooLong`, `titleNotOneLine`.
    package func rename(appID: String, title: String) async throws -> String {
        let title = try Title.checked(title, limit: services.configuration.maximumTitleCharacters)
        try await session(appID).rename(to: title)
        return title
    }

    /// Takes a prompt out of the queue before its turn.
    ///
    /// - Throws: `unknownPrompt` for one that does not wait, `notYours` for anybody but its author, the app's owner, and admins.
    package func withdraw(appID: String, messageID: String, by person: Person, isAdmin: Bool) async throws {
        try await session(appID).withdraw(messageID, by: person, isAdmin: isAdmin)
    }

    /// Tells an app's viewers what it logged or threw in somebody's browser.
    package func report(appID: String, _ entries: [ConsoleEntry], by person: Person) async throws {
        try await session(appID).report(entries, by: person)
    }

    /// Ends an app for good; its history is kept.
    package func terminate(appID: String) async throws {
        try await session(appID).terminate()
        forget(appID)
    }

    /// Ends all apps; returns the number of apps that were ended.
    package func terminateAll() async throws -> Int {
        try await recovered.value()
        let apps = try await reading { try await services.catalogue.openApps() }
        return try await withThrowingTaskGroup(of: Int.self) { group in
            var ended = 0
            for (index, app) in apps.enumerated() {
                if index >= 16 { ended += try await group.next() ?? 0 }
                group.addTask {
                    do {
                        try await self.terminate(appID: app.id)
                        return 1
                    } catch OrchestrationError.terminated {
                        // Somebody else ended it meanwhile.
                        return 0
                    }
                }
            }
            for try await count in group { ended += count }
            return ended
        }
    }

    /// Returns whether the app is featured now.
    package func toggleFeature(appID: String) async throws -> Bool {
        try await session(appID).toggleFeature()
    }

    /// Where a preview request goes; starts a sandbox that does not run.
    package func previewTarget(appID: String) async -> PreviewTarget {
        do {
            return try await session(appID).previewTarget()
        } catch OrchestrationError.terminated {
            return .terminated
        } catch OrchestrationError.unknownApp {
            return .unknown
        } catch {
            // The server starts or ends, or its disk fails: the page tries again.
            return .starting
        }
    }

    /// An open preview came (1) or went (-1): as long as one is there, the app stays awake.
    package func previewTunnels(appID: String, _ difference: Int) {
        services.idle.tunnels(appID, difference)
    }

    /// The picture of a version, also of an app that has been ended; the newest picture when `version` is `nil`.
    ///
    /// - Returns: `nil` while there is none.
    package func still(appID: String, version: Int?) async throws -> StillView? {
        try await reading {
            if let still = try await services.catalogue.still(app: appID, version: version) {
                return StillView(
                    version: still.version,
                    contentType: "image/\(still.format.rawValue)",
                    bytes: still.bytes
                )
            }
            guard try await services.catalogue.app(appID) != nil else { throw OrchestrationError.unknownApp }
            return nil
        }
    }
    /// Measures the server and publishes it on `stats`; to be called once a second.
    package func publishStats() { services.stats.publish() }

    /// Opens `apps` or `app:{id}` (or its `:cursors`) in the hub when it exists and is not open yet.
    ///
    /// - Returns: false when there is no such channel.
    package func openChannel(_ name: String) async throws -> Bool {
        try await recovered.value()
        guard let channel = ChannelName(name) else { return false }
        guard channel.kind.isAboutApp else { return true }
        do {
            let session = try await session(channel.appID)
            if channel.kind == .app { await session.visit() }
        } catch OrchestrationError.unknownApp {
            return false
        } catch OrchestrationError.terminated {
            return false
        }
        if channel.kind == .cursors { openCursors(name) }
        return true
    }

    /// An app as lists show it, without loading it.
    package func view(_ appID: String) async throws -> AppView {
        if let view = services.board.view(appID) { return view }
        return try await reading {
            guard let record = try await services.catalogue.app(appID) else { throw OrchestrationError.unknownApp }
            return AppView(record, url: services.pageURL(appID))
        }
    }

    func reading<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await recovered.value()
        do {
            return try await body()
        } catch {
            throw OrchestrationError(error)
        }
    }

    func checkRunning() throws(OrchestrationError) {
        if registry.withLock({ $0.isClosing }) { throw .shuttingDown }
    }

    /// Checks a prompt before it is stored.
    private func check(_ prompt: String) throws(OrchestrationError) {
        let limit = services.configuration.maximumPromptCharacters
        guard !prompt.trimmed.isEmpty else { throw .promptEmpty }
        guard prompt.unicodeScalars.count <= limit else { throw .promptTooLong(limit: limit) }
        guard !prompt.utf8.contains(0) else { throw .promptNotText }
    }
}

extension Orchestrator {
    /// Opens a channel on which subscribers tell each other where they point; nothing of it is kept.
    private func openCursors(_ name: String) {
        var options = ChannelOptions()
        options.clientsMayPublish = true
        options.hasHistory = false
        options.writeDelay = .milliseconds(16)
        registry.withLock { _ in
            // Under the registry's lock, so that two clients that come at once open it once.
            guard !services.hub.isOpen(name) else { return }
            _ = services.hub.open(name, state: RawChannelState(), options: options)
        }
    }
}
