internal import Catalogue
internal import Claude
internal import Sandboxes

extension AppSession {
    /// Errors of the running app that are kept; the newest count.
    private static let runtimeErrorLimit = 20

    /// Sends what broke last to the model, as a turn of its own.
    ///
    /// - Returns: as `write`.
    /// - Throws: `OrchestrationError.conflict` when nothing is broken, or a prompt runs or waits.
    func repair(by person: Person) async throws -> (messageID: String, position: Int) {
        try checkOpen()
        guard !isBuilding, reservations == 0 else {
            throw OrchestrationError.conflict("A prompt is running. Try again when it is done.")
        }
        let errors = brokenNow
        guard !errors.isEmpty else { throw OrchestrationError.conflict("There is nothing to repair.") }
        let limit = services.configuration.maximumPromptCharacters
        return try await write(RepairWords.prompt(errors, limit: limit), author: person, isRepair: true)
    }

    /// Notes what the version on show threw in somebody's browser, so that a repair can be told of it.
    ///
    /// Whoever takes reports of browsers calls this; an error that is known already is not noted twice.
    func noteRuntimeError(_ error: BuildError) {
        guard life == .open, versions > 0, !runtimeErrors.contains(error) else { return }
        // The operator is told once a version: what browsers report has no end.
        if runtimeErrors.isEmpty { note(.runtimeError, error.placed) }
        runtimeErrors.append(error)
        if runtimeErrors.count > Self.runtimeErrorLimit { runtimeErrors.removeFirst() }
    }

    /// The errors of the newest build when that failed, else what the version on show threw.
    private var brokenNow: [BuildError] {
        if let lastTurn, lastTurn.outcome == .failed, !lastTurn.errors.isEmpty { return lastTurn.errors }
        return runtimeErrors
    }

    /// The request that mends the newest build, when that failed.
    ///
    /// - Parameter generation: the running one.
    /// - Returns: `nil` when the prompt itself says what broke.
    /// - Throws: `CatalogueError`.
    func repairRequest(after generation: String) async throws -> MessagesRequest? {
        // A failure that was left behind by going back is not what is to be mended.
        guard lastTurn?.outcome == .failed else { return nil }
        let generations = try await services.catalogue.generations(app: id)
        guard let failed = generations.last(where: { $0.id != generation }), failed.outcome == .failed,
            !failed.errors.isEmpty, let code = failed.partialCode
        else { return nil }
        let page = try await services.catalogue.messages(app: id, before: nil, limit: AppChannelState.messageLimit)
        return PromptBuilder.repair(
            code: code,
            errors: failed.errors.map(BuildError.init),
            prompt: page.messages.first { $0.id == failed.messageID }?.content ?? "",
            configuration: services.configuration
        )
    }
}

/// What a repair says in the conversation.
enum RepairWords {
    /// Asks for the errors to be mended, one a line, cut to `limit` characters.
    static func prompt(_ errors: [BuildError], limit: Int) -> String {
        let lines = errors.prefix(PromptBuilder.maximumErrors).map { error in
            error.placed.withoutNull
        }
        let text = (["Fix what broke:"] + lines).joined(separator: "\n")
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
    }
}

extension BuildError {
    /// The text after as much of the place as is known: a browser may know none.
    var placed: String {
        if path.isEmpty { return text }
        let numbers = [line, column].prefix { $0 > 0 }.map { ":\($0)" }
        return "\(path)\(numbers.joined()) \(text)"
    }

    /// As it was kept.
    init(_ record: ErrorRecord) {
        self.init(path: record.path, line: record.line, column: record.column, text: record.text)
    }
}

extension ErrorRecord {
    /// As it is kept.
    init(_ error: BuildError) {
        self.init(path: error.path, line: error.line, column: error.column, text: error.text)
    }
}
