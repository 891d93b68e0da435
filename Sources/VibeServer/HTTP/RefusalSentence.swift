internal import Catalogue

/// The sentences of HTTP errors, for a person who reads the answer; made here and nowhere else.
enum RefusalSentence {
    /// Words a refusal.
    ///
    /// - Parameters:
    ///   - code: which.
    ///   - meaning: its numbers and names.
    /// - Returns: a sentence or two.
    static func text(_ code: RefusalCode, _ meaning: Meaning) -> String {
        let member = "\"\(meaning.text("member") ?? "?")\""
        func number(_ name: String) -> String { meaning.number(name).map(String.init) ?? "?" }
        return switch code {
        case .unknownApp: "There is no app with this id."
        case .unknownVersion: "The app has no such version."
        case .unknownPrompt: "No such prompt is waiting. It may have begun already."
        case .noStill: "There is no picture of this version."
        case .notFound: "There is nothing at this address."
        case .terminated: "This app has been ended."
        case .notYours: "Only its author, the app's owner or an admin can withdraw a prompt."
        case .wrongAdminSecret: "The admin secret is missing or wrong."
        case .adminDisabled: "No admin secret is set on this server (VIBE_ADMIN_SECRET)."
        case .unknownHost: "This server does not answer to that host name (VIBE_EXTRA_HOSTS adds one)."
        case .originNotAllowed: "Pages of that origin may not call this server."
        case .permissionDenied: "You may not see that channel."
        case .invalidToken: "The token has expired or is not valid."
        case .nothingRunning: "Nothing is running."
        case .promptRunning: "A prompt is running. Wait until it is done, or stop it."
        case .nothingToRetry: "There is nothing to try again."
        case .nothingToRepair: "There is nothing to repair."
        case .queueFull where meaning.number("limit") == 1:
            "A prompt is waiting already. Try again when it is done."
        case .queueFull: "\(number("limit")) prompts are waiting already. Try again when one is done."
        case .tooManyRequests: "This may be called \(number("per_second")) times a second."
        case .tooManyConnections: "The server has as many connections as it takes. Try again soon."
        case .tooManyConnectionsOfAddress:
            "Your address has as many connections as one may have. Close some, or try again soon."
        case .promptEmpty: "Write what you want first: the prompt is empty."
        case .promptTooLong: "The prompt is too long: \(number("limit")) characters are allowed."
        case .promptNotText: "The prompt holds a character that no text has (U+0000)."
        case .titleEmpty: "The title is empty."
        case .titleTooLong: "The title is too long: \(number("limit")) characters are allowed."
        case .titleNotOneLine: "A title is one line without control characters."
        case .missingBody: "The request needs a JSON body."
        case .invalidJSON: "The body is not valid JSON."
        case .notAnObject: "The body is not a JSON object."
        case .repeatedMember: "The body has the same member twice."
        case .missingMember: "\(member) is missing."
        case .wrongType: "\(member) has the wrong type."
        case .outOfRange: "\(member) goes from \(number("least")) to \(number("most"))."
        case .notOneOf: "\(member) is one of: \(choices(meaning))."
        case .badName: "\(member) holds \(number("limit_bytes")) bytes at most and no control characters."
        case .badQuery: "The query is not well-formed."
        case .repeatedParameter: "\"\(meaning.text("parameter") ?? "?")\" comes twice in the query."
        case .badChannels: "\"channels\" names at least one channel, with commas between them, each once."
        case .tooManyChannels: "One stream cannot have that many channels."
        case .badRequest: "The request cannot be read, or names what cannot be."
        case .badHost: "The request needs exactly one Host header field, which is a host name."
        case .badTarget: "The request target is not a path, or names another host than the Host header field."
        case .badHeader: "A header field holds a control character."
        case .badLength: "The request's length is stated in more than one way, or in none that is understood."
        case .badUpgrade: "An upgrade request carries no body and names Upgrade in its Connection header field."
        case .upgradeOnUsedConnection:
            "Only the first request of a connection can be upgraded: open a new connection."
        case .protocolNotSupported: "Only the JSON protocol is spoken here."
        case .methodNotAllowed: "This address does not take that method."
        case .unsupportedMediaType: "Send the body as application/json."
        case .bodyTooLarge: "A request's body holds \(mebibytes(meaning)) MiB at most."
        case .headerFieldsTooLarge: "The request's header fields are too many or too long."
        case .requestTimeout: "The request did not arrive in time."
        case .httpError: "The request was answered with status \(number("status"))."
        case .generationFailed: "No version was made; `reason` says why, unless it was stopped."
        case .appAsleep: "The app is asleep."
        case .sandboxUnwell: "The app's sandbox does not answer as it should."
        case .snapshotTooLarge: "The app's folder is too large: a snapshot holds \(mebibytes(meaning)) MiB at most."
        case .storageFull: "The server's disk is full. Nothing was stored."
        case .storageError: "The server could not read or store this."
        case .shuttingDown: "The server is restarting. Your work is kept."
        case .notReady: "The server is starting."
        case .notAvailable: "This is not to be had now. Try again soon."
        case .internalError: "Something went wrong on the server."
        case .previewStarting: "The app is waking. Try again in a moment."
        case .previewFull: "Every sandbox is awake. Try again when one is free."
        case .previewEmpty: "The app has no version yet."
        case .previewTimeout: "The app did not answer in time."
        case .previewFailed: "The app did not answer properly."
        }
    }

    private static func mebibytes(_ meaning: Meaning) -> String {
        meaning.number("limit_bytes").map { "\($0 >> 20)" } ?? "?"
    }

    private static func choices(_ meaning: Meaning) -> String {
        if case .texts(let choices)? = meaning.members["choices"] { choices.joined(separator: ", ") } else { "?" }
    }
}
