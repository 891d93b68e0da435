package import Catalogue
internal import HTTPTypes
package import Hummingbird
internal import NIOCore
internal import Orchestration

/// A refusal, as HTTP answers and RPC errors tell it.
package struct APIError: Error, Sendable {
    package var code: RefusalCode
    /// The code with its numbers and names.
    package var meaning: Meaning
    /// Why a turn or a sandbox failed, where that is the cause.
    package var reason: Meaning?
    package var status: HTTPResponse.Status
    package var headers: HTTPFields

    package init(
        _ code: RefusalCode,
        _ members: [String: Meaning.Value] = [:],
        reason: Meaning? = nil,
        headers: HTTPFields = HTTPFields()
    ) {
        assert(members.keys.allSatisfy(code.members.contains), "a member that the protocol does not name")
        self.code = code
        self.meaning = Meaning(code.rawValue, members)
        self.reason = reason
        self.status = code.status
        self.headers = headers
    }

    /// The refusal that any thrown error stands for; what is not known to us is a 500 without details.
    package init(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as OrchestrationError: self.init(orchestration: error)
        case CatalogueError.full: self.init(.storageFull)
        case let error as HTTPError: self.init(status: error.status)
        case is NIOTooManyBytesError: self = .tooLarge
        default: self.init(.internalError)
        }
    }

    private init(orchestration error: OrchestrationError) {
        switch error {
        case .unknownApp: self.init(.unknownApp)
        case .terminated: self.init(.terminated)
        case .unknownVersion: self.init(.unknownVersion)
        case .unknownPrompt: self.init(.unknownPrompt)
        case .notYours: self.init(.notYours)
        case .promptEmpty: self.init(.promptEmpty)
        case .promptTooLong(let limit): self.init(.promptTooLong, ["limit": .number(limit)])
        case .promptNotText: self.init(.promptNotText)
        case .titleEmpty: self.init(.titleEmpty)
        case .titleTooLong(let limit): self.init(.titleTooLong, ["limit": .number(limit)])
        case .titleNotOneLine: self.init(.titleNotOneLine)
        case .queueFull(let limit): self.init(.queueFull, ["limit": .number(limit)])
        case .nothingRunning: self.init(.nothingRunning)
        case .promptRunning: self.init(.promptRunning)
        case .nothingToRetry: self.init(.nothingToRetry)
        case .nothingToRepair: self.init(.nothingToRepair)
        case .storageFull: self.init(.storageFull)
        case .storage: self.init(.storageError)
        case .asleep: self.init(.appAsleep)
        case .sandboxUnwell(let reason): self.init(.sandboxUnwell, reason: reason)
        case .generationFailed(let reason): self.init(.generationFailed, reason: reason)
        case .shuttingDown: self.init(.shuttingDown)
        case .tooLarge(let limit): self.init(.snapshotTooLarge, ["limit_bytes": .number(Int(clamping: limit))])
        }
    }

    /// What Hummingbird refuses by itself.
    private init(status: HTTPResponse.Status) {
        switch status {
        case .notFound: self = .notFound
        case .contentTooLarge: self = .tooLarge
        case .unsupportedMediaType: self = .unsupportedMediaType
        case .unprocessableContent: self.init(.invalidJSON)
        case .badRequest: self.init(.badRequest)
        default:
            self.init(.httpError, ["status": .number(status.code)])
            self.status = status
        }
    }

    /// Whether the same call may succeed later: 429 and 503.
    var isTemporary: Bool { status == .tooManyRequests || status == .serviceUnavailable }

    /// Seconds for `Retry-After`: those of its headers, else five where the call may succeed later.
    var retryAfter: String? { headers[.retryAfter] ?? (isTemporary ? "5" : nil) }

    /// The sentence of the HTTP answer.
    var message: String { RefusalSentence.text(code, meaning) }

    static let tooLarge = APIError(
        .bodyTooLarge,
        ["limit_bytes": .number(JSONBody.maximumBytes)],
        headers: [.connection: "close"]
    )
    static let notFound = APIError(.notFound)
    static let unsupportedMediaType = APIError(.unsupportedMediaType)

    static func outOfRange(_ member: String, _ range: ClosedRange<Int>) -> APIError {
        let bounds: [String: Meaning.Value] = ["least": .number(range.lowerBound), "most": .number(range.upperBound)]
        return APIError(.outOfRange, bounds.merging(["member": .text(member)]) { $1 })
    }

    static func notOneOf(_ member: String, _ choices: [String]) -> APIError {
        APIError(.notOneOf, ["member": .text(member), "choices": .texts(choices)])
    }

    static func methodNotAllowed(_ allowed: [String]) -> APIError {
        APIError(.methodNotAllowed, headers: [.allow: allowed.joined(separator: ", ")])
    }
}
