internal import CCurl
internal import CurlShims
package import Logging
internal import Synchronization

/// Streams answers of the Messages API.
///
/// All requests of a client share one thread, its connections and, over TLS, HTTP/2. Before the first token a failed request is
/// tried again; afterwards nothing is. A reader that does not drain its stream holds its transfer up.
///
/// ```swift
/// let client = try ClaudeClient(configuration: configuration, logger: logger)
/// let stream = client.stream(request)
/// while let events = try await stream.nextBatch() { … }
/// await client.shutdown()
/// ```
///
/// A client that is let go ends its thread when its last stream is gone too; `shutdown` ends both at once.
package final class ClaudeClient: ModelClient {
    private let engine: TransferEngine

    /// Starts the client's thread.
    ///
    /// Nothing is connected yet.
    ///
    /// - Parameters:
    ///   - configuration: where the model is, and limits.
    ///   - generator: gives the jitter of retries.
    ///   - logger: gets request ids, statuses and error names; never keys, prompts or tokens.
    /// - Throws: `ClaudeConfigurationError`.
    package init(
        configuration: ClaudeConfiguration,
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        logger: Logger
    ) throws {
        engine = try TransferEngine(configuration: configuration, generator: generator, logger: logger)
    }

    /// Starts a request.
    ///
    /// Its errors, a client that was shut down included, come from the stream.
    package func stream(_ request: MessagesRequest) -> ModelStream {
        ModelStream(source: engine.start(request))
    }

    /// Ends all requests as cancelled, closes the connections, and returns when the thread has ended.
    ///
    /// May be called again.
    package func shutdown() async {
        await engine.shutdown()
    }
}
