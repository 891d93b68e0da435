/// The answer to an upgrade request that is not accepted: an HTTP response instead of 101 (RFC 6455 §4.2.2, §4.4).
package struct HandshakeRefusal: Error, Sendable, Equatable {
    /// The HTTP status.
    package var status: Int
    /// A further header field that the status demands.
    package var header: Header?
    /// In snake case, for programs.
    package var code: String
    /// A sentence for a person.
    package var message: String

    /// A header field of the response.
    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    /// 400 with the given code and sentence.
    static func badRequest(_ code: String, _ message: String) -> HandshakeRefusal {
        HandshakeRefusal(status: 400, header: nil, code: code, message: message)
    }

    /// 405: a WebSocket is opened with GET (RFC 6455 §4.1).
    static let methodNotAllowed = HandshakeRefusal(
        status: 405,
        header: Header(name: "Allow", value: "GET"),
        code: "method_not_allowed",
        message: "A WebSocket is opened with GET."
    )

    /// 426: no `Upgrade: websocket` (RFC 9110 §15.5.22).
    static let upgradeRequired = HandshakeRefusal(
        status: 426,
        header: Header(name: "Upgrade", value: "websocket"),
        code: "upgrade_required",
        message: "This address speaks WebSocket: the request must ask for an upgrade to it."
    )

    /// 426: another version than 13, or none (RFC 6455 §4.4).
    static let unsupportedVersion = HandshakeRefusal(
        status: 426,
        header: Header(name: "Sec-WebSocket-Version", value: "13"),
        code: "websocket_version",
        message: "Only version 13 of the WebSocket protocol is spoken here."
    )

    /// 500: OpenSSL refuses SHA-1, as a machine's policy can demand.
    static let digestUnavailable = HandshakeRefusal(
        status: 500,
        header: nil,
        code: "internal_error",
        message: "The server's OpenSSL cannot compute SHA-1, which the handshake needs."
    )
}
