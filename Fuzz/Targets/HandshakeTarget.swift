@testable internal import WebSocketCodec

/// Upgrade requests: one header field a line, the first line is the method.
enum HandshakeTarget {
    static func run(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let fields = lines.dropFirst().map { line -> (name: String, value: String) in
            let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
            return (
                name: String(decoding: line[..<colon], as: UTF8.self),
                value: String(decoding: line[colon...].dropFirst(), as: UTF8.self)
            )
        }
        negotiate(fields.map(\.value))
        do throws(HandshakeRefusal) {
            let handshake = try Handshake(
                method: String(decoding: lines.first ?? [], as: UTF8.self),
                version: (major: 1, minor: 1),
                headers: fields
            )
            precondition(handshake.accept.utf8.count == 28)
            precondition(Set(handshake.subprotocols).count == handshake.subprotocols.count)
            let compression = CompressionParameters.negotiate(handshake.extensions, policy: .noContextTakeover)
            for (name, value) in handshake.responseHeaders(
                subprotocol: handshake.subprotocols.first,
                compression: compression
            ) {
                precondition(HeaderFields.isToken(name))
                precondition(value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "header injection")
            }
        } catch {
            precondition((400...500).contains(error.status))
        }
    }

    private static func negotiate(_ values: [String]) {
        if let parameters = CompressionParameters.negotiate(values, policy: .contextTakeover) {
            // The answer is itself an offer that would be answered in the same way.
            precondition(
                CompressionParameters.negotiate([parameters.headerValue], policy: .contextTakeover) == parameters
            )
            precondition((9...15).contains(parameters.serverWindowBits ?? 15))
            precondition((8...15).contains(parameters.clientWindowBits ?? 15))
        }
        if let parameters = CompressionParameters.negotiate(values, policy: .noContextTakeover) {
            precondition(parameters.serverNoContextTakeover && parameters.clientNoContextTakeover)
            precondition(parameters.serverWindowBits ?? 15 == 15)
        }
    }
}
