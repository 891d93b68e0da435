/// Why a request failed.
package enum ModelError: Error, Sendable, Equatable {
    /// The service answered with an error status; type and message are its own.
    case service(status: Int, type: String, message: String, requestID: String?, retryAfter: Duration?)
    /// An `error` event in mid-stream (type and message as sent).
    case streamError(type: String, message: String)
    /// No connection: operation, libcurl's code and its text.
    case connection(code: Int32, message: String)
    /// No byte came for the idle time.
    case idleTimeout
    /// The connection ended before the answer did.
    case truncated
    /// The answer reached its token limit.
    case maximumTokens
    /// What came was not the documented stream.
    case malformed(String)
    case cancelled

    /// A sentence for the people watching. Holds no key, address or prompt.
    package var sentence: String { "\(self)" }
}
