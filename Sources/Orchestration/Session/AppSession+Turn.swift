internal import Catalogue
internal import Claude
internal import Logging
internal import Sandboxes

extension AppSession {
    /// The work of a turn, from the permit to code that is bundled.
    ///
    /// Cancelled from outside.
    ///
    /// - Returns: the files of the new version.
    func performTurn() async -> Result<[String: String], TurnFailure> {
        do {
            try await services.limiter.acquire()
            defer { services.limiter.release() }
            try Task.checkCancellation()
            endStep(.queued)
            return .success(try await makeVersion())
        } catch {
            return .failure(TurnFailure(error))
        }
    }

    private func makeVersion() async throws -> [String: String] {
        guard let prompt = turn?.prompt else { throw TurnFailure.cancelled }
        prepareSandbox()
        let base = try await services.catalogue.version(app: id, number: nil)
        let history = try await earlierTurns(before: prompt.messageID)
        let configuration = services.configuration
        let asked = PromptTurn.words(of: prompt)
        async let _ = streamChat(
            PromptBuilder.chat(
                prompt: asked,
                history: history,
                isFirst: base == nil,
                configuration: configuration
            )
        )
        var request: MessagesRequest
        if prompt.origin?.isOrigin(.repair) == true, let generation = turn?.record.id,
            let repair = try await repairRequest(after: generation)
        {
            request = repair
        } else {
            request = PromptBuilder.code(
                prompt: asked,
                history: history,
                currentCode: base?.files[PromptBuilder.componentPath],
                configuration: configuration
            )
        }
        var files = base?.files ?? [:]
        var step = Phase.generating
        while true {
            let code = try await streamCode(request, step: step)
            files[PromptBuilder.componentPath] = code.text
            let errors = try await build(files, hasDefaultExport: code.hasDefaultExport)
            if errors.isEmpty { break }
            let repairs = turn?.repairs ?? 0
            guard repairs < configuration.maximumRepairs else {
                throw TurnFailure.build(errors, repairs: repairs, limit: configuration.maximumRepairs)
            }
            step = .repairing
            turn?.beginRepair()
            request = PromptBuilder.repair(
                code: code.text,
                errors: errors,
                prompt: asked,
                configuration: configuration
            )
        }
        await waitForChat()
        try Task.checkCancellation()
        return files
    }

    /// The sandbox starts while the model writes; one that runs is a step that is done at once.
    private func prepareSandbox() {
        guard let attempt = turn?.attempt else { return }
        switch box.content {
        case .none:
            startSandbox()
        case .starting, .running:
            // A waking that is under way becomes the turn's step.
            beginStep(.sandbox, attempt: attempt)
            if box.isRunning { endStep(.sandbox) }
        }
    }

    /// What was said before, for the model.
    private func earlierTurns(before messageID: String) async throws -> [MessagesRequest.Message] {
        let page = try await services.catalogue.messages(
            app: id,
            before: messageID,
            limit: AppChannelState.messageLimit
        )
        return page.messages.map(PromptTurn.message)
    }

    /// Streams one answer of the code model.
    ///
    /// - Throws: `ModelError`; what came so far is kept in the turn.
    private func streamCode(
        _ request: MessagesRequest,
        step: Phase
    ) async throws -> (text: String, hasDefaultExport: Bool) {
        guard let attempt = turn?.attempt else { throw TurnFailure.cancelled }
        beginStep(step, attempt: attempt)
        var filter = CodeFilter()
        do {
            try await consume(services.model.stream(request), step: step) { text in
                turn?.append(filter.feed(text), to: .code)
            }
        } catch {
            publishTokens()
            // A stop is told by the turn's end, which fails the steps that run.
            let failure = TurnFailure(error)
            if failure != .cancelled { endStep(step, .failed, error: failure.meaning) }
            throw error
        }
        let (rest, hasDefaultExport) = filter.finish()
        turn?.append(rest, to: .code)
        publishTokens()
        endStep(step)
        return (turn?.codeText ?? "", hasDefaultExport)
    }

    /// Streams the explanation.
    ///
    /// Its failure fails nothing: a plain sentence stands in.
    private func streamChat(_ request: MessagesRequest) async {
        do {
            try await consume(services.model.stream(request), step: nil) { text in
                turn?.append(text, to: .chat)
            }
        } catch {
            turn?.chatFailed = true
            if TurnFailure(error) != .cancelled {
                logger.warning("No explanation came", metadata: ["error.type": "\(type(of: error))"])
            }
        }
        publishTokens()
        turn?.chatDone.resolve()
    }

    /// Drains a stream at the pace of `tokenInterval`; both streams of a turn share the pace and the publications.
    ///
    /// - Parameters:
    ///   - stream: ended when this returns.
    ///   - step: told of retries; `nil` when nobody is told.
    ///   - text: given each piece of the text.
    /// - Throws: `ModelError`, or `CancellationError`.
    private func consume(
        _ stream: ModelStream,
        step: Phase?,
        _ text: (String) -> Void
    ) async throws {
        var counted = TokenUsage()
        var isWhole = false
        defer {
            if !isWhole, stream.usage != TokenUsage() { counted = stream.usage }
            turn?.usage.inputTokens += counted.inputTokens
            turn?.usage.outputTokens += counted.outputTokens
            stream.cancel()
        }
        while true {
            try await keepPace()
            publishTokens()
            guard let batch = try await stream.nextBatch() else { break }
            for event in batch {
                switch event {
                case .started(_, let inputTokens):
                    counted.inputTokens = inputTokens
                case .text(let delta):
                    text(delta.withoutNull)
                case .retrying(_, let delay, let reason):
                    if let step { publishRetry(step, delay: delay, reason: reason) }
                case .finished(let usage):
                    counted = usage
                    isWhole = true
                }
            }
            if isDue { publishTokens() }
        }
        guard isWhole else { throw ModelError.truncated }
    }

