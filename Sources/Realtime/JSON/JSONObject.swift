package import NIOCore

/// One JSON object, read strictly: its members in order, each value a checked slice of the text.
///
/// Nothing of a value is decoded before it is asked for, so a publication's `data` travels on untouched. Keys are compared
/// byte by byte after their escapes are resolved; a repeated key is refused, nested objects excepted, which are only checked.
package struct JSONObject: Sendable {
    /// Arrays and objects that may lie within each other, the outermost included, unless said otherwise: 64.
    package static let defaultMaximumDepth = 64

    private typealias Member = (key: Range<Int>, isEscaped: Bool, value: Range<Int>)

    /// What was read; the keys that had escapes follow it once more, without them.
    private var text: ByteBuffer
    private var members: [Member] = []

    /// Reads the whole of `text`.
    ///
    /// - Throws: `JSONError`: `.wrongType` when it is JSON of another kind.
    package init(_ text: ByteBuffer, maximumDepth: Int = defaultMaximumDepth) throws(JSONError) {
        self.text = text
        members.reserveCapacity(4)
        try text.withReadableBytes { (bytes) throws(JSONError) in
            try Self.scan(bytes, maximumDepth: maximumDepth, into: &members)
        }
        for index in members.indices where members[index].isEscaped {
            let start = self.text.readableBytes
            self.text.writeBytes(try JSONValue.unescape(text.slice(members[index].key)))
            members[index].key = start..<self.text.readableBytes
        }
        guard !hasRepeatedKeys else { throw .duplicateKey }
    }

    private var hasRepeatedKeys: Bool {
        text.withUnsafeReadableBytes { bytes in
            for (index, member) in members.enumerated() {
                for other in members[..<index] where other.key.count == member.key.count {
                    if bytes[other.key].elementsEqual(bytes[member.key]) { return true }
                }
            }
            return false
        }
    }

    /// The value of a member, or `nil` where there is none or it is `null`.
    package subscript(_ key: StaticString) -> JSONValue? {
        let length = key.utf8CodeUnitCount
        let found = text.withUnsafeReadableBytes { bytes in
            members.first { member in
                member.key.count == length
                    && bytes[member.key].elementsEqual(UnsafeRawBufferPointer(start: key.utf8Start, count: length))
            }
        }
        return found.flatMap { value(of: $0) }
    }

    /// The members with their keys as text; those that are `null` are left out.
    package var entries: [(key: String, value: JSONValue)] {
        members.compactMap { member in
            guard let value = value(of: member),
                let key = String(validating: text.slice(member.key).readableBytesView, as: UTF8.self)
            else { return nil }
            return (key, value)
        }
    }

    private func value(of member: Member) -> JSONValue? {
        let value = JSONValue(text: text.slice(member.value))
        return value.isNull ? nil : value
    }

    /// Members, those that are `null` included.
    package var count: Int { members.count }

    private static func scan(
        _ bytes: UnsafeRawBufferPointer,
        maximumDepth: Int,
        into found: inout [Member]
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
