/// Why a call was refused; each maps to an HTTP status and an RPC error code.
package enum OrchestrationError: Error, Sendable, Equatable {
    case unknownApp
    case terminated
    case unknownVersion
    /// No such prompt waits.
    case unknownPrompt
    /// Who calls may not do that.
    case forbidden(String)
    /// The prompt or title is empty or too long; the sentence says which and the limit.
    case invalid(String)
    /// The app's queue is full.
    case queueFull(limit: Int)
    /// Nothing to stop, to retry, to repair, or to take back.
    case conflict(String)
    /// The disk is full: nothing was stored.
    case storageFull
    case storage(String)
    /// The sandbox does not answer.
    case sandboxUnavailable(String)
    /// A generation that was waited for did not succeed.
    case generationFailed(String)
    case shuttingDown
    /// The app's folder holds more than a snapshot may.
    case tooLarge(limitBytes: UInt64)

    /// 403, 404, 409, 410, 413, 422, 429, 500, 502, 503 or 507.
    package var httpStatus: Int {
        switch self {
        case .forbidden: 403
        case .unknownApp, .unknownVersion, .unknownPrompt: 404
        case .conflict: 409
        case .terminated: 410
        case .tooLarge: 413
        case .invalid: 422
        case .queueFull: 429
        case .storage: 500
        case .generationFailed: 502
        case .sandboxUnavailable, .shuttingDown: 503
        case .storageFull: 507
        }
    }

    /// A `snake_case` code for programs.
    package var code: String {
        switch self {
        case .unknownApp: "unknown_app"
        case .unknownVersion: "unknown_version"
        case .unknownPrompt: "unknown_prompt"
        case .forbidden: "permission_denied"
        case .conflict: "conflict"
        case .terminated: "terminated"
        case .invalid: "invalid"
        case .queueFull: "queue_full"
        case .storage: "storage_error"
        case .generationFailed: "generation_failed"
        case .sandboxUnavailable: "sandbox_unavailable"
        case .shuttingDown: "shutting_down"
        case .storageFull: "storage_full"
        case .tooLarge: "snapshot_too_large"
        }
    }

    /// A sentence for a person.
    package var message: String {
        switch self {
        case .unknownApp: "There is no app with this id."
        case .unknownVersion: "The app has no such version."
        case .unknownPrompt: "No such prompt is waiting. It may have begun already."
        case .conflict(let text), .invalid(let text), .forbidden(let text): text
        case .terminated: "This app has been ended."
        case .queueFull(1): "A prompt is waiting already. Try again when it is done."
        case .queueFull(let limit): "\(limit) prompts are waiting already. Try again when one is done."
        case .storage: "The server could not read or store this."
        case .generationFailed(let text): text
        case .sandboxUnavailable(let text): text
        case .shuttingDown: "The server is restarting. Your work is kept."
        case .storageFull: "The server's disk is full. Nothing was stored."
        case .tooLarge(let limit): "The app's folder is too large: a snapshot holds \(limit >> 20) MiB at most."
        }
    }
}
