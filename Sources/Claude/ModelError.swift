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

    /// A sentence for the people watching.
    ///
    /// Holds no key, address or prompt.
    package var sentence: String {
        switch self {
        case .service(let status, let type, _, _, _): Self.sentence(status: status, type: type)
        case .streamError(let type, _): Self.sentence(status: 500, type: type)
        case .connection: "The model could not be reached."
        case .idleTimeout: "The model stopped answering."
        case .truncated: "The connection to the model was lost."
        case .maximumTokens: "The answer was longer than the model may write. Ask for something smaller."
        case .refused: "The model declined to answer this. Ask for it in other words."
        case .malformed: "The model's answer could not be understood."
        case .cancelled: "The request was stopped."
        }
    }

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

    /// The service names the same errors by status and, in mid-stream, by type alone.
    private static func sentence(status: Int, type: String) -> String {
        switch (status, type) {
        case (529, _), (503, _), (_, "overloaded_error"): "The model is busy."
        case (429, _), (_, "rate_limit_error"): "The model gets too many requests at the moment. Try again in a minute."
        case (401, _), (_, "authentication_error"): "The API key of this server was refused."
        case (402, _), (_, "billing_error"): "The model account of this server has no credit left."
        case (403, _), (_, "permission_error"): "The API key of this server may not use this model."
        case (404, _), (_, "not_found_error"): "The model that this server asks for was not found."
        case (413, _), (_, "request_too_large"): "The request was too large for the model."
        case (408, _), (504, _), (_, "timeout_error"): "The model took too long to answer."
        case (400..<500, _), (_, "invalid_request_error"): "The model did not accept the request."
        default: "The model's service had an error."
        }
    }
}
