package import HTTPTypes

/// What a call is refused with: `code` of HTTP errors, and of the `reason` of RPC errors.
package enum RefusalCode: String, Sendable, CaseIterable {
    // What is asked for is not there, or not any more.
    case unknownApp = "unknown_app"
    case unknownVersion = "unknown_version"
    case unknownPrompt = "unknown_prompt"
    case noStill = "no_still"
    case notFound = "not_found"
    case terminated
    // Who calls may not.
    case notYours = "not_yours"
    case wrongAdminSecret = "wrong_admin_secret"
    case adminDisabled = "admin_disabled"
    case unknownHost = "unknown_host"
    case originNotAllowed = "origin_not_allowed"
    case permissionDenied = "permission_denied"
    case invalidToken = "invalid_token"
    // Not now.
    case nothingRunning = "nothing_running"
    case promptRunning = "prompt_running"
    case nothingToRetry = "nothing_to_retry"
    case nothingToRepair = "nothing_to_repair"
    case queueFull = "queue_full"
    case tooManyRequests = "too_many_requests"
    case tooManyConnections = "too_many_connections"
    case tooManyConnectionsOfAddress = "too_many_connections_of_address"
    // What is sent is not what it should be.
    case promptEmpty = "prompt_empty"
    case promptTooLong = "prompt_too_long"
    case promptNotText = "prompt_not_text"
    case titleEmpty = "title_empty"
    case titleTooLong = "title_too_long"
    case titleNotOneLine = "title_not_one_line"
    case missingBody = "missing_body"
    case invalidJSON = "invalid_json"
    case notAnObject = "not_an_object"
    case repeatedMember = "repeated_member"
    case missingMember = "missing_member"
    case wrongType = "wrong_type"
    case outOfRange = "out_of_range"
    case notOneOf = "not_one_of"
    case badName = "bad_name"
    case badQuery = "bad_query"
    case repeatedParameter = "repeated_parameter"
    case badChannels = "bad_channels"
    case tooManyChannels = "too_many_channels"
    // The request is not one that is taken here.
    case badRequest = "bad_request"
    case badHost = "bad_host"
    case badTarget = "bad_target"
    case badHeader = "bad_header"
    case badLength = "bad_length"
    case badUpgrade = "bad_upgrade"
    case upgradeOnUsedConnection = "upgrade_on_used_connection"
    case protocolNotSupported = "protocol_not_supported"
    case methodNotAllowed = "method_not_allowed"
    case unsupportedMediaType = "unsupported_media_type"
    case bodyTooLarge = "body_too_large"
    case headerFieldsTooLarge = "header_fields_too_large"
    case requestTimeout = "request_timeout"
    case httpError = "http_error"
    // The server or the app cannot.
    case generationFailed = "generation_failed"
    case appAsleep = "app_asleep"
    case sandboxUnwell = "sandbox_unwell"
    case snapshotTooLarge = "snapshot_too_large"
    case storageFull = "storage_full"
    case storageError = "storage_error"
    case shuttingDown = "shutting_down"
    case notReady = "not_ready"
    case notAvailable = "not_available"
    case internalError = "internal_error"
    case previewStarting = "preview_starting"
    case previewFull = "preview_full"
    case previewEmpty = "preview_empty"
    case previewTimeout = "preview_timeout"
    case previewFailed = "preview_failed"

    /// The status of the HTTP answer.
    package var status: HTTPResponse.Status {
        switch self {
        case .badRequest, .badHost, .badTarget, .badHeader, .badLength, .badUpgrade, .protocolNotSupported, .httpError:
            .badRequest
        case .invalidToken: .unauthorized
        case .notYours, .wrongAdminSecret, .unknownHost, .originNotAllowed, .permissionDenied: .forbidden
        case .unknownApp, .unknownVersion, .unknownPrompt, .noStill, .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .requestTimeout: .requestTimeout
        case .nothingRunning, .promptRunning, .nothingToRetry, .nothingToRepair: .conflict
        case .terminated: .gone
        case .bodyTooLarge, .snapshotTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .promptEmpty, .promptTooLong, .promptNotText, .titleEmpty, .titleTooLong, .titleNotOneLine, .missingBody,
            .invalidJSON, .notAnObject, .repeatedMember, .missingMember, .wrongType, .outOfRange, .notOneOf, .badName,
            .badQuery, .repeatedParameter, .badChannels, .tooManyChannels:
            .unprocessableContent
        case .upgradeOnUsedConnection: .upgradeRequired
        case .queueFull, .tooManyRequests, .tooManyConnectionsOfAddress: .tooManyRequests
        case .headerFieldsTooLarge: .requestHeaderFieldsTooLarge
        case .storageError, .internalError: .internalServerError
        case .generationFailed, .previewFailed: .badGateway
        case .adminDisabled, .tooManyConnections, .appAsleep, .sandboxUnwell, .shuttingDown, .notReady, .notAvailable,
            .previewStarting, .previewFull, .previewEmpty:
            .serviceUnavailable
        case .previewTimeout: .gatewayTimeout
        case .storageFull: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
        }
    }

    /// The names of its numbers and names.
    package var members: [String] {
        switch self {
        case .queueFull, .promptTooLong, .titleTooLong: ["limit"]
        case .tooManyRequests: ["per_second"]
        case .bodyTooLarge, .snapshotTooLarge: ["limit_bytes"]
        case .missingMember, .wrongType: ["member"]
        case .repeatedParameter: ["parameter"]
        case .outOfRange: ["member", "least", "most"]
        case .notOneOf: ["member", "choices"]
        case .badName: ["member", "limit_bytes"]
        case .httpError: ["status"]
        case .generationFailed, .sandboxUnwell: ["reason"]
        default: []
        }
    }
}
