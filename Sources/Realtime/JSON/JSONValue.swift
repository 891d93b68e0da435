package import NIOCore

/// One checked JSON value, still as text.
package struct JSONValue: Sendable {
    /// The value's bytes without surrounding whitespace: valid JSON, sharing the storage it was read from.
    package let text: ByteBuffer

    /// - Parameter text: one whole value, already checked.
    init(text: ByteBuffer) {
        self.text = text
    }

    /// Checks that `text` is one JSON value with nothing but whitespace around it.
    ///
    /// - Throws: `JSONError.malformed` or `.tooDeep`.
    package init(checking text: ByteBuffer, maximumDepth: Int = JSONObject.defaultMaximumDepth) throws(JSONError) {
        let range = try text.withReadableBytes { (bytes) throws(JSONError) in
            var scanner = JSONScanner(bytes)
            scanner.skipWhitespace()
            let range = try scanner.skipValue(depth: maximumDepth)
            try scanner.expectEnd()
            return range
        }
        self.text = text.slice(range)
    }

    /// Whether it is `null`.
    package var isNull: Bool { firstByte == UInt8(ascii: "n") }

    /// `true` or `false`; `nil` for another kind.
    package var bool: Bool? {
        switch firstByte {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: nil
        }
    }

    /// The string, escapes resolved; `nil` for another kind.
    package var string: String? {
        guard firstByte == UInt8(ascii: "\""), text.readableBytes >= 2 else { return nil }
        let content = text.slice(1..<(text.readableBytes - 1))
        guard content.readableBytesView.contains(UInt8(ascii: "\\")) else {
            return String(validating: content.readableBytesView, as: UTF8.self)
        }
        guard let bytes = try? Self.unescape(content) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// An integer from 0 to 2^64 − 1 written without point or exponent; `nil` for anything else.
    ///
    /// Never goes through `Double`.
    package var unsignedInteger: UInt64? {
        guard text.readableBytes > 0 else { return nil }
        var result: UInt64 = 0
        for byte in text.readableBytesView {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let (tens, overflow) = result.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !overflow, !carry else { return nil }
            result = sum
        }
        return result
    }

    /// An integer that `Int` can hold, written without point or exponent; `nil` for anything else.
    package var integer: Int? {
        guard firstByte == UInt8(ascii: "-") else { return unsignedInteger.flatMap(Int.init(exactly:)) }
        let magnitude = JSONValue(text: text.slice(1..<text.readableBytes)).unsignedInteger
        return magnitude.flatMap(Int.init(exactly:)).map { -$0 }
    }

    /// A number as the nearest `Double`, infinite where it is too large; `nil` for another kind.
    package var number: Double? {
        guard let firstByte, firstByte == UInt8(ascii: "-") || (0x30...0x39).contains(firstByte) else { return nil }
        return Double(String(buffer: text))
    }

    /// The strings of an array; `nil` for another kind, or when an element is no string.
    package var strings: [String]? {
        guard firstByte == UInt8(ascii: "[") else { return nil }
        let ranges = text.withUnsafeReadableBytes { bytes -> [Range<Int>]? in
            var scanner = JSONScanner(bytes)
            return try? scanner.elements()
        }
        guard let ranges else { return nil }
        var strings: [String] = []
        for range in ranges {
            guard let string = JSONValue(text: text.slice(range)).string else { return nil }
            strings.append(string)
        }
        return strings
    }

    /// The value read as an object.
    ///
    /// - Throws: `JSONError`: `.wrongType` when it is none.
    package func object() throws(JSONError) -> JSONObject {
        try JSONObject(text)
    }

    private var firstByte: UInt8? { text.readableBytesView.first }

    /// Resolves the escapes of a checked string's content (RFC 8259 §7); bytes as UTF-8.
    static func unescape(_ content: ByteBuffer) throws(JSONError) -> [UInt8] {
        try content.withReadableBytes { (bytes) throws(JSONError) in
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count)
            var scanner = JSONScanner(bytes)
            while let byte = scanner.byte {
                if byte == UInt8(ascii: "\\") {
                    try scanner.resolveEscape(into: &result)
                } else {
                    result.append(byte)
                    scanner.advance()
                }
            }
            return result
        }
    }
}

extension JSONScanner {
    /// Consumes an array, and says where its elements lie.
    fileprivate mutating func elements() throws(JSONError) -> [Range<Int>] {
        var found: [Range<Int>] = []
        try expect("[")
        skipWhitespace()
        if consume("]") { return found }
        repeat {
            skipWhitespace()
            found.append(try skipValue(depth: JSONObject.defaultMaximumDepth))
            skipWhitespace()
        } while consume(",")
        try expect("]")
        return found
    }

    /// Consumes one escape, reverse solidus included, and appends what it stands for.
    fileprivate mutating func resolveEscape(into result: inout [UInt8]) throws(JSONError) {
        try expect("\\")
        guard let byte else { throw malformed }
        advance()
        switch byte {
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"):
            var value = UInt32(try hexadecimalUnit())
            if value & 0xFC00 == 0xD800 {
                try expect("\\")
                try expect("u")
                let low = UInt32(try hexadecimalUnit())
                value = 0x10000 + ((value & 0x3FF) << 10) + (low & 0x3FF)
            }
            guard let scalar = Unicode.Scalar(value) else { throw malformed }
            result.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
        default: result.append(byte)
        }
    }
}
