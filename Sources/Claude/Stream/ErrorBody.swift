internal import FoundationEssentials

/// The body of an error answer: `{"type":"error","error":{"type","message"},"request_id"}`, or whatever a proxy sends instead.
struct ErrorBody: Sendable, Equatable {
    /// Bytes that are kept; the rest of a longer body is dropped.
    static let maximumBytes = 65_536

    var type: String
    var message: String
    var requestID: String?

    /// Never fails: a body that is not the documented JSON gets the type that belongs to its status, and the words that it has.
    ///
    /// - Parameters:
    ///   - status: the answer's.
    ///   - bytes: the body.
    ///   - isText: whether the body is plain text by its media type.
    ///   - secrets: what the message may not repeat.
    init(status: Int, bytes: [UInt8], isText: Bool = false, secrets: [Secret] = []) {
        let parsed = try? JSONDecoder().decode(Parsed.self, from: Data(bytes))
        let text = isText && parsed == nil ? String(decoding: bytes, as: UTF8.self) : ""
        type = ServiceText.identifier(parsed?.error?.type) ?? Self.type(ofStatus: status)
        message = ServiceText.clean(parsed?.error?.message ?? parsed?.message ?? text, hiding: secrets)
        requestID = ServiceText.identifier(parsed?.request_id)
    }

    /// Members of other kinds are left out: the rest still tells something.
    private struct Parsed: Decodable {
        var error: StreamPayload.Failure?
        /// `message`, or `detail`.
        var message: String?
        var request_id: String?

        private enum Key: CodingKey { case error, message, detail, request_id }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            error = try? members.decode(StreamPayload.Failure.self, forKey: .error)
            message =
                (try? members.decode(String.self, forKey: .message))
                ?? (try? members.decode(String.self, forKey: .detail))
            request_id = try? members.decode(String.self, forKey: .request_id)
        }
    }

    /// The type that belongs to a status.
    static func type(ofStatus status: Int) -> String {
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
