internal import NIOCore

extension ByteBuffer {
    /// Appends a string as a JSON string, quotes included (RFC 8259 §7).
    mutating func writeJSON(_ text: String) {
        writeInteger(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): writeStaticString(#"\""#)
            case UInt8(ascii: "\\"): writeStaticString(#"\\"#)
            case UInt8(ascii: "\n"): writeStaticString(#"\n"#)
            case UInt8(ascii: "\r"): writeStaticString(#"\r"#)
            case UInt8(ascii: "\t"): writeStaticString(#"\t"#)
            case 0..<0x20:
                writeStaticString(#"\u00"#)
                writeInteger(hexDigit(byte >> 4))
                writeInteger(hexDigit(byte & 15))
            default: writeInteger(byte)
            }
        }
        writeInteger(UInt8(ascii: "\""))
    }

    private func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
