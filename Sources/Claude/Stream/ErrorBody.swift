internal import FoundationEssentials

/// The body of an error answer: `{"type":"error","error":{"type","message"},"request_id"}`, or whatever a proxy sends instead.
struct ErrorBody: Sendable, Equatable {
    /// Bytes that are kept; the rest of a longer body is dropped.
    static let maximumBytes = 65_536

    var type: String
    var message: String
    var requestID: String?

    /// Never fails: a body that is not the documented JSON gets the type that belongs to its status and no message.
    init(status: Int, bytes: [UInt8]) {
        let parsed = try? JSONDecoder().decode(Parsed.self, from: Data(bytes))
        type = ServiceText.identifier(parsed?.error?.type) ?? Self.type(ofStatus: status)
        message = ServiceText.clean(parsed?.error?.message ?? "")
        requestID = ServiceText.identifier(parsed?.request_id)
    }

    private struct Parsed: Decodable {
        var error: StreamPayload.Failure?
        var request_id: String?
    }

    private static func type(ofStatus status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 402: "billing_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 408, 504: "timeout_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 503, 529: "overloaded_error"
        case 400..<500: "invalid_request_error"
        default: "api_error"
        }
    }
}
