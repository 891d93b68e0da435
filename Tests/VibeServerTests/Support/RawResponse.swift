import Foundation
/// A response as it came over the wire, read to the end of its connection.
struct RawResponse: Sendable {
    let status: Int
    /// In order, names in lower case.
    let fields: [(name: String, value: String)]
    let body: String

    init?(_ text: String) {
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("HTTP/1.1 "), let status = Int(first.dropFirst(9).prefix(3))
        else {
            return nil
        }
        self.status = status
        fields = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
        body = String(text[end.upperBound...])
    }

    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The body with its chunks joined.
    var text: String {
        guard self["transfer-encoding"] == "chunked" else { return body }
        var joined = ""
        var rest = Substring(body)
        while let line = rest.range(of: "\r\n"), let size = Int(rest[..<line.lowerBound], radix: 16), size > 0 {
            let bytes = rest[line.upperBound...].utf8
            joined += String(decoding: bytes.prefix(size), as: UTF8.self)
            rest = Substring(bytes.dropFirst(size + 2))
        }
        return joined
    }
}

extension WireClient {
    /// One request on a connection of its own.
    static func request(
        port: Int,
        _ method: String,
        _ path: String,
        host: String = "127.0.0.1",
        fields: [(String, String)] = [],
        body: String? = nil
    ) async throws -> RawResponse? {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        let bytes = head + "\r\n" + (body ?? "")
        return try await open(port: port) { connection in
            try await connection.write(bytes)
            return RawResponse(try await connection.readToEnd())
        }
    }
}
