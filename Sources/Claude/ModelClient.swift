/// A model that streams. `ClaudeClient` is the real one; tests bring their own.
package protocol ModelClient: Sendable {
    /// Starts a request. Nothing is thrown here: errors come from the stream.
    func stream(_ request: MessagesRequest) -> ModelStream
}

/// What a running request says.
package enum ModelEvent: Sendable, Equatable {
    /// The model has begun to answer; input tokens as counted by the service.
    case started(requestID: String?, inputTokens: Int)
    /// A piece of the text.
    case text(String)
    /// An attempt failed before its first token and will be made again after `delay`.
    case retrying(attempt: Int, delay: Duration, reason: ModelError)
    /// The end of a whole answer. Nothing follows.
    case finished(TokenUsage)
}

/// Tokens as the service counted them.
package struct TokenUsage: Sendable, Equatable, Codable {
    package var inputTokens: Int
    package var outputTokens: Int

    package init(inputTokens: Int = 0, outputTokens: Int = 0) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }
}

/// The events of one request, drained in batches: what has come since the last look.
///
/// One consumer. Cancelling the awaiting task, or calling `cancel`, ends the request and frees its connection.
package struct ModelStream: Sendable {
    private let source: any ModelStreamSource

    package init(source: any ModelStreamSource) {
        self.source = source
    }

    /// Everything that is waiting, at least one event; `nil` after the end.
    ///
    /// - Throws: `ModelError` once; nothing follows.
    package func nextBatch() async throws -> [ModelEvent]? {
        try await source.nextBatch()
    }

    package func cancel() {
        source.cancel()
    }
}

/// Where a `ModelStream` comes from.
package protocol ModelStreamSource: Sendable {
    func nextBatch() async throws -> [ModelEvent]?
    func cancel()
}
