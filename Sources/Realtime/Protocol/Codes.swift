package import NIOCore

/// An error reply of the client protocol: 100 to 113 as published, or an HTTP status for an RPC's application error.
package struct ClientError: Error, Sendable, Equatable {
    package var code: UInt32
    package var message: String
    /// Whether the same call may succeed later.
    package var isTemporary: Bool
    /// Whole seconds after which the same call may succeed, where the server knows.
    package var retryAfter: UInt32?
    /// Of an application error, what a program is told of it: one JSON object without line feeds.
    package var reason: ByteBuffer?

    package init(
        code: UInt32,
        message: String,
        isTemporary: Bool = false,
        retryAfter: UInt32? = nil,
        reason: ByteBuffer? = nil
    ) {
        self.code = code
        self.message = message
        self.isTemporary = isTemporary
        self.retryAfter = retryAfter
        self.reason = reason
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

    /// The protocol's own errors, in the order of their codes.
    package static let published: [ClientError] = [
        .internal, .unauthorized, .unknownChannel, .permissionDenied, .methodNotFound, .alreadySubscribed,
        .limitExceeded, .badRequest, .notAvailable, .tokenExpired, .expired, .tooManyRequests, .unrecoverablePosition,
        .concurrentPagination,
    ]
}

/// Why the server ends a subscription: below 2500 for good, from 2500 the client subscribes again.
package enum UnsubscribeCode: UInt32, Sendable, CaseIterable {
    /// What the channel was about has ended.
    case server = 2000
    /// The client has missed something.
    case insufficient = 2500
    /// The subscription's token has expired, and no other has come.
    case expired = 2501

    package var code: UInt32 { rawValue }

    package var reason: String {
        switch self {
        case .server: "server unsubscribe"
        case .insufficient: "insufficient state"
        case .expired: "subscription expired"
        }
    }
}

/// Why the server ends a connection; travels as WebSocket close code and reason.
///
/// 3000 to 3499 reconnect, 3500 to 3999 do not.
package enum Disconnect: UInt16, Error, Sendable, CaseIterable {
    case shutdown = 3001
    case serverError = 3004
    case expired = 3005
    case slow = 3008
    case insufficientState = 3010
    case forceReconnect = 3011
    case noPong = 3012
    case tooManyRequests = 3013
    case invalidToken = 3500
    case badRequest = 3501
    case stale = 3502
    case forceNoReconnect = 3503
    case connectionLimit = 3504

    package var code: UInt16 { rawValue }

    /// Whether a client connects again by itself.
    package var reconnects: Bool { rawValue < 3_500 }

    package var reason: String {
        switch self {
        case .shutdown: "shutdown"
        case .serverError: "internal server error"
        case .expired: "connection expired"
        case .slow: "slow"
        case .insufficientState: "insufficient state"
        case .forceReconnect: "force reconnect"
        case .noPong: "no pong"
        case .tooManyRequests: "too many requests"
        case .invalidToken: "invalid token"
        case .badRequest: "bad request"
        case .stale: "stale"
        case .forceNoReconnect: "force disconnect"
        case .connectionLimit: "connection limit"
        }
    }
}
