package import NIOCore

/// One JSON object, read strictly: its members in order, each value a checked slice of the text.
///
/// Nothing of a value is decoded before it is asked for, so a publication's `data` travels on untouched. Keys are compared
/// byte by byte after their escapes are resolved; a repeated key is refused, nested objects excepted, which are only checked.
package struct JSONObject: Sendable {
    /// Arrays and objects that may lie within each other, the outermost included, unless said otherwise: 64.
    package static let defaultMaximumDepth = 64

    private var members: [(key: ByteBuffer, value: JSONValue)] = []

    /// Reads the whole of `text`.
    ///
    /// - Throws: `JSONError`: `.wrongType` when it is JSON of another kind.
    package init(_ text: ByteBuffer, maximumDepth: Int = defaultMaximumDepth) throws(JSONError) {
        var found: [(key: Range<Int>, isEscaped: Bool, value: Range<Int>)] = []
        try text.withReadableBytes { (bytes) throws(JSONError) in
            try Self.scan(bytes, maximumDepth: maximumDepth, into: &found)
        }
        members.reserveCapacity(found.count)
        for member in found {
            var key = text.slice(member.key)
            if member.isEscaped { key = ByteBuffer(bytes: try JSONValue.unescape(key)) }
            guard !members.contains(where: { $0.key == key }) else { throw .duplicateKey }
            members.append((key, JSONValue(text: text.slice(member.value))))
        }
    }

    /// The value of a member, or `nil` where there is none or it is `null`.
    package subscript(_ key: StaticString) -> JSONValue? {
        for member in members where member.key.readableBytes == key.utf8CodeUnitCount {
            let isEqual = member.key.withUnsafeReadableBytes { bytes in
                bytes.elementsEqual(UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
            }
            if isEqual { return member.value.isNull ? nil : member.value }
        }
        return nil
    }

    /// The members with their keys as text; those that are `null` are left out.
    package var entries: [(key: String, value: JSONValue)] {
        members.compactMap { member in
            guard !member.value.isNull,
                let key = String(validating: member.key.readableBytesView, as: UTF8.self)
            else { return nil }
            return (key, member.value)
        }
    }

    /// Members, those that are `null` included.
    package var count: Int { members.count }

    private static func scan(
        _ bytes: UnsafeRawBufferPointer,
        maximumDepth: Int,
        into found: inout [(key: Range<Int>, isEscaped: Bool, value: Range<Int>)]
    ) throws(JSONError) {
        var scanner = JSONScanner(bytes)
        scanner.skipWhitespace()
        guard scanner.consume("{") else {
            _ = try scanner.skipValue(depth: maximumDepth)
            try scanner.expectEnd()
            throw .wrongType
        }
        guard maximumDepth > 0 else { throw .tooDeep }
        scanner.skipWhitespace()
        if !scanner.consume("}") {
            repeat {
                scanner.skipWhitespace()
                let key = try scanner.skipString()
                scanner.skipWhitespace()
                try scanner.expect(":")
                scanner.skipWhitespace()
                let value = try scanner.skipValue(depth: maximumDepth - 1)
                // More members than any command has: refused before the search for repeated keys becomes slow.
                guard found.count < maximumMembers else { throw scanner.malformed }
                found.append((key.content, key.isEscaped, value))
                scanner.skipWhitespace()
            } while scanner.consume(",")
            try scanner.expect("}")
        }
        try scanner.expectEnd()
    }

    /// Members one object may have: 256.
    private static let maximumMembers = 256
}

extension JSONScanner {
    /// Only whitespace may follow.
    mutating func expectEnd() throws(JSONError) {
        skipWhitespace()
        guard byte == nil else { throw malformed }
    }
}

extension ByteBuffer {
    /// Bytes of the readable part, counted from its start; shares the storage.
    func slice(_ range: Range<Int>) -> ByteBuffer {
        getSlice(at: readerIndex + range.lowerBound, length: range.count) ?? ByteBuffer()
    }

    /// `withUnsafeReadableBytes` with a typed error.
    func withReadableBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome: Swift.Result<Result, Failure> = withUnsafeReadableBytes { bytes in
            do throws(Failure) {
                return .success(try body(bytes))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
