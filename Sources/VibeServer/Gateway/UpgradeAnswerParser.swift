internal import NIOCore
internal import NIOHTTP1

/// Reads the head of a sandbox's answer to an upgrade request, strictly; what follows it belongs to the tunnel.
struct UpgradeAnswerParser {
    /// Bytes of a head.
    static let maximumBytes = 16_384

    private(set) var buffer = ByteBuffer()

    /// Takes bytes as they came.
    ///
    /// - Returns: the fields of a 101, once its head is whole; what came behind stays in `buffer`.
    /// - Throws: `malformed` for what is no HTTP/1.1 head, `badUpgrade` for another status.
    mutating func feed(_ bytes: ByteBuffer) throws(GatewayError) -> HTTPHeaders? {
        buffer.writeImmutableBuffer(bytes)
        let view = buffer.readableBytesView
        guard let end = Self.end(of: view) else {
            guard view.count <= Self.maximumBytes else { throw .malformed }
            return nil
        }
        guard end - view.startIndex <= Self.maximumBytes else { throw .malformed }
        let head = view[view.startIndex..<end]
        let headers = try Self.parse(head)
        buffer.moveReaderIndex(forwardBy: head.count)
        return headers
    }

    /// Behind the first empty line.
    private static func end(of view: ByteBufferView) -> Int? {
        var index = view.startIndex
        while let carriageReturn = view[index...].firstIndex(of: 0x0D) {
            if view[carriageReturn...].starts(with: "\r\n\r\n".utf8) { return carriageReturn + 4 }
            index = carriageReturn + 1
        }
        return nil
    }

    private static func parse(_ head: ByteBufferView) throws(GatewayError) -> HTTPHeaders {
        var lines: [ByteBufferView] = []
        var start = head.startIndex
        while let end = head[start...].firstIndex(of: 0x0D) {
            guard head[end...].starts(with: "\r\n".utf8) else { throw .malformed }
            lines.append(head[start..<end])
            start = end + 2
        }
        guard let status = lines.first, status.starts(with: "HTTP/1.1 ".utf8), status.count >= 12 else {
            throw .malformed
        }
        let code = status.dropFirst(9)
        guard code.starts(with: "101".utf8), code.dropFirst(3).first.map({ $0 == 0x20 }) ?? true else {
            throw .badUpgrade
        }
        var headers = HTTPHeaders()
        for line in lines.dropFirst() where !line.isEmpty {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[..<colon].allSatisfy(isTokenByte)
            else { throw .malformed }
            var value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
            while let last = value.last, last == 0x20 || last == 0x09 { value = value.dropLast() }
            guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { throw .malformed }
            headers.add(
                name: String(decoding: line[..<colon], as: UTF8.self),
                value: String(decoding: value, as: UTF8.self)
            )
        }
        return headers
    }

    /// RFC 9110 §5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
