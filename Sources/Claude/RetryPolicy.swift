internal import CCurl

/// Which failures are tried again, and after how long.
struct RetryPolicy: Sendable {
    var maximumRetries: Int
    var base: Duration
    var ceiling: Duration
    var retryAfterCeiling: Duration

    init(_ configuration: ClaudeConfiguration) {
        maximumRetries = max(0, configuration.maximumRetries)
        ceiling = max(.zero, min(configuration.backoffCeiling, .seconds(3_600)))
        base = max(.zero, min(configuration.backoffBase, ceiling))
        retryAfterCeiling = max(.zero, configuration.retryAfterCeiling)
    }

    /// Whether the failure may pass by itself.
    ///
    /// Only to be asked before the first token.
    func isTransient(_ error: ModelError) -> Bool {
        switch error {
        case .service(let status, _, _, _, _): [408, 409, 429, 500, 502, 503, 504, 529].contains(status)
        case .streamError(let type, _, _):
            ["overloaded_error", "api_error", "rate_limit_error", "timeout_error"].contains(type)
        case .connection(let code, _): !Self.lastingCodes.contains(code)
        case .idleTimeout, .truncated: true
        case .maximumTokens, .refused, .malformed, .cancelled: false
        }
    }

    /// libcurl's codes that the next attempt would meet again: wrong set-up and certificates that cannot be trusted.
    private static let lastingCodes: Set<Int32> = [
        CURLE_UNSUPPORTED_PROTOCOL, CURLE_FAILED_INIT, CURLE_URL_MALFORMAT, CURLE_OUT_OF_MEMORY, CURLE_UNKNOWN_OPTION,
        CURLE_SSL_CERTPROBLEM, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
    ].reduce(into: []) { $0.insert(Int32($1.rawValue)) }

    /// The wait before the next attempt.
    ///
    /// Exponential backoff with full jitter, at least as long as the service asked for.
    ///
    /// - Parameters:
    ///   - error: why the attempt failed.
    ///   - advice: the service's own word on errors of its own, which outweighs ours (`x-should-retry`).
    ///   - retries: how often was retried already.
    ///   - generator: gives the jitter.
    /// - Returns: `nil` when there is to be no other attempt.
    func delay(
        after error: ModelError,
        advice: Bool? = nil,
        retries: Int,
        using generator: inout some RandomNumberGenerator
    ) -> Duration? {
        let isWorthwhile =
            switch error {
            case .service, .streamError: advice ?? isTransient(error)
            default: isTransient(error)
            }
        guard isWorthwhile, retries < maximumRetries else { return nil }
        let bound = min(ceiling, base * (1 << min(retries, 20)))
        // 53 bits from 0 to 1. `Double.random` would draw again and again from a generator that repeats itself.
        let jittered = bound * (Double(generator.next() >> 11) / Double(1 << 53))
        guard case .service(_, _, _, _, .some(let asked)) = error else { return jittered }
        return max(jittered, min(asked, retryAfterCeiling))
    }
}
