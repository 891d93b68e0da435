internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// An error as the Messages API documents it: a status, a type and a sentence.
struct APIError: Error, Equatable {
    /// The HTTP status.
    var status: Int
    /// The documented error type, as `invalid_request_error`.
    var type: String
    /// A sentence for a person.
    var message: String
    /// Whole seconds for the `retry-after` header.
    var retryAfter: Int?

    /// 400: the request's form or content is wrong.
    static func invalid(_ message: String, status: Int = 400) -> Self {
        Self(status: status, type: "invalid_request_error", message: message)
    }

    /// 401: no key and no token.
    static let authentication = Self(
        status: 401,
        type: "authentication_error",
        message: "x-api-key header is required"
    )

    /// 401: a key or token that is not the right one.
    static let wrongKey = Self(status: 401, type: "authentication_error", message: "invalid x-api-key")

    /// 404: nothing lives at this path.
    static let notFound = Self(status: 404, type: "not_found_error", message: "Not found")

    /// 413: the body is longer than 32 MB.
    static let tooLarge = Self(
        status: 413,
        type: "request_too_large",
        message: "Request exceeds the maximum size of 32 MB"
    )

    /// 429: too many requests; come back in a second.
    static let rateLimit = Self(
        status: 429,
        type: "rate_limit_error",
        message: "This request would exceed your organization's rate limit of 50 requests per minute.",
        retryAfter: 1
    )

    /// 529: the service is overloaded.
    static let overloaded = Self(status: 529, type: "overloaded_error", message: "Overloaded")

    /// 500: the service failed.
    static let internalError = Self(status: 500, type: "api_error", message: "Internal server error")

    /// The answer that carries this error.
    func response(requestID: String) -> Response {
        var buffer = ByteBuffer()
        buffer.writeString(#"{"type":"error","error":{"type":"#)
        buffer.writeJSON(type)
        buffer.writeString(#","message":"#)
        buffer.writeJSON(message)
        buffer.writeString(#"},"request_id":"#)
        buffer.writeJSON(requestID)
        buffer.writeString("}")
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.requestID] = requestID
        if let retryAfter { headers[.retryAfter] = "\(retryAfter)" }
        return Response(
            status: .init(code: status),
            headers: headers,
            body: .init(byteBuffer: buffer)
        )
    }
}
