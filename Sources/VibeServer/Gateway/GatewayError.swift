/// Why an exchange with a sandbox failed.
enum GatewayError: Error, Sendable, Equatable {
    /// Nothing listens on its socket.
    case unreachable
    /// It did not answer within the deadline.
    case timeout
    /// Its answer ended before it was whole.
    case endedEarly
    /// Its answer is not HTTP, or its head is too long.
    case malformed
    /// It answered 101 to a request that asked for no upgrade, or not 101 to one that did.
    case badUpgrade

    /// 502, or 504 for a timeout.
    var refusal: APIError {
        switch self {
        case .timeout: APIError(.previewTimeout)
        case .unreachable, .endedEarly, .malformed, .badUpgrade: APIError(.previewFailed)
        }
    }
}
