internal import Catalogue
internal import Logging

extension AppSession {
    /// Stores a prompt and lets it wait its turn.
    ///
    /// - Parameters:
    ///   - text: what is asked for.
    ///   - author: who asks.
    ///   - origin: what asks, where nobody wrote it.
    /// - Returns: its id and place: 0 when it runs now, waiting ones count from 1.
    /// - Throws: `OrchestrationError`; then nothing was stored.
    func write(_ text: String, author: Person, origin: Meaning? = nil) async throws -> (
        messageID: String, position: Int
    ) {
        try checkOpen()
        let limit = services.configuration.queueLimit
        guard turn == nil && queue.isEmpty && reservations == 0 || waiting.count + reservations < limit else {
            // Once until another prompt is taken: who hammers does not push out what else went wrong.
            if !hasNotedFullQueue { note(.rateLimited, Meaning(note: .rateLimited, ["limit": .number(limit)])) }
            hasNotedFullQueue = true
            throw OrchestrationError.queueFull(limit: limit)
        }
        reservations += 1
        defer { reservations -= 1 }
        try await enqueueing.acquire()
        defer { enqueueing.release() }
        try checkOpen()
        let now = services.time.date()
        var prompt = PromptRecord(
            messageID: Identifier.message(at: now),
            appID: id,
            text: text,
            authorID: author.userID,
            authorName: author.name,
            createdAt: now
        )
        prompt.origin = origin
        do {
            try await services.catalogue.enqueue(prompt)
        } catch {
            throw OrchestrationError(error)
        }
        try checkOpen()
        queue.append(prompt)
        hasNotedFullQueue = false
        startLoop()
        let position = waiting.firstIndex { $0.messageID == prompt.messageID }.map { $0 - waiting.startIndex + 1 } ?? 0
        if position > 0 { publishQueue() }
        return (prompt.messageID, position)
    }

    /// Asks the last prompt again that did not succeed.
    ///
    /// - Throws: `OrchestrationError` when the last one succeeded, or one runs.
    func retry(by person: Person) async throws -> (messageID: String, position: Int) {
        try checkOpen()
        guard !isBuilding, reservations == 0 else {
            throw OrchestrationError.promptRunning
        }
        guard let lastTurn, lastTurn.outcome != .succeeded else {
            throw OrchestrationError.nothingToRetry
        }
        return try await write(lastTurn.text, author: person, origin: lastTurn.origin)
    }

    /// - Throws: `OrchestrationError` when the session takes no work.
    func checkOpen() throws(OrchestrationError) {
        switch life {
        case .open: return
        case .closing: throw .shuttingDown
        case .terminated: throw .terminated
        }
    }

    /// Runs what waits, unless it runs already.
    func startLoop() {
        guard loop == nil, life == .open, !isReverting, !queue.isEmpty else { return }
        // The session's own long-lived task: ends when nothing waits, or when the session closes.
        loop = Task { await runQueue() }
    }

    private func runQueue() async {
        var delay = Duration.seconds(1)
        while life == .open, !isReverting, let prompt = queue.first {
            do {
                try await beginTurn(prompt)
                delay = .seconds(1)
                await runTurn()
            } catch {
                logger.error("Could not begin a turn", metadata: ["error": "\(error)"])
                // The prompt is safe in the queue; a full disk may have room later.
                await pause(delay)
                delay = min(delay * 2, .seconds(30))
            }
        }
        loop = nil
    }

    /// Moves a prompt from the queue to the history and begins its generation: on disk first, then for everybody to see.
    private func beginTurn(_ prompt: PromptRecord) async throws {
        let now = services.time.date()
        let record = GenerationRecord(
            id: Identifier.generation(at: now),
            appID: id,
            messageID: prompt.messageID,
            model: services.configuration.codeModel,
            startedAt: now
        )
        var message = MessageRecord(
            id: prompt.messageID,
            appID: id,
            role: .user,
            content: prompt.text,
            authorID: prompt.authorID,
            authorName: prompt.authorName,
            createdAt: now
        )
        message.origin = prompt.origin
        try await services.catalogue.beginGeneration(record, message: message)
        queue.removeAll { $0.messageID == prompt.messageID }
        var turn = TurnState(prompt: prompt, record: record, began: services.time.now())
        switch life {
        case .open: break
        case .closing: turn.ending = .interrupted
        case .terminated: turn.ending = .terminated
        }
        let queued = turn.steps.begin(.queued, attempt: turn.attempt, at: moment)
        self.turn = turn
        publishQueue()
        publish(.message(MessageView(message)))
        publish(
            .generationStarted(
                GenerationStarted(
                    generation: record.id,
                    messageID: prompt.messageID,
                    model: record.model,
                    attempt: turn.attempt
                )
            )
        )
        publish(.build(queued))
    }

    /// Waits before something is tried again; the end of the session cuts it short.
    func pause(_ delay: Duration) async {
        let sleep = services.time.sleep
        let task = Task {
            // Cut short is as good as over: the caller looks at `life`.
            _ = try? await sleep(delay)
        }
        backoff = task
        await task.value
        backoff = nil
    }

    private func runTurn() async {
        let task = Task { await performTurn() }
        work = task
        if turn?.ending != nil { task.cancel() }
        let result = await task.value
        work = nil
        await settle(result)
    }
}
