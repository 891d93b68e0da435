/// A plain reader of JSON for tests that read much: independent of the one under test, and quicker than Foundation's, whose
/// errors cost much under the testing library.
struct PlainJSON {
    private let bytes: [UInt8]
    private var index = 0

    /// Reads one value; `nil` when it is not JSON.
    ///
    /// Numbers are integers.
    static func read(_ text: some StringProtocol) -> Parsed? {
        var reader = PlainJSON(bytes: Array(text.utf8))
        guard let value = reader.value(), reader.index == reader.bytes.count else { return nil }
        return value
    }

    private mutating func value() -> Parsed? {
        switch peek {
        case UInt8(ascii: "{"): return object()
        case UInt8(ascii: "["): return array()
        case UInt8(ascii: "\""): return string().map { .text($0) }
        case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
        case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
        case UInt8(ascii: "n"): return take("null") ? .null : nil
        default: return number()
        }
    }

    private mutating func object() -> Parsed? {
        var members: [String: Parsed] = [:]
        guard take("{") else { return nil }
        if take("}") { return .object(members) }
        repeat {
            guard let key = string(), take(":"), let value = value(), members.updateValue(value, forKey: key) == nil
            else { return nil }
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func array() -> Parsed? {
        var elements: [Parsed] = []
        guard take("[") else { return nil }
        if take("]") { return .array(elements) }
        repeat {
            guard let value = value() else { return nil }
            elements.append(value)
        } while take(",")
        return take("]") ? .array(elements) : nil
    }

    /// With the two escapes that the tests' texts need.
    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        var content: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: "\"") {
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                content.append(byte)
                continue
            }
            guard let escaped = peek, escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\") else { return nil }
            content.append(escaped)
            index += 1
        }
        return take("\"") ? String(validating: content, as: UTF8.self) : nil
    }

    private mutating func number() -> Parsed? {
        let start = index
        while let byte = peek, byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            index += 1
        }
        return Int(String(decoding: bytes[start..<index], as: UTF8.self)).map { .integer($0) }
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ text: StaticString) -> Bool {
        let end = index + text.utf8CodeUnitCount
        guard end <= bytes.count else { return false }
        let isHere = text.withUTF8Buffer { bytes[index..<end].elementsEqual($0) }
        if isHere { index = end }
        return isHere
    }
}