    private func publishRetry(_ step: Phase, delay: Duration, reason: ModelError) {
        let event = turn?.steps.update(step, Meaning(reason), retryIn: delay, at: moment)
        publish(ifPresent: event.map(AppEvent.build))
    }

    /// Whether the frame of the last token publication is over.
    private var isDue: Bool {
        guard let lastTokens else { return true }
        return services.time.now() - lastTokens >= services.configuration.tokenInterval
    }

    /// Waits for the end of the frame.
    private func keepPace() async throws {
        while let lastTokens {
            let rest = lastTokens + services.configuration.tokenInterval - services.time.now()
            guard rest > .zero else { return }
            try await services.time.sleep(rest)
        }
    }

    /// Publishes the tokens that have come since the last publication.
    func publishTokens() {
        guard let event = turn?.takeTokens() else { return }
        let now = services.time.now()
        lastTokens = now
        publish(.token(event))
        services.meter.streamed(units: event.units)
        if let waited = turn?.waitedForFirstToken(at: now) { services.meter.firstToken(after: waited) }
        guard event.parts.contains(where: { $0.stream == .code }) else { return }
        services.board.wrote(id) { [weak self] in await self?.codeTail ?? [] }
    }

    private var codeTail: [String] { CodeTail.lines(of: turn?.codeText ?? "") }

    /// Bundles the files; a sandbox that dies meanwhile is started once more.
    ///
    /// - Returns: the bundler's errors; none when it succeeded.
    private func build(_ files: [String: String], hasDefaultExport: Bool) async throws -> [BuildError] {
        guard let attempt = turn?.attempt else { throw TurnFailure.cancelled }
        guard hasDefaultExport else {
            let error = BuildError(.noDefaultExport, path: PromptBuilder.componentPath)
            beginStep(.bundling, attempt: attempt)
            endStep(.bundling, .failed, errors: [error])
            return [error]
        }
        while true {
            do {
                let sandbox = try await runningSandbox()
                try Task.checkCancellation()
                beginStep(.writing, attempt: attempt)
                endStep(.writing)
                beginStep(.bundling, attempt: attempt)
                turn?.didEdit = true
                switch try await edit(sandbox, files: files, checksNames: true) {
                case .succeeded:
                    endStep(.bundling)
                    return []
                case .unchecked:
                    logger.warning("The names in the code were not checked")
                    endStep(.bundling, isUnchecked: true)
                    return []
                case .failed(let errors):
                    let errors =
                        errors.isEmpty ? [BuildError(.bundlerSilent, path: PromptBuilder.componentPath)] : errors
                    endStep(.bundling, .failed, errors: errors)
                    return errors
                }
            } catch let error as SandboxError where error.isWorthRestart {
                try Task.checkCancellation()
                endStep(.bundling, .failed, error: Meaning(error))
                turn?.sandboxDeaths += 1
                await dropSandbox()
                guard let deaths = turn?.sandboxDeaths, deaths < 2 else { throw error }
                logger.warning("Sandbox is started once more", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Stops the sandbox that does not answer; the next one who needs it starts another.
    private func dropSandbox() async {
        guard let sandbox = box.running else { return }
        box.empty()
        services.idle.stopped(id)
        publishStatus()
        await retire(sandbox)
    }

    /// Gives the explanation a moment to end when the code is done before it.
    private func waitForChat() async {
        guard let chatDone = turn?.chatDone else { return }
        let sleep = services.time.sleep
        await withTaskGroup(of: Void.self) { group in
            // Both end by themselves or are cancelled; neither has anything to say.
            group.addTask { _ = try? await chatDone.value() }
            group.addTask { _ = try? await sleep(.seconds(3)) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Begins a step of the turn.
    func beginStep(_ phase: Phase, attempt: Int) {
        let repair = phase == .repairing ? runningRepair : nil
        let event = turn?.steps.begin(phase, attempt: attempt, repair: repair, at: moment)
        publish(ifPresent: event.map(AppEvent.build))
    }

    /// Ends a step of the turn, if it runs.
    func endStep(
        _ phase: Phase,
        _ state: BuildEvent.State = .done,
        error: Meaning? = nil,
        errors: [BuildError] = [],
        isUnchecked: Bool = false
    ) {
        var event = turn?.steps.end(phase, state, error, errors: errors, at: moment)
        event?.isUnchecked = isUnchecked
        publish(ifPresent: event.map(AppEvent.build))
        if event != nil, let error = errors.first { note(.bundleFailed, error) }
    }

    /// The repair that the turn is in; `nil` before the first.
    private var runningRepair: BuildEvent.Repair? {
        turn?.repair(limit: services.configuration.maximumRepairs)
    }
}

extension String {
    /// The text with every U+0000, which the catalogue refuses, replaced.
    var withoutNull: String {
        guard utf8.contains(0) else { return self }
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars { scalars.append(scalar == "\0" ? "\u{FFFD}" : scalar) }
        return String(scalars)
    }
}
