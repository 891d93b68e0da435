package import Catalogue
internal import Claude
internal import Logging
internal import Sandboxes

/// Why a turn made no version, or why it waits: `error` of messages, steps and generations.
package enum TurnError: String, Sendable, CaseIterable {
    case buildFailed = "build_failed"
    case modelBusy = "model_busy"
    case modelRateLimited = "model_rate_limited"
    case modelKeyRefused = "model_key_refused"
    case modelNoCredit = "model_no_credit"
    case modelNotPermitted = "model_not_permitted"
    case modelNotFound = "model_not_found"
    case modelRequestTooLarge = "model_request_too_large"
    case modelRequestRefused = "model_request_refused"
    case modelTimeout = "model_timeout"
    case modelFailed = "model_failed"
    case modelUnreachable = "model_unreachable"
    case modelSilent = "model_silent"
    case modelConnectionLost = "model_connection_lost"
    case modelAnswerMalformed = "model_answer_malformed"
    case modelDeclined = "model_declined"
    case answerTooLong = "answer_too_long"
    case sandboxUnavailable = "sandbox_unavailable"
    case sandboxFailed = "sandbox_failed"
    case sandboxTimeout = "sandbox_timeout"
    case sandboxDied = "sandbox_died"
    case sandboxBadAnswer = "sandbox_bad_answer"
    case sandboxesFull = "sandboxes_full"
    case codeRefused = "code_refused"
    case storageFull = "storage_full"
    case storageFailed = "storage_failed"
    case interrupted
    /// Of a turn that an earlier server has stored, which kept a sentence.
    case unknown

    /// The names of its numbers and texts.
    package var members: [String] {
        switch self {
        case .buildFailed: ["repairs", "repair_limit"]
        case .sandboxFailed: ["operation", "text"]
        case .sandboxUnavailable, .unknown: ["text"]
        case .modelBusy, .modelRateLimited, .modelKeyRefused, .modelNoCredit, .modelNotPermitted, .modelNotFound,
            .modelRequestTooLarge, .modelRequestRefused, .modelTimeout, .modelFailed, .modelDeclined:
            ["text", "request_id"]
        default: []
        }
    }
}

extension Meaning {
    /// A turn's error.
    package init(_ error: TurnError, _ members: [String: Value] = [:]) {
        assert(members.keys.allSatisfy(error.members.contains), "a member that the protocol does not name")
        self.init(error.rawValue, members)
    }

    /// Characters of the service's own words at most.
    static let serviceTextLimit = 200

    /// What is told of an error of the model, with the service's own words and the name that it gives the request.
    init(_ error: ModelError) {
        var told: [String: Value] = [:]
        let text = error.message.split(whereSeparator: \.isWhitespace).joined(separator: " ").unicodeScalars
        if !text.isEmpty {
            let isLong = text.count > Self.serviceTextLimit
            told["text"] = .text(isLong ? String(text.prefix(Self.serviceTextLimit - 1)) + "…" : String(text))
        }
        told["request_id"] = error.requestID.map(Value.text)
        switch error {
        case .service(let status, let type, _, _, _): self.init(Self.service(status: status, type: type), told)
        case .streamError(let type, _, _): self.init(Self.service(status: 500, type: type), told)
        case .connection: self.init(.modelUnreachable)
        case .idleTimeout: self.init(.modelSilent)
        case .truncated: self.init(.modelConnectionLost)
        case .maximumTokens: self.init(.answerTooLong)
        case .refused: self.init(.modelDeclined, told)
        case .malformed: self.init(.modelAnswerMalformed)
        case .cancelled: self.init(.interrupted)
        }
    }

    /// What a log says of it: its code, others' words and the name of the model's request.
    var logged: Logger.Metadata {
        var metadata: Logger.Metadata = ["error.type": "\(code)"]
        if let text = text("text") { metadata["error.message"] = "\(text)" }
        if let id = text("request_id") { metadata["claude.request_id"] = "\(id)" }
        return metadata
    }

    /// The service names the same errors by status and, in mid-stream, by type alone.
    private static func service(status: Int, type: String) -> TurnError {
        switch (status, type) {
        case (529, _), (503, _), (_, "overloaded_error"): .modelBusy
        case (429, _), (_, "rate_limit_error"): .modelRateLimited
        case (401, _), (_, "authentication_error"): .modelKeyRefused
        case (402, _), (_, "billing_error"): .modelNoCredit
        case (403, _), (_, "permission_error"): .modelNotPermitted
        case (404, _), (_, "not_found_error"): .modelNotFound
        case (413, _), (_, "request_too_large"): .modelRequestTooLarge
        case (408, _), (504, _), (_, "timeout_error"): .modelTimeout
        case (400..<500, _), (_, "invalid_request_error"): .modelRequestRefused
        default: .modelFailed
        }
    }

    /// What is told of an error of a sandbox.
    init(_ error: SandboxError) {
        switch error {
        case .unavailable(let text): self.init(.sandboxUnavailable, ["text": .text(text)])
        case .timeout: self.init(.sandboxTimeout)
        case .died: self.init(.sandboxDied)
        case .badAnswer: self.init(.sandboxBadAnswer)
        case .system(let operation, _, let message):
            self.init(.sandboxFailed, ["operation": .text(operation), "text": .text(message)])
        case .refused: self.init(.codeRefused)
        case .full: self.init(.sandboxesFull)
        }
    }

    /// What is told of an error of the catalogue.
    init(storage error: OrchestrationError) {
        self.init(error == .storageFull ? .storageFull : .storageFailed)
    }
}
