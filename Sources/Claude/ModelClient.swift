/// A model that streams.
///
/// `ClaudeClient` is the real one; tests bring their own.
package protocol ModelClient: Sendable {
    /// Starts a request.
    ///
    /// Nothing is thrown here: errors come from the stream.
    func stream(_ request: MessagesRequest) -> ModelStream
}

/// What a running request says.
package enum ModelEvent: Sendable, Equatable {
    /// The model has begun to answer; input tokens as counted by the service.
    ///
    /// Comes again when an attempt that had begun failed before its first token.
    case started(requestID: String?, inputTokens: Int)
    /// A piece of the text, never empty.
    case text(String)
    /// Attempt number `attempt` (from 1) failed before its first token; the next one is made after `delay`.
    case retrying(attempt: Int, delay: Duration, reason: ModelError)
    /// The end of a whole answer.
    ///
    /// Nothing follows.
    case finished(TokenUsage)
}

/// Tokens as the service counted them; input includes what was written to and read from its prompt cache.
package struct TokenUsage: Sendable, Equatable, Codable {
    package var inputTokens: Int
    package var outputTokens: Int

    package init(inputTokens: Int = 0, outputTokens: Int = 0) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }

    /// Adds what was counted for another answer; a sum that is too large stays at the largest number.
    package mutating func add(_ other: TokenUsage) {
        inputTokens = Self.sum(inputTokens, other.inputTokens)
        outputTokens = Self.sum(outputTokens, other.outputTokens)
    }

    private static func sum(_ one: Int, _ other: Int) -> Int {
        let (sum, overflow) = one.addingReportingOverflow(max(0, other))
        return overflow ? .max : sum
    }
}

/// The events of one request, drained in batches: what has come since the last look.
///
/// One consumer. Cancelling the awaiting task, calling `cancel`, or letting go of the stream ends the request and frees its
/// connection.
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

    /// Ends the request.
    ///
    /// What was not drained yet is dropped; the next `nextBatch` throws `ModelError.cancelled`.
    package func cancel() {
        source.cancel()
    }

    /// Tokens counted so far, also of an answer that failed.
    package var usage: TokenUsage { source.usage }
}

/// Where a `ModelStream` comes from.
package protocol ModelStreamSource: Sendable {
    func nextBatch() async throws -> [ModelEvent]?
    func cancel()
    /// Tokens counted so far; zero unless the source knows better.
    var usage: TokenUsage { get }
}

extension ModelStreamSource {
    package var usage: TokenUsage { TokenUsage() }
}
