internal import Catalogue
internal import Logging
internal import Realtime
internal import Sandboxes

extension AppSession {
    /// Ends the running generation; returns when that is stored and published.
    ///
    /// - Throws: `OrchestrationError.nothingRunning` when none runs.
    func stop(by person: Person) async throws {
        try checkOpen()
        guard let turn, !turn.isSettling else { throw OrchestrationError.nothingRunning }
        end(as: .stopped(by: person))
        try await turn.done.value()
    }

    /// Cancels the work of the turn; the first reason counts.
    private func end(as ending: TurnState.Ending) {
        guard let turn, !turn.isSettling, turn.ending == nil else { return }
        self.turn?.ending = ending
        work?.cancel()
    }

    /// Makes a new version of an old one's files.
    ///
    /// - Returns: its number.
    /// - Throws: `OrchestrationError`: `promptRunning` while a prompt runs or waits.
    func revert(to number: Int, by person: Person) async throws -> Int {
        try checkOpen()
        // The end of a turn may still be cleaning up behind its last publication.
        if turn == nil, queue.isEmpty, let loop { await loop.value }
        try checkOpen()
        guard !isBuilding, !isReverting, reservations == 0, loop == nil else {
            throw OrchestrationError.promptRunning
        }
        isReverting = true
        defer {
            isReverting = false
            startLoop()
        }
        let made: VersionRecord
        let message: MessageRecord
        do {
            guard let old = try await services.catalogue.version(app: id, number: number) else {
                throw OrchestrationError.unknownVersion
            }
            (made, message) = revertRecords(old, by: person)
            try await services.catalogue.addVersion(made, message: message)
        } catch {
            throw OrchestrationError(error)
        }
        versions = made.number
        firstVersion.resolve(.success(.live))
        guard life == .open else { return made.number }
        await show(made)
        publishStatus()
        publish(.preview(PreviewView(url: services.previewURL(id), version: made.number)))
        if box.isRunning, view.phase != .live { publishLive() }
        publish(.message(MessageView(message)))
        lastTurn = nil
        runtimeErrors = []
        services.idle.visited(id)
        isReverting = false
        wantStill()
        return made.number
    }

    private func revertRecords(_ old: VersionRecord, by person: Person) -> (VersionRecord, MessageRecord) {
        let now = services.time.date()
        let origin = Meaning(.revert, ["version": .number(old.number)])
        var made = VersionRecord(
            appID: id,
            number: versions + 1,
            prompt: "",
            authorID: person.userID,
            authorName: person.name,
            createdAt: now,
            files: old.files
        )
        made.origin = origin
        var message = MessageRecord(
            id: Identifier.message(at: now),
            appID: id,
            role: .assistant,
            content: "",
            authorID: person.userID,
            authorName: person.name,
            createdAt: now,
            version: made.number
        )
        message.origin = origin
        return (made, message)
    }

    /// Gives the sandbox a version's files.
    ///
    /// What fails here is made good by the next start, which reads the newest version.
    private func show(_ version: VersionRecord) async {
        do {
            let isFresh = !box.isRunning
            let sandbox = try await runningSandbox()
            guard !isFresh, life == .open else { return }
            if case .failed = try await edit(sandbox, files: version.files) {
                logger.warning("A version that was gone back to no longer builds")
            }
        } catch {
            logger.warning("Could not show a version", metadata: ["error": "\(error)"])
            await stopSandbox()
        }
    }

    /// Ends the app: no more work, no sandbox, no subscribers.
    ///
    /// The history stays.
    ///
    /// - Throws: `OrchestrationError`; then the app goes on.
    func terminate() async throws {
        try checkOpen()
        life = .terminated
        do {
            try await services.catalogue.setTerminated(app: id, at: services.time.date())
        } catch {
            life = .open
            startLoop()
            throw OrchestrationError(error)
        }
        queue = []
        end(as: .terminated)
        backoff?.cancel()
        if let loop { await loop.value }
        firstVersion.resolve(.failure(OrchestrationError.terminated))
        publish(.status(.terminated))
        services.board.removed(id)
        services.stills.remove(id)
        services.idle.removed(id)
        services.hub.close(ChannelName(.cursors, appID: id).text, code: .server)
        services.hub.close(ChannelName(.app, appID: id).text, code: .server)
        await stopSandbox()
        do {
            try await services.sandboxes.remove(appID: id)
        } catch {
            logger.warning("Could not remove a sandbox's folder", metadata: ["error": "\(error)"])
        }
    }

    /// Ends what runs as interrupted and takes no more work: the server ends.
    ///
    /// The queue stays in the catalogue.
    func close() async {
        guard life == .open else { return }
        life = .closing
        end(as: .interrupted)
        backoff?.cancel()
        if let loop { await loop.value }
        firstVersion.resolve(.failure(OrchestrationError.shuttingDown))
    }

    /// Asks the sandbox whether it is well.
    ///
    /// - Throws: `OrchestrationError`: `asleep` when it does not run, `sandboxUnwell`.
    func ping() async throws {
        guard life != .terminated else { throw OrchestrationError.terminated }
        guard let sandbox = box.running else { throw OrchestrationError.asleep }
        do {
            try await sandbox.heartbeat()
        } catch {
            throw OrchestrationError.sandboxUnwell(TurnFailure(error).meaning)
        }
    }

    /// Where a preview request goes.
    ///
    /// A visit starts a sandbox that does not run.
    func previewTarget() -> PreviewTarget {
        guard life != .terminated else { return .terminated }
        services.idle.visited(id)
        guard versions > 0 else { return .empty }
        switch box.content {
        case .running(let sandbox):
            return .running(socketPath: sandbox.endpoint.socketPath)
        case .starting:
            return .starting
        case .none:
            guard life == .open else { return .starting }
            let wasFull = box.wasFull
            if mayWake { startSandbox() }
            return wasFull ? .full : .starting
        }
    }

    /// Starts the sandbox again after the server's restart; returns when it runs or cannot.
    ///
    /// - Parameter quietly: whether the phase stands as it is, because a turn was cut and the version stays on show.
    func wake(quietly: Bool) async {
        guard life == .open, versions > 0, case .none = box.content else { return }
        // Why a start fails is published and logged by the start.
        _ = try? await startSandbox(quietly: quietly).value()
    }

    /// Returns when the first version is live, or the model has answered in words.
    ///
    /// - Throws: `OrchestrationError` when the generation that should make it ends otherwise.
    func waitUntilLive() async throws -> FirstVersion {
        guard versions == 0 else { return .live }
        try checkOpen()
        guard isBuilding || reservations > 0 else {
            if view.phase == .answered { return .answered }
            throw OrchestrationError.generationFailed(lastTurn?.error)
        }
        return try await firstVersion.value()
    }

    /// The app, its queue and its generation; the versions come from the catalogue.
    func detail() async throws -> AppDetail {
        let versions: [VersionView]
        do {
            versions = try await services.catalogue.versions(app: id).map(VersionView.init)
        } catch {
            throw OrchestrationError(error)
        }
        let state = state
        return AppDetail(
            app: services.board.view(id) ?? state.app,
            // Between the answer to a prompt and the begin of its turn.
            phase: isBuilding && state.generationView == nil ? .queued : state.app.phase,
            queue: state.queue,
            versions: versions,
            generation: state.generationView
        )
    }
}
