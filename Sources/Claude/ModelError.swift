/// Why a request failed.
package enum ModelError: Error, Sendable, Equatable {
    /// The service answered with an error status; type and message are its own.
    case service(status: Int, type: String, message: String, requestID: String?, retryAfter: Duration?)
    /// An `error` event in mid-stream (type and message as sent), or an error that came with status 200.
    case streamError(type: String, message: String, requestID: String? = nil)
    /// No connection: libcurl's code and its text.
    case connection(code: Int32, message: String)
    /// No byte came for the idle time.
    case idleTimeout
    /// The connection ended before the answer did.
    case truncated
    /// The answer reached its token limit.
    case maximumTokens
    /// The model would not answer (`refusal`); why, as the service explains it, or nothing.
    case refused(explanation: String = "", requestID: String? = nil)
    /// What came was not the documented stream.
    case malformed(String)
    case cancelled

    /// A short `snake_case` name for logs and metrics.
    package var name: String {
        switch self {
        case .service(_, let type, _, _, _): type
        case .streamError(let type, _, _): type
        case .connection: "connection"
        case .idleTimeout: "idle_timeout"
        case .truncated: "truncated"
        case .maximumTokens: "maximum_tokens"
        case .refused: "refused"
        case .malformed: "malformed"
        case .cancelled: "cancelled"
        }
    }

    /// The service's own words, cleaned and without keys; empty where it said nothing.
    package var message: String {
        switch self {
        case .service(_, _, let message, _, _), .streamError(_, let message, _), .refused(let message, _): message
        default: ""
        }
    }

    /// What the service calls the request, where it said so with the error.
    package var requestID: String? {
        switch self {
        case .service(_, _, _, let id, _), .streamError(_, _, let id), .refused(_, let id): id
        default: nil
        }
    }
}
