internal import struct Foundation.Date
internal import Catalogue
internal import Claude
internal import Logging
internal import Sandboxes

extension AppSession {
    /// How a turn ended, in all its forms.
    private struct Verdict {
        var outcome: GenerationFinished.Outcome
        /// The files of the new version.
        var files: [String: String]?
        /// What the model said in place of code, which takes the place of the explanation.
        var words: String?
        /// Why there is no version; `nil` for a success, an answer and a stop.
        var error: Meaning?
        var stoppedBy: Person?
        var errors: [BuildError] = []
    }

    /// Ends the turn: stores the outcome, then publishes it in the order of the protocol, `generation.finished` last.
    func settle(_ result: Result<TurnProduct, TurnFailure>) async {
        turn?.isSettling = true
        publishTokens()
        guard let turn else { return }
        let verdict = verdict(of: result, ending: turn.ending)
        if verdict.outcome == .failed, case .failure(let failure) = result { note(failure) }
        let number = verdict.files == nil ? nil : versions + 1
        let now = services.time.date()
        let record = record(turn, verdict, number, at: now)
        var message = MessageRecord(
            id: Identifier.message(at: now),
            appID: id,
            role: .assistant,
            content: verdict.words ?? turn.chatText.trimmed,
            authorID: turn.prompt.authorID,
            authorName: turn.prompt.authorName,
            createdAt: now,
            version: number
        )
        if number == nil { message.outcome = record.outcome }
        message.error = verdict.error
        message.stoppedBy = verdict.stoppedBy.map { AuthorRecord(userID: $0.userID, name: $0.name) }
        let isStored = await store(record, message, version(turn, verdict, number, at: now))
        if isStored, let number {
            versions = number
            runtimeErrors = []
        }
        publishEnd(isStored ? verdict : unstored, isStored: isStored, message: message, record: record)
        if !isStored || verdict.files == nil { await takeBackCode(didEdit: turn.didEdit) }
        if let number, isStored, number == versions { await storeRunning(box.isRunning) }
        services.idle.visited(id)
        wantStill()
    }

    private func verdict(of result: Result<TurnProduct, TurnFailure>, ending: TurnState.Ending?) -> Verdict {
        switch (ending, result) {
        case (.stopped(let person), _):
            return Verdict(outcome: .stopped, stoppedBy: person)
        case (.terminated, _):
            return Verdict(outcome: .stopped)
        case (.interrupted, _):
            return Verdict(outcome: .interrupted, error: Meaning(.interrupted))
        case (nil, .success(.files(let files))):
            return Verdict(outcome: .succeeded, files: files)
        case (nil, .success(.answer(let words))):
            return Verdict(outcome: .answered, words: words)
        case (nil, .failure(let failure)):
            let words = failure.isRefusal ? turn?.refusal ?? "" : nil
            return Verdict(outcome: .failed, words: words, error: failure.meaning, errors: failure.errors)
        }
    }

    /// How a turn ended whose end could not be stored before the session closed.
    private var unstored: Verdict {
        life == .terminated ? Verdict(outcome: .stopped) : Verdict(outcome: .interrupted, error: Meaning(.interrupted))
    }

    private func record(_ turn: TurnState, _ verdict: Verdict, _ number: Int?, at now: Date) -> GenerationRecord {
        var record = turn.record
        record.outcome = GenerationRecord.Outcome(verdict.outcome)
        record.stoppedBy = verdict.stoppedBy?.wireName
        record.error = verdict.error
        record.errors = verdict.errors.map(ErrorRecord.init)
        record.version = number
        record.inputTokens = turn.usage.inputTokens
        record.outputTokens = turn.usage.outputTokens
        record.finishedAt = now
        record.partialCode = verdict.files == nil && verdict.outcome != .answered ? turn.partialCode : nil
        return record
    }

    private func version(_ turn: TurnState, _ verdict: Verdict, _ number: Int?, at now: Date) -> VersionRecord? {
        guard let number, let files = verdict.files else { return nil }
        var version = VersionRecord(
            appID: id,
            number: number,
            prompt: turn.prompt.text,
            authorID: turn.prompt.authorID,
            authorName: turn.prompt.authorName,
            createdAt: now,
            files: files
        )
        version.origin = turn.prompt.origin
        version.generationID = turn.record.id
        version.model = turn.record.model
        version.inputTokens = turn.usage.inputTokens
        version.outputTokens = turn.usage.outputTokens
        return version
    }

