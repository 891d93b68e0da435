internal import Catalogue
internal import HTTPTypes
package import Hummingbird
internal import NIOCore
internal import Orchestration

/// A refusal, as HTTP answers and RPC errors tell it.
package struct APIError: Error, Sendable {
    package var status: HTTPResponse.Status
    /// `snake_case`, for programs.
    package var code: String
    /// A sentence for a person.
    package var message: String
    package var headers: HTTPFields

    package init(_ status: HTTPResponse.Status, _ code: String, _ message: String, headers: HTTPFields = HTTPFields()) {
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers
    }

    /// The refusal that any thrown error stands for; what is not known to us is a 500 without details.
    package init(_ error: any Error) {
        switch error {
        case let error as APIError:
            self = error
        case let error as OrchestrationError:
            self.init(Self.status(error.httpStatus), error.code, error.message)
        case CatalogueError.full:
            self.init(OrchestrationError.storageFull)
        case let error as HTTPError:
            self.init(error.status, Self.code(for: error.status), error.body ?? error.status.reasonPhrase)
        case is NIOTooManyBytesError:
            self = .tooLarge
        default:
            self.init(.internalServerError, "internal_error", "Something went wrong on the server.")
        }
    }

    /// Whether the same call may succeed later: 429 and 503.
    var isTemporary: Bool { status == .tooManyRequests || status == .serviceUnavailable }

    /// Seconds for `Retry-After`: those of its headers, else five where the call may succeed later.
    var retryAfter: String? { headers[.retryAfter] ?? (isTemporary ? "5" : nil) }

    static let tooLarge = APIError(
        .contentTooLarge,
        "body_too_large",
        "A request's body holds 1 MiB at most.",
        headers: [.connection: "close"]
    )
    static let notFound = APIError(.notFound, "not_found", "There is nothing at this address.")
    static let unsupportedMediaType = APIError(
        .unsupportedMediaType,
        "unsupported_media_type",
        "Send the body as application/json."
    )

    static func invalid(_ message: String) -> APIError {
        APIError(.unprocessableContent, "invalid", message)
    }

    static func methodNotAllowed(_ allowed: [String]) -> APIError {
        APIError(
            .methodNotAllowed,
            "method_not_allowed",
            "This address does not take that method.",
            headers: [.allow: allowed.joined(separator: ", ")]
        )
    }

    private static func status(_ code: Int) -> HTTPResponse.Status {
        code == 507
            ? HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage") : HTTPResponse.Status(code: code)
    }

    private static func code(for status: HTTPResponse.Status) -> String {
        switch status {
        case .notFound: "not_found"
        case .contentTooLarge: "body_too_large"
        case .unsupportedMediaType: "unsupported_media_type"
        case .unprocessableContent: "invalid"
        case .badRequest: "bad_request"
        default: "http_\(status.code)"
        }
    }
}
