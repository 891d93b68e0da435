internal import Catalogue
internal import Logging
internal import Realtime
internal import Sandboxes

extension Orchestrator {
    /// An app that is taken up after a restart.
    struct Resumption: Sendable {
        var appID: String
        /// Whether its turn was cut: then the version that it has stays on show meanwhile.
        var wasCut: Bool
        /// Whether its sandbox is started.
        var wakes: Bool
    }

    /// Removes what a killed server left, marks cut generations as interrupted, opens `apps`.
    ///
    /// - Returns: the apps to take up, newest first.
    /// - Throws: `CatalogueError` when the catalogue cannot be read.
    func recover() async throws -> [Resumption] {
        do {
            try await services.sandboxes.cleanUp()
        } catch {
            services.logger.error("Could not remove what an earlier server left", metadata: ["error": "\(error)"])
        }
        var cut: Set<String> = []
        for generation in try await services.catalogue.runningGenerations() {
            cut.insert(generation.appID)
            await markInterrupted(generation)
        }
        let apps = try await services.catalogue.openApps()
        var resumptions: [Resumption] = []
        for app in apps {
            let wasCut = cut.contains(app.id)
            let wakes = app.versionCount > 0 && (app.isRunning || wasCut)
            let hasQueue = try await !services.catalogue.queue(app: app.id).isEmpty
            guard wasCut || wakes || hasQueue else { continue }
            resumptions.append(Resumption(appID: app.id, wasCut: wasCut, wakes: wakes))
        }
        let services = services
        services.board.open(apps: apps.map { AppView($0, url: services.pageURL($0.id)) }) { state in
            var options = ChannelOptions()
            options.history.maximumPublications = 256
            return Feed(
                channel: services.hub.open(ChannelName(.apps).text, state: state, options: options),
                tap: services.tap
            )
        }
        services.stats.open(tap: services.tap)
        recovered.resolve()
        services.logger.info(
            "Catalogue was read",
            metadata: ["apps.open": "\(apps.count)", "apps.interrupted": "\(cut.count)"]
        )
        return resumptions
    }

    private func markInterrupted(_ generation: GenerationRecord) async {
        do {
            let page = try await services.catalogue.messages(app: generation.appID, before: nil, limit: 20)
            let prompt = page.messages.last { $0.id == generation.messageID }
            let now = services.time.date()
            var record = generation
            record.outcome = .interrupted
            record.error = Meaning(.interrupted)
            record.finishedAt = now
            var message = MessageRecord(
                id: Identifier.message(at: now),
                appID: generation.appID,
                role: .assistant,
                content: "",
                authorID: prompt?.authorID ?? "",
                authorName: prompt?.authorName ?? "",
                createdAt: now
            )
            message.outcome = .interrupted
            message.error = record.error
            try await services.catalogue.finishGeneration(record, message: message, version: nil)
        } catch {
            // It stays stored as running, and the next start tries again.
            services.logger.error(
                "Could not mark a generation as interrupted",
                metadata: ["app.id": "\(generation.appID)", "error": "\(error)"]
            )
        }
    }

    /// Takes the apps up: their queues at once, their sandboxes a few at a time.
    func resume(_ resumptions: [Resumption]) async {
        var sleeping: [(session: AppSession, quietly: Bool)] = []
        for resumption in resumptions {
            do {
                let phase: Phase? = resumption.wasCut ? (resumption.wakes ? .live : .failed) : nil
                let session = try await loadSession(resumption.appID, phase: phase)
                if resumption.wakes { sleeping.append((session, resumption.wasCut)) }
            } catch {
                services.logger.error(
                    "Could not take up an app",
                    metadata: ["app.id": "\(resumption.appID)", "error": "\(error)"]
                )
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for (index, (session, quietly)) in sleeping.enumerated() {
                if index >= max(1, services.configuration.restartConcurrency) { await group.next() }
                guard !Task.isCancelled else { break }
                group.addTask { await session.wake(quietly: quietly) }
            }
        }
    }
}
