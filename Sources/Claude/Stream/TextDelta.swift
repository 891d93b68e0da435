/// Reads the event that comes by the thousand, a piece of text, without a general JSON decoder.
///
/// Knows the one shape in which the Messages API sends it. Anything else, however sound, is left to `StreamPayload`.
enum TextDelta {
    private static let opening = Array(#"{"type":"content_block_delta","index":"#.utf8)
    private static let delta = Array(#","delta":{"type":"text_delta","text":""#.utf8)

    /// The text of a `content_block_delta` event; `nil` when the bytes are not of that shape, or not sound JSON.
    static func text(of json: [UInt8]) -> String? {
        var rest = json[...]
        guard rest.skip(opening), rest.skipDigits(), rest.skip(delta), let text = rest.takeString() else { return nil }
        for closing in "}}".utf8 {
            rest = rest.drop { $0 == 0x20 }
            guard rest.popFirst() == closing else { return nil }
        }
        guard rest.allSatisfy({ $0 == 0x20 }) else { return nil }
        return String(validating: text, as: UTF8.self)
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func skip(_ prefix: [UInt8]) -> Bool {
        guard starts(with: prefix) else { return false }
        removeFirst(prefix.count)
        return true
    }

    /// RFC 8259 §6: an integer without a leading zero.
    fileprivate mutating func skipDigits() -> Bool {
        let digits = prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else { return false }
        removeFirst(digits.count)
        return true
    }

    /// Takes a string's content and its closing mark; `nil` for `\u` escapes, which are rare, and for what is no JSON.
    fileprivate mutating func takeString() -> [UInt8]? {
        var content: [UInt8] = []
        content.reserveCapacity(count)
        var index = startIndex
        while index < endIndex {
            let byte = self[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                self = self[index...]
                return content
            case UInt8(ascii: "\\"):
                guard index < endIndex, let plain = Self.unescaped(self[index]) else { return nil }
                content.append(plain)
                index += 1
            case ..<0x20:
                return nil
            default:
                content.append(byte)
            }
        }
        return nil
    }

    /// RFC 8259 §7, the escapes of one character.
    private static func unescaped(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: nil
        }
    }
}
