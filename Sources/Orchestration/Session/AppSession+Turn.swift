internal import Catalogue
internal import Claude
internal import Logging
internal import Sandboxes

extension AppSession {
    /// The work of a turn, from the permit to code that is bundled, or to an answer in words.
    ///
    /// Cancelled from outside.
    func performTurn() async -> Result<TurnProduct, TurnFailure> {
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

    private func makeVersion() async throws -> TurnProduct {
        guard let prompt = turn?.prompt else { throw TurnFailure.cancelled }
        prepareSandbox()
        let base = try await services.catalogue.version(app: id, number: nil)
        let history = try await earlierTurns(before: prompt.messageID)
        let configuration = services.configuration
        let asked = PromptTurn.words(of: prompt)
        let current = base?.files[PromptBuilder.componentPath]
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
            let repair = try await repairRequest(after: generation, currentCode: current)
        {
            request = repair
        } else {
            request = PromptBuilder.code(
                prompt: asked,
                history: history,
                currentCode: current,
                configuration: configuration
            )
        }
        var files = base?.files ?? [:]
        var step = Phase.generating
        var failed = ""
        var errors: [BuildError] = []
        while true {
            let reply = try await streamCode(request, step: step)
            switch reply.answer.outcome {
            case .prose(let words) where errors.areOfWords && reply.answer.isReply(changing: current):
                return .answer(words)
            case .file where step == .generating && reply.answer.isReply(to: asked):
                return .answer(reply.answer.words)
            case .prose(let words):
                // What was to be mended still is.
                if errors.isEmpty { failed = words }
                errors.removeAll { $0.code == .noComponent }
                errors.append(BuildError(withoutComponent: words))
                failBuild(errors)
            case .file(let first):
                let file = try await confirmed(first, of: reply, request, previous: current, prompt: asked)
                files[PromptBuilder.componentPath] = file.text
                failed = file.text
                errors = try await build(files, file, previous: current)
            }
            if errors.isEmpty { break }
            let repairs = turn?.repairs ?? 0
            guard repairs < configuration.maximumRepairs else {
                throw TurnFailure.build(errors, repairs: repairs, limit: configuration.maximumRepairs)
            }
            step = .repairing
            turn?.beginAttempt(.repair)
            request = PromptBuilder.repair(
                failedAnswer: failed,
                currentCode: current,
                errors: errors,
                prompt: asked,
                configuration: configuration
            )
        }
        await waitForChat()
        try Task.checkCancellation()
        return .files(files)
    }

    /// Asks once in a turn whether a file is meant that lost most of its lines.
    ///
    /// - Returns: the second answer's file; the first when the second holds none, or none comes.
    /// - Throws: when the turn is cancelled.
    private func confirmed(
        _ file: AnswerFile,
        of reply: CodeReply,
        _ request: MessagesRequest,
        previous: String?,
        prompt: String
    ) async throws -> AnswerFile {
        guard let previous, turn?.hasConfirmed == false, file.hasDefaultExport,
            Shrinkage.isSuspicious(new: file.text, previous: previous, prompt: prompt),
            Elisions.find(in: file.text, previous: previous).isEmpty
        else { return file }
        turn?.beginAttempt(.confirm)
        do {
            let question = PromptBuilder.confirmation(of: reply.text, to: request)
            if case .file(let second) = try await streamCode(question, step: .generating).answer.outcome {
                return second
            }
        } catch {
            guard TurnFailure(error) != .cancelled else { throw error }
            logger.warning("The model did not say whether it meant to drop code", metadata: ["error": "\(error)"])
        }
        turn?.showAgain(file.text)
        publishTokens()
        return file
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

    /// What was said before, for the model: the app's first prompt, then what is newest.
    private func earlierTurns(before messageID: String) async throws -> [MessagesRequest.Message] {
        let page = try await services.catalogue.messages(
            app: id,
            before: messageID,
            limit: AppChannelState.messageLimit
        )
        let first = view.prompt
        let turns = page.messages.map(PromptTurn.message)
        // It is not among them in a long conversation, and in a copy.
        guard !turns.isEmpty, !turns.contains(where: { $0.role == .user && $0.text == first }) else { return turns }
        return [.init(role: .user, text: first)] + turns
    }

    /// Streams one answer of the code model; a stream that breaks is asked for once more in a turn, as a new attempt.
    ///
    /// - Throws: `ModelError`; what came so far is kept in the turn.
    private func streamCode(_ request: MessagesRequest, step: Phase) async throws -> CodeReply {
        var reply = CodeReply()
        do {
            return try await streamCode(request, step: step, into: &reply)
        } catch let error as ModelError where error.isBreak && !reply.text.isEmpty && turn?.hasRetried == false {
            try Task.checkCancellation()
            logger.warning("The model's stream broke and is asked for again", metadata: ["error.type": "\(error.name)"])
            turn?.beginAttempt(.retry)
            reply = CodeReply()
            return try await streamCode(request, step: step, into: &reply)
        }
    }

    private func streamCode(
        _ request: MessagesRequest,
        step: Phase,
        into reply: inout CodeReply
    ) async throws -> CodeReply {
        guard let attempt = turn?.attempt else { throw TurnFailure.cancelled }
        beginStep(step, attempt: attempt)
        do {
            do {
                try await consume(services.model.stream(request), step: step) { show(reply.feed($0), step: step) }
            } catch ModelError.maximumTokens where reply.hasText {
                publishTokens()
                let rest = PromptBuilder.continuation(of: reply.text, to: request)
                reply.beginContinuation()
                try await consume(services.model.stream(rest), step: step) { show(reply.feed($0), step: step) }
            }
        } catch {
            show(reply.release(), step: step)
            publishTokens()
            if case ModelError.refused = error { turn?.refusal = reply.spoken }
            // A stop is told by the turn's end, which fails the steps that run.
            let failure = TurnFailure(error)
            if failure != .cancelled { endStep(step, .failed, error: failure.meaning) }
            throw error
        }
        show(reply.finish(), step: step)
        publishTokens()
        endStep(step)
        return reply
    }

    /// Shows what is known of the file.
    ///
    /// Code that people have seen is taken back by a new attempt.
    private func show(_ actions: [AnswerReader.Action], step: Phase) {
        for action in actions {
            switch action {
            case .append(let text): turn?.append(text, to: .code)
            case .restart:
                guard let attempt = turn?.restartCode() else { continue }
                endStep(step)
                beginStep(step, attempt: attempt)
            }
        }
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
            turn?.usage.add(counted)
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

    /// Ends the build before it begins, with errors of our own.
    private func failBuild(_ errors: [BuildError]) {
        guard let attempt = turn?.attempt else { return }
        beginStep(.bundling, attempt: attempt)
        endStep(.bundling, .failed, errors: errors)
    }

    /// Bundles the files; a sandbox that dies meanwhile is started once more.
    ///
    /// - Parameters:
    ///   - files: of the new version.
    ///   - component: the one among them that the model wrote.
    ///   - previous: the component of the version before.
    /// - Returns: the bundler's errors, or our own; none when it succeeded.
    /// - Throws: `SandboxError`, and when the turn is cancelled.
    private func build(
        _ files: [String: String],
        _ component: AnswerFile,
        previous: String?
    ) async throws -> [BuildError] {
        guard let attempt = turn?.attempt else { throw TurnFailure.cancelled }
        let errors = BuildError.own(of: component, previous: previous)
        guard errors.isEmpty else {
            failBuild(errors)
            return errors
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
        let reason = turn?.reason
        let event = turn?.steps.begin(phase, attempt: attempt, reason: reason, repair: repair, at: moment)
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
