/// An error reply of the client protocol: 100 to 113 as published, or an HTTP status for an RPC's application error.
package struct ClientError: Error, Sendable, Equatable {
    package var code: UInt32
    package var message: String
    /// Whether the same call may succeed later.
    package var isTemporary: Bool

    package init(code: UInt32, message: String, isTemporary: Bool = false) {
        self.code = code
        self.message = message
        self.isTemporary = isTemporary
    }

    package static let `internal` = ClientError(code: 100, message: "internal server error", isTemporary: true)
    package static let unauthorized = ClientError(code: 101, message: "unauthorized")
    package static let unknownChannel = ClientError(code: 102, message: "unknown channel")
    package static let permissionDenied = ClientError(code: 103, message: "permission denied")
    package static let methodNotFound = ClientError(code: 104, message: "method not found")
    package static let alreadySubscribed = ClientError(code: 105, message: "already subscribed")
    package static let limitExceeded = ClientError(code: 106, message: "limit exceeded")
    package static let badRequest = ClientError(code: 107, message: "bad request")
    package static let notAvailable = ClientError(code: 108, message: "not available")
    package static let tokenExpired = ClientError(code: 109, message: "token expired")
    package static let expired = ClientError(code: 110, message: "expired")
    package static let tooManyRequests = ClientError(code: 111, message: "too many requests", isTemporary: true)
    package static let unrecoverablePosition = ClientError(code: 112, message: "unrecoverable position")
    package static let concurrentPagination = ClientError(
        code: 113,
        message: "concurrent pagination",
        isTemporary: true
    )
}

/// Why the server ends a subscription: below 2500 for good, from 2500 the client subscribes again.
package struct UnsubscribeCode: Sendable, Equatable {
    package var code: UInt32
    package var reason: String

    package init(code: UInt32, reason: String) {
        self.code = code
        self.reason = reason
    }

    package static let server = UnsubscribeCode(code: 2000, reason: "server unsubscribe")
    package static let insufficient = UnsubscribeCode(code: 2500, reason: "insufficient state")
    package static let expired = UnsubscribeCode(code: 2501, reason: "subscription expired")
}

/// Why the server ends a connection; travels as WebSocket close code and reason.
///
/// 3000 to 3499 reconnect, 3500 to 3999 do not.
package struct Disconnect: Error, Sendable, Equatable {
    package var code: UInt16
    package var reason: String

    package init(code: UInt16, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// Whether a client connects again by itself.
    package var reconnects: Bool { code < 3_500 }

    package static let connectionClosed = Disconnect(code: 3000, reason: "connection closed")
    package static let shutdown = Disconnect(code: 3001, reason: "shutdown")
    package static let serverError = Disconnect(code: 3004, reason: "internal server error")
    package static let expired = Disconnect(code: 3005, reason: "connection expired")
    package static let slow = Disconnect(code: 3008, reason: "slow")
    package static let insufficientState = Disconnect(code: 3010, reason: "insufficient state")
    package static let forceReconnect = Disconnect(code: 3011, reason: "force reconnect")
    package static let noPong = Disconnect(code: 3012, reason: "no pong")
    package static let tooManyRequests = Disconnect(code: 3013, reason: "too many requests")
    package static let invalidToken = Disconnect(code: 3500, reason: "invalid token")
    package static let badRequest = Disconnect(code: 3501, reason: "bad request")
    package static let stale = Disconnect(code: 3502, reason: "stale")
    package static let forceNoReconnect = Disconnect(code: 3503, reason: "force disconnect")
    package static let connectionLimit = Disconnect(code: 3504, reason: "connection limit")
    package static let permissionDenied = Disconnect(code: 3507, reason: "permission denied")
}
