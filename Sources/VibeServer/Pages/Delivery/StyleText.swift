/// Style sheets as they are sent.
enum StyleText {
    /// Without comments and most of the white space that says nothing; strings are left alone.
    static func stripped(_ source: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(source.count)
        var index = 0
        var quote: UInt8?
        while index < source.count {
            let byte = source[index]
            if let mark = quote {
                text.append(byte)
                if byte == UInt8(ascii: "\\"), index + 1 < source.count {
                    index += 1
                    text.append(source[index])
                } else if byte == mark {
                    quote = nil
                }
            } else if byte == UInt8(ascii: "/"), index + 1 < source.count, source[index + 1] == UInt8(ascii: "*") {
                index += 3
                while index < source.count,
                    !(source[index] == UInt8(ascii: "/") && source[index - 1] == UInt8(ascii: "*"))
                {
                    index += 1
                }
            } else if isSpace(byte), text.last.map({ isSpace($0) || closing.contains($0) }) ?? true {
                // Behind what ends a rule, a name or a value, white space says nothing.
            } else {
                if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") { quote = byte }
                text.append(byte)
            }
            index += 1
        }
        return text
    }

    private static let closing = Array("{};,:".utf8)

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
            || byte == UInt8(ascii: "\r")
    }
}
