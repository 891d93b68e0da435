internal import NIOCore
internal import NIOHTTP1
internal import WebSocketCodec

/// The upgrade request that a sandbox's dev server gets for a browser's, and the check of its answer (RFC 6455 §4).
struct TunnelRequest: Sendable {
    private let handshake: Handshake
    private let key: String
    private let target: String
    private let userAgent: String?

    /// `nil` where the target is no path.
    init?(_ head: HTTPRequestHead, handshake: Handshake, target: String) {
        guard let key = head.headers.first(name: "Sec-WebSocket-Key"), target.utf8.first == UInt8(ascii: "/"),
            target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return nil }
        self.handshake = handshake
        self.key = key
        self.target = target
        userAgent = head.headers.first(name: "User-Agent")
    }

    /// The request as sent: `Host` and `Origin` are ones that the dev server takes, cookies and credentials stay behind.
    var bytes: ByteBuffer {
        var text = "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        text += "Origin: http://localhost\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(key)\r\n"
        if !handshake.subprotocols.isEmpty {
            text += "Sec-WebSocket-Protocol: \(handshake.subprotocols.joined(separator: ", "))\r\n"
        }
        if !handshake.extensions.isEmpty {
            text += "Sec-WebSocket-Extensions: \(handshake.extensions.joined(separator: ", "))\r\n"
        }
        if let userAgent { text += "User-Agent: \(userAgent)\r\n" }
        return ByteBuffer(string: text + "\r\n")
    }

    /// The fields of the 101 for the browser, from the sandbox's.
    ///
    /// - Throws: `badUpgrade` when the sandbox's answer does not fit the request (RFC 6455 §4.1, items 2 to 6).
    func answer(to headers: HTTPHeaders) throws(GatewayError) -> HTTPHeaders {
        guard headers[canonicalForm: "Upgrade"].contains(where: { $0.lowercased() == "websocket" }),
            headers["Sec-WebSocket-Accept"] == [handshake.accept]
        else { throw .badUpgrade }
        let chosen = headers["Sec-WebSocket-Protocol"]
        guard chosen.count <= 1, chosen.allSatisfy(handshake.subprotocols.contains) else { throw .badUpgrade }
        var answer = HTTPHeaders(handshake.responseHeaders(subprotocol: chosen.first).map { ($0.name, $0.value) })
        for agreed in headers["Sec-WebSocket-Extensions"] {
            guard !handshake.extensions.isEmpty else { throw .badUpgrade }
            answer.add(name: "Sec-WebSocket-Extensions", value: agreed)
        }
        return answer
    }
}
