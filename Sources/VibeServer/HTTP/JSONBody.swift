internal import Catalogue
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Realtime

/// Reads a request's JSON body: type, size and time first, then the bytes.
enum JSONBody {
    /// 1 MiB.
    static let maximumBytes = 1_048_576
    /// Time for the whole body to arrive.
    static let deadline: Duration = .seconds(30)

    /// Reads and decodes; with `optional` a request without a body stands for `{}`.
    ///
    /// Throws 415 for another media type, 413 above 1 MiB, 408 past the deadline, 422 for what is not the JSON asked for.
    static func decode<Value: Decodable & Sendable>(
        _ type: Value.Type,
        from request: Request,
        optional: Bool = false
    ) async throws -> Value {
        guard hasBody(request.head) else {
            guard optional else { throw APIError(.missingBody) }
            return try decode(type, from: ByteBuffer(string: "{}"))
        }
        guard isJSON(request.headers[.contentType]) else { throw APIError.unsupportedMediaType }
        guard request.headers[.contentEncoding] == nil else { throw APIError.unsupportedMediaType }
        if let length = request.headers[.contentLength].flatMap(Int.init), length > maximumBytes {
            throw APIError.tooLarge
        }
        return try decode(type, from: try await collect(request.body))
    }

    /// Decodes bytes as one JSON object, naming the member that is wrong.
    ///
    /// An object that says the same thing twice is refused: readers differ in which of the two counts (RFC 8259 §4).
    ///
    /// - Throws: 422.
    static func decode<Value: Decodable>(_ type: Value.Type, from buffer: ByteBuffer) throws(APIError) -> Value {
        do {
            _ = try JSONObject(buffer)
        } catch .duplicateKey {
            throw APIError(.repeatedMember)
        } catch .wrongType {
            throw APIError(.notAnObject)
        } catch {
            throw APIError(.invalidJSON)
        }
        do {
            return try JSONDecoder().decode(type, from: Data(buffer.readableBytesView))
        } catch DecodingError.keyNotFound(let key, _) {
            throw APIError(.missingMember, ["member": .text(key.stringValue)])
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            let path = path(context)
            throw path.isEmpty ? APIError(.notAnObject) : APIError(.wrongType, ["member": .text(path)])
        } catch {
            throw APIError(.invalidJSON)
        }
    }

    /// Where in the body it was, as `entries.0.text`.
    private static func path(_ context: DecodingError.Context) -> String {
        context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }

    private static func hasBody(_ head: HTTPRequest) -> Bool {
        if head.headerFields.contains(.transferEncoding) { return true }
        return head.headerFields[.contentLength].map { $0 != "0" } ?? false
    }

    /// Whether the media type is `application/json`, with any parameters (RFC 8259 §11).
    private static func isJSON(_ contentType: String?) -> Bool {
        guard let contentType else { return false }
        let type = contentType.utf8.prefix { $0 != UInt8(ascii: ";") }
        return String(decoding: type.filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self).lowercased()
            == "application/json"
    }

    private static func collect(_ body: RequestBody) async throws -> ByteBuffer {
        try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
            group.addTask {
                do {
                    return try await body.collect(upTo: maximumBytes)
                } catch is NIOTooManyBytesError {
                    throw APIError.tooLarge
                }
            }
            group.addTask {
                try await Task.sleep(for: deadline)
                throw APIError(.requestTimeout, headers: [.connection: "close"])
            }
            defer { group.cancelAll() }
            guard let buffer = try await group.next() else { throw CancellationError() }
            return buffer
        }
    }
}
