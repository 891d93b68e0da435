/// Where the model is reached and how patient the client is.
///
/// The environment is read by the command line alone.
package struct ClaudeConfiguration: Sendable, Equatable {
    /// With or without `/v1` at its end; `http` or `https`.
    package var baseURL = "https://api.anthropic.com"
    /// The key in the header `x-api-key`.
    package var apiKey: Secret?
    /// The token in the header `Authorization`; sent beside a key that is set too, as Anthropic's own SDKs do.
    package var authToken: Secret?
    /// The header `anthropic-version`.
    package var version = "2023-06-01"
    /// Time for the name, the connection and the TLS handshake together; 10 s by default.
    package var connectTimeout: Duration = .seconds(10)
    /// Time without a single byte after which an answer counts as stalled; 60 s by default.
    ///
    /// A transfer that waits for its own reader does not count.
    package var idleTimeout: Duration = .seconds(60)
    /// Time for the connection to end by itself after the last event, so that it can be used again, and for the last event after
    /// the stop reason; 2 s by default.
    package var lingerTimeout: Duration = .seconds(2)
    /// Attempts after the first, before the first token; 3 by default.
    package var maximumRetries = 3
    /// The first wait's upper bound, doubled with each retry; 500 ms by default.
    package var backoffBase: Duration = .milliseconds(500)
    /// The upper bound of any wait that we choose; 8 s by default.
    package var backoffCeiling: Duration = .seconds(8)
    /// The longest `retry-after` that is obeyed; a longer one is cut to this.
    ///
    /// 60 s by default.
    package var retryAfterCeiling: Duration = .seconds(60)
    /// Events of one stream that may wait for their reader before its transfer pauses; 64 KiB by default.
    package var maximumQueuedBytes = 65_536
    /// One line or one event of the stream, in bytes; 1 MiB by default.
    package var maximumEventBytes = 1_048_576

    package init() {}

    /// What no error and no log may repeat.
    var secrets: [Secret] { [apiKey, authToken].compactMap(\.self) }
}

/// Why a client cannot be made from its configuration.
package enum ClaudeConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The base URL is not an `http` or `https` URL with a host, or has a user, a query or a fragment.
    case invalidBaseURL
    /// A key or token is empty or has characters that a header cannot carry.
    case invalidKey
    /// libcurl could not be set up.
    case unavailable(operation: String, code: Int, message: String)

    package var description: String {
        switch self {
        case .invalidBaseURL:
            "The model's base URL must be http or https with a host, without a user, query or fragment."
        case .invalidKey: "The model's key is empty or has characters that a header cannot carry."
        case .unavailable(let operation, let code, let message): "\(operation) failed with \(code): \(message)"
        }
    }
}
