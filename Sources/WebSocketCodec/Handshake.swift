/// An opening handshake that may be accepted (RFC 6455 §4.2), evaluated from an upgrade request without any I/O.
package struct Handshake: Sendable, Equatable {
    /// The value of `Sec-WebSocket-Accept` (RFC 6455 §4.2.2).
    package var accept: String
    /// The subprotocols that the client offers, in its order of preference; distinct tokens.
    package var subprotocols: [String]
    /// The values of `Sec-WebSocket-Extensions` as they came; parsed by who negotiates an extension.
    package var extensions: [String]

    /// Judges an upgrade request.
    ///
    /// Whether the path exists and whether the caller may connect (`Origin`, tokens) is not its business.
    ///
    /// - Parameters:
    ///   - method: The request's method as it came.
    ///   - version: The request's HTTP version.
    ///   - headers: All header fields in their order.
    /// - Throws: The refusal to be answered instead of 101.
    package init(
        method: String,
        version: (major: Int, minor: Int),
        headers: some Sequence<(name: String, value: String)>
    ) throws(HandshakeRefusal) {
        let fields = HeaderFields(headers)
        guard !fields.areMalformed else {
            throw .badRequest("malformed_header", "A header field holds a character that must not stand there.")
        }
        guard method == "GET" else { throw .methodNotAllowed }
        guard version.major == 1, version.minor >= 1 else {
            throw .badRequest("http_version", "A WebSocket is opened with HTTP/1.1.")
        }
        guard fields.values("host").count == 1 else {
            throw .badRequest("host", "The request needs exactly one Host header field.")
        }
        guard !fields.announcesBody else {
            throw .badRequest("unexpected_body", "An upgrade request carries no body.")
        }
        guard fields.listContains("websocket", in: "upgrade") else { throw .upgradeRequired }
        guard fields.listContains("upgrade", in: "connection") else {
            throw .badRequest("connection_header", "The Connection header field must name Upgrade.")
        }
        try Self.checkVersion(fields.values("sec-websocket-version"))
        accept = try Self.accept(forKeys: fields.values("sec-websocket-key"))
        subprotocols = try Self.subprotocols(fields.values("sec-websocket-protocol"))
        extensions = fields.values("sec-websocket-extensions")
    }

    /// The header fields of the 101 response (RFC 6455 §4.2.2).
    ///
    /// - Parameters:
    ///   - subprotocol: One of `subprotocols`, or `nil` to name none.
    ///   - compression: What was negotiated from `extensions`, or `nil` to use none.
    /// - Returns: Names and values in the order to be sent.
    package func responseHeaders(
        subprotocol: String? = nil,
        compression: CompressionParameters? = nil
    ) -> [(name: String, value: String)] {
        var headers = [
            (name: "Upgrade", value: "websocket"),
            (name: "Connection", value: "Upgrade"),
            (name: "Sec-WebSocket-Accept", value: accept),
        ]
        if let subprotocol {
            headers.append((name: "Sec-WebSocket-Protocol", value: subprotocol))
        }
        if let compression {
            headers.append((name: "Sec-WebSocket-Extensions", value: compression.headerValue))
        }
        return headers
    }

    private static func checkVersion(_ versions: [String]) throws(HandshakeRefusal) {
        guard versions.count <= 1 else {
            throw .badRequest("websocket_version", "Sec-WebSocket-Version stands there more than once.")
        }
        guard versions.first == "13" else { throw .unsupportedVersion }
    }

    private static func accept(forKeys keys: [String]) throws(HandshakeRefusal) -> String {
        guard keys.count == 1, let key = keys.first, HandshakeKey.isValid(key) else {
            throw .badRequest("websocket_key", "Sec-WebSocket-Key must stand there once and be 16 bytes in base64.")
        }
        guard let accept = HandshakeKey.accept(for: key) else { throw .digestUnavailable }
        return accept
    }

    /// Distinct tokens, over one or several header fields (RFC 6455 §4.1 and §11.3.4).
    private static func subprotocols(_ values: [String]) throws(HandshakeRefusal) -> [String] {
        var offered: [String] = []
        for value in values {
            for element in HeaderFields.elements(of: value) {
                guard HeaderFields.isToken(element), !offered.contains(element) else {
                    throw .badRequest("websocket_protocol", "Sec-WebSocket-Protocol must list distinct tokens.")
                }
                offered.append(element)
            }
        }
        return offered
    }
}
