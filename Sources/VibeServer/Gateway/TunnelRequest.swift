internal import COpenSSL
internal import NIOCore
internal import NIOHTTP1

/// The upgrade request that a sandbox's dev server gets for a browser's, and the check of its answer (RFC 6455 §4).
struct TunnelRequest: Sendable {
    private let key: String
    private let protocols: [String]
    private let extensions: String?
    private let target: String
    private let userAgent: String?

    /// `nil` for what is no WebSocket upgrade of version 13 (RFC 6455 §4.2.1).
    init?(_ head: HTTPRequestHead, target: String) {
        let fields = head.headers
        guard head.method == .GET, head.version == .http1_1,
            fields[canonicalForm: "upgrade"].contains(where: { $0.lowercased() == "websocket" }),
            fields[canonicalForm: "connection"].contains(where: { $0.lowercased() == "upgrade" }),
            fields["sec-websocket-version"] == ["13"],
            fields["sec-websocket-key"].count == 1, let key = fields.first(name: "sec-websocket-key"),
            key.utf8.count == 24, key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            target.utf8.first == UInt8(ascii: "/"), target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return nil }
        self.key = key
        self.target = target
        protocols = fields[canonicalForm: "sec-websocket-protocol"].map(String.init)
        let offers = fields["sec-websocket-extensions"]
        extensions = offers.isEmpty ? nil : offers.joined(separator: ", ")
        userAgent = fields.first(name: "user-agent")
    }

    /// The request as sent: `Host` and `Origin` are ones that the dev server takes, cookies and credentials stay behind.
    var bytes: ByteBuffer {
        var text = "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        text += "Origin: http://localhost\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(key)\r\n"
        if !protocols.isEmpty { text += "Sec-WebSocket-Protocol: \(protocols.joined(separator: ", "))\r\n" }
        if let extensions { text += "Sec-WebSocket-Extensions: \(extensions)\r\n" }
        if let userAgent { text += "User-Agent: \(userAgent)\r\n" }
        return ByteBuffer(string: text + "\r\n")
    }

    /// The fields of the 101 for the browser, from the sandbox's.
    ///
    /// - Throws: `badUpgrade` when the sandbox's answer does not fit the request (RFC 6455 §4.1, items 2 to 6).
    func answer(to headers: HTTPHeaders) throws(GatewayError) -> HTTPHeaders {
        guard headers[canonicalForm: "upgrade"].contains(where: { $0.lowercased() == "websocket" }),
            headers["sec-websocket-accept"] == [Self.accept(for: key)]
        else { throw .badUpgrade }
        var answer = HTTPHeaders()
        answer.add(name: "Upgrade", value: "websocket")
        answer.add(name: "Connection", value: "Upgrade")
        answer.add(name: "Sec-WebSocket-Accept", value: Self.accept(for: key))
        let chosen = headers["sec-websocket-protocol"]
        if !chosen.isEmpty {
            guard chosen.count == 1, protocols.contains(chosen[0]) else { throw .badUpgrade }
            answer.add(name: "Sec-WebSocket-Protocol", value: chosen[0])
        }
        for agreed in headers["sec-websocket-extensions"] {
            guard extensions != nil else { throw .badUpgrade }
            answer.add(name: "Sec-WebSocket-Extensions", value: agreed)
        }
        return answer
    }

    /// RFC 6455 §4.2.2, item 5.4.
    static func accept(for key: String) -> String {
        let bytes = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        var digest = [UInt8](repeating: 0, count: 20)
        var length: UInt32 = 0
        EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha1(), nil)
        return base64(digest)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let length = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return String(decoding: text.prefix(Int(length)), as: UTF8.self)
    }
}
