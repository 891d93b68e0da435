internal import Catalogue
internal import Claude
internal import Sandboxes

extension AppSession {
    /// Errors of the running app that are kept; the newest count.
    private static let runtimeErrorLimit = 20

    /// Sends what broke last to the model, as a turn of its own.
    ///
    /// - Returns: as `write`.
    /// - Throws: `OrchestrationError` when nothing is broken, or a prompt runs or waits.
    func repair(by person: Person) async throws -> (messageID: String, position: Int) {
        try checkOpen()
        guard !isBuilding, reservations == 0 else {
            throw OrchestrationError.promptRunning
        }
        let errors = brokenNow
        guard !errors.isEmpty else { throw OrchestrationError.nothingToRepair }
        let limit = services.configuration.maximumPromptCharacters
        let (text, origin) = RepairPrompt.parts(of: errors, limit: limit)
        return try await write(text, author: person, origin: origin)
    }

    /// Notes what the version on show threw in somebody's browser, so that a repair can be told of it.
    ///
    /// Whoever takes reports of browsers calls this; an error that is known already is not noted twice.
    func noteRuntimeError(_ error: BuildError) {
        guard life == .open, versions > 0, !runtimeErrors.contains(error) else { return }
        // The operator is told once a version: what browsers report has no end.
        if runtimeErrors.isEmpty { note(.runtimeError, error) }
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
    /// - Parameters:
    ///   - generation: the running one.
    ///   - currentCode: the component of the newest version; `nil` when there is none.
    /// - Returns: `nil` when the prompt itself says what broke.
    /// - Throws: `CatalogueError`.
    func repairRequest(after generation: String, currentCode: String?) async throws -> MessagesRequest? {
        // A failure that was left behind by going back is not what is to be mended.
        guard lastTurn?.outcome == .failed else { return nil }
        let generations = try await services.catalogue.generations(app: id)
        guard let failed = generations.last(where: { $0.id != generation && $0.outcome != .answered }),
            failed.outcome == .failed, !failed.errors.isEmpty
        else { return nil }
        // Words in place of code are kept in the error.
        guard let answer = failed.partialCode ?? failed.errors.first?.text, !answer.isEmpty else { return nil }
        let page = try await services.catalogue.messages(app: id, before: nil, limit: AppChannelState.messageLimit)
        return PromptBuilder.repair(
            failedAnswer: answer,
            currentCode: currentCode,
            errors: failed.errors.map(BuildError.init),
            prompt: page.messages.first { $0.id == failed.messageID }.map { PromptTurn.message($0).text } ?? "",
            configuration: services.configuration
        )
    }
}

/// What a repair holds in the conversation: what broke, and nothing of ours.
enum RepairPrompt {
    /// Others' words, one error a line, cut to `limit` characters; an error of our own goes by its code.
    static func parts(of errors: [BuildError], limit: Int) -> (text: String, origin: Meaning) {
        let lines = errors.filter { $0.code == nil }.prefix(PromptBuilder.maximumErrors).map(\.placed.withoutNull)
        let text = String.UnicodeScalarView(lines.joined(separator: "\n").unicodeScalars.prefix(limit))
        var members: [String: Meaning.Value] = [:]
        if let own = errors.lazy.compactMap(\.meaning).first {
            members = own.members
            members["error"] = .text(own.code)
        }
        return (String(text), Meaning(.repair, members))
    }
}

extension BuildError {
    /// An error of our own, without its place.
    var meaning: Meaning? {
        guard let code else { return nil }
        var members: [String: Meaning.Value] = [:]
        if !text.isEmpty { members["text"] = .text(text.withoutNull) }
        if let module { members["module"] = .text(module.withoutNull) }
        return Meaning(code.rawValue, members)
    }

    /// The text after as much of the place as is known: a browser may know none.
    var placed: String {
        if path.isEmpty { return text }
        let numbers = [line, column].prefix { $0 > 0 }.map { ":\($0)" }
        return "\(path)\(numbers.joined()) \(text)"
    }

    /// As it was kept.
    init(_ record: ErrorRecord) {
        self.init(path: record.path, line: record.line, column: record.column, text: record.text)
        code = record.code.flatMap(Code.init)
        module = record.module
    }
}

extension ErrorRecord {
    /// As it is kept.
    init(_ error: BuildError) {
        self.init(
            path: error.path,
            line: error.line,
            column: error.column,
            text: error.text,
            code: error.code?.rawValue,
            module: error.module
        )
    }
}
