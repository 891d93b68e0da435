package import NIOHTTP1
package import WebSocketCodec

extension Handshake {
    /// Judges an upgrade request as NIO's decoder read it.
    ///
    /// - Parameter head: The request's head.
    /// - Throws: The refusal to be answered; `UpgradeDecision.refuse` takes it.
    package init(_ head: HTTPRequestHead) throws(HandshakeRefusal) {
        try self.init(
            method: head.method.rawValue,
            version: (major: head.version.major, minor: head.version.minor),
            headers: head.headers
        )
    }

    /// The header fields of the 101 response.
    ///
    /// - Parameters:
    ///   - subprotocol: One of `subprotocols`, or `nil` to name none.
    ///   - compression: What was negotiated from `extensions`, or `nil` to use none.
    /// - Returns: What `UpgradeDecision.accept` takes.
    package func responseFields(
        subprotocol: String? = nil,
        compression: CompressionParameters? = nil
    ) -> HTTPHeaders {
        HTTPHeaders(responseHeaders(subprotocol: subprotocol, compression: compression).map { ($0.name, $0.value) })
    }
}

extension UpgradeDecision {
    /// The refusal of a handshake that is not sound.
    ///
    /// - Parameter refusal: What `Handshake` threw.
    /// - Returns: The same as a decision.
    package static func refuse(_ refusal: HandshakeRefusal) -> UpgradeDecision {
        var headers: HTTPHeaders = [:]
        if let header = refusal.header {
            headers.add(name: header.name, value: header.value)
        }
        return .refuse(
            status: HTTPResponseStatus(statusCode: refusal.status),
            headers: headers,
            code: refusal.code,
            message: refusal.message
        )
    }
}
