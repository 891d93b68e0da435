/// Why a request failed.
package enum ModelError: Error, Sendable, Equatable {
    /// The service answered with an error status; type and message are its own.
    case service(status: Int, type: String, message: String, requestID: String?, retryAfter: Duration?)
    /// An `error` event in mid-stream (type and message as sent).
    case streamError(type: String, message: String)
    /// No connection: libcurl's code and its text.
    case connection(code: Int32, message: String)
    /// No byte came for the idle time.
    case idleTimeout
    /// The connection ended before the answer did.
    case truncated
    /// The answer reached its token limit.
    case maximumTokens
    /// The model would not answer (`refusal`).
    case refused
    /// What came was not the documented stream.
    case malformed(String)
    case cancelled

    /// A short `snake_case` name for logs and metrics.
    package var name: String {
        switch self {
        case .service(_, let type, _, _, _): type
        case .streamError(let type, _): type
        case .connection: "connection"
        case .idleTimeout: "idle_timeout"
        case .truncated: "truncated"
        case .maximumTokens: "maximum_tokens"
        case .refused: "refused"
        case .malformed: "malformed"
        case .cancelled: "cancelled"
        }
    }
}
