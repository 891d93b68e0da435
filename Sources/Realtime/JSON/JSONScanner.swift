/// Walks over JSON text byte by byte (RFC 8259), checking all of it and building nothing.
///
/// Works on borrowed memory: lives inside one `withUnsafeReadableBytes` only. Every access is behind `byte`, which checks
/// the bounds in every build.
struct JSONScanner {
    private let bytes: UnsafeRawBufferPointer
    /// Bytes consumed so far.
    private(set) var position = 0

    /// - Parameter bytes: the text; must outlive the scanner.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The byte at the position, or `nil` at the end.
    var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Goes on by one byte; at the end it stays.
    mutating func advance() {
        if position < bytes.count { position += 1 }
    }

    /// Skips space, tab, line feed and carriage return (RFC 8259 §2).
    mutating func skipWhitespace() {
        while let byte, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// Consumes `expected`, or throws.
    mutating func expect(_ expected: Unicode.Scalar) throws(JSONError) {
        guard consume(expected) else { throw malformed }
    }

    /// Consumes `wanted` when it is next; says whether it was.
    mutating func consume(_ wanted: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: wanted) else { return false }
        position += 1
        return true
    }

    /// Checks one value of any kind and returns where it lies.
    ///
    /// At most `depth` arrays and objects may still be opened.
    ///
    /// - Returns: its bytes, without whitespace around them.
    /// - Throws: `JSONError.malformed` or `.tooDeep`.
    mutating func skipValue(depth: Int) throws(JSONError) -> Range<Int> {
        let start = position
        switch byte {
        case UInt8(ascii: "{"): try skipObject(depth: depth)
        case UInt8(ascii: "["): try skipArray(depth: depth)
        case UInt8(ascii: "\""): _ = try skipString()
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        case UInt8(ascii: "n"): try skipWord("null")
        default: try skipNumber()
        }
        return start..<position
    }

    /// Checks a string and returns its content, between the quotation marks and still escaped.
    mutating func skipString() throws(JSONError) -> (content: Range<Int>, isEscaped: Bool) {
        try expect("\"")
        let start = position
        var isEscaped = false
        while let byte {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                return (start..<(position - 1), isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                try skipEscape()
            case ..<0x20:
                position -= 1
                throw malformed
            default:
                continue
            }
        }
        throw malformed
    }

    /// Where the scanner stands, as an error.
    var malformed: JSONError { .malformed(offset: position) }

    private mutating func skipObject(depth: Int) throws(JSONError) {
        guard depth > 0 else { throw .tooDeep }
        try expect("{")
        skipWhitespace()
        if consume("}") { return }
        while true {
            skipWhitespace()
            _ = try skipString()
            skipWhitespace()
            try expect(":")
            skipWhitespace()
            _ = try skipValue(depth: depth - 1)
            skipWhitespace()
            if consume("}") { return }
            try expect(",")
        }
    }

    private mutating func skipArray(depth: Int) throws(JSONError) {
        guard depth > 0 else { throw .tooDeep }
        try expect("[")
        skipWhitespace()
        if consume("]") { return }
        while true {
            skipWhitespace()
            _ = try skipValue(depth: depth - 1)
            skipWhitespace()
            if consume("]") { return }
            try expect(",")
        }
    }

    /// An escape after its reverse solidus (RFC 8259 §7).
    ///
    /// A surrogate escape must be half of a pair: a lone one has no UTF-8.
    private mutating func skipEscape() throws(JSONError) {
        guard let byte else { throw malformed }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            let unit = try hexadecimalUnit()
            if unit & 0xF800 != 0xD800 { return }
            guard unit < 0xDC00, consume("\\"), consume("u") else { throw malformed }
            guard try hexadecimalUnit() & 0xFC00 == 0xDC00 else { throw malformed }
        default:
            throw malformed
        }
    }

    /// Four hexadecimal digits, as a UTF-16 code unit.
    mutating func hexadecimalUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte else { throw malformed }
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt16(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt16(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt16(byte - UInt8(ascii: "A") + 10)
            default: throw malformed
            }
            position += 1
        }
        return unit
    }

    private mutating func skipWord(_ word: StaticString) throws(JSONError) {
        for offset in 0..<word.utf8CodeUnitCount {
            guard byte == word.utf8Start[offset] else { throw malformed }
            position += 1
        }
    }

    /// RFC 8259 §6: no leading zeros, no plus sign, digits on both sides of the point.
    private mutating func skipNumber() throws(JSONError) {
        _ = consume("-")
        if !consume("0") { try skipDigits() }
        if consume(".") { try skipDigits() }
        if consume("e") || consume("E") {
            if !consume("+") { _ = consume("-") }
            try skipDigits()
        }
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = position
        while let byte, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        guard position > start else { throw malformed }
    }
}