    /// Stores the end of the turn.
    ///
    /// A disk that is full does not lose the work: it is tried again until there is room.
    ///
    /// - Returns: false when the session closed before that; the next start marks the turn as interrupted.
    private func store(_ record: GenerationRecord, _ message: MessageRecord, _ version: VersionRecord?) async -> Bool {
        var delay = Duration.seconds(1)
        while true {
            do {
                try await services.catalogue.finishGeneration(record, message: message, version: version)
                return true
            } catch {
                let error = OrchestrationError(error)
                logger.error("Could not store the end of a turn", metadata: ["error": "\(error)"])
                firstVersion.resolve(.failure(error))
                firstVersion = OneShot()
                guard life == .open else { return false }
                publishWaiting(error, delay: delay)
                await pause(delay)
                guard life == .open else { return false }
                delay = min(delay * 2, .seconds(30))
            }
        }
    }

    private func publishWaiting(_ error: OrchestrationError, delay: Duration) {
        let moment = moment
        var event = BuildEvent(
            phase: view.phase,
            state: .started,
            attempt: turn?.attempt ?? 1,
            startedAt: moment.timestamp,
            elapsed: 0
        )
        event.error = Meaning(storage: error)
        event.retryIn = delay.milliseconds
        publish(.build(event))
    }

    private func publishEnd(_ verdict: Verdict, isStored: Bool, message: MessageRecord, record: GenerationRecord) {
        guard let done = turn?.done, let attempt = turn?.attempt, let began = turn?.began else { return }
        let events = turn?.steps.failAll(verdict.error, at: moment) ?? []
        for event in events { publish(.build(event)) }
        publishStatus()
        if let number = message.version, isStored {
            publish(.preview(PreviewView(url: services.previewURL(id), version: number)))
        }
        publishLastStep(verdict, attempt: attempt)
        if isStored { publish(.message(MessageView(message))) }
        // What broke before a question is as broken after it.
        if verdict.outcome != .answered {
            lastTurn = AppSeed.LastTurn(
                text: turn?.prompt.text ?? "",
                origin: turn?.prompt.origin,
                outcome: GenerationRecord.Outcome(verdict.outcome),
                error: verdict.error,
                errors: verdict.errors
            )
        }
        turn = nil
        publish(
            .generationFinished(
                GenerationFinished(
                    generation: record.id,
                    outcome: verdict.outcome,
                    stoppedBy: isStored ? record.stoppedBy : nil,
                    version: isStored ? message.version : nil,
                    inputTokens: record.inputTokens,
                    outputTokens: record.outputTokens,
                    error: verdict.error
                )
            )
        )
        if versions > 0, !box.isRunning { publishAsleep() }
        if versions > 0 {
            firstVersion.resolve(.success(.live))
        } else if verdict.outcome == .answered {
            firstVersion.resolve(.success(.answered))
            firstVersion = OneShot()
        } else {
            firstVersion.resolve(.failure(OrchestrationError.generationFailed(verdict.error)))
            firstVersion = OneShot()
        }
        services.meter.ended(verdict.outcome, after: services.time.now() - began)
        done.resolve()
        var metadata: Logger.Metadata = ["generation.outcome": "\(verdict.outcome.rawValue)"]
        metadata.merge(verdict.error?.logged ?? [:]) { $1 }
        logger.info("Turn ended", metadata: metadata)
    }

    /// `live` after a success, and after an answer, stop or cut when there is a version; `answered` after an answer without
    /// one; `failed` otherwise.
    private func publishLastStep(_ verdict: Verdict, attempt: Int) {
        if verdict.outcome == .succeeded || verdict.outcome != .failed && versions > 0 {
            publishLive()
            return
        }
        let moment = moment
        let isAnswer = verdict.outcome == .answered
        var event = BuildEvent(
            phase: isAnswer ? .answered : .failed,
            state: isAnswer ? .done : .failed,
            attempt: attempt,
            startedAt: moment.timestamp,
            elapsed: 0
        )
        event.error = verdict.error
        event.errors = verdict.errors
        publish(.build(event))
    }

    /// Gives the sandbox the newest version's files again; without a version it is stopped.
    private func takeBackCode(didEdit: Bool) async {
        guard life == .open else { return }
        guard versions > 0 else {
            await stopSandbox()
            return
        }
        guard didEdit, let sandbox = box.running else { return }
        do {
            guard let version = try await services.catalogue.version(app: id, number: nil) else { return }
            if case .failed = try await edit(sandbox, files: version.files) {
                logger.warning("The newest version no longer builds")
            }
        } catch {
            logger.warning("Sandbox is stopped, as its code could not be taken back", metadata: ["error": "\(error)"])
            await stopSandbox()
            publishStatus()
            publishAsleep()
        }
    }
}

extension Person {
    /// The user's id, or the name of somebody who named no user.
    fileprivate var wireName: String { userID.isEmpty ? name : userID }
}

extension GenerationRecord.Outcome {
    fileprivate init(_ outcome: GenerationFinished.Outcome) {
        switch outcome {
        case .succeeded: self = .succeeded
        case .answered: self = .answered
        case .failed: self = .failed
        case .stopped: self = .stopped
        case .interrupted: self = .interrupted
        }
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
