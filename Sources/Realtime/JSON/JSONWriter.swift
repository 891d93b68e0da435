package import NIOCore

/// Writes JSON straight into a buffer, for events that are too frequent for Codable.
///
/// The caller is responsible for the grammar: `key` between `beginObject` and `endObject`, commas are put by themselves.
package struct JSONWriter {
    /// The JSON so far.
    package private(set) var buffer: ByteBuffer
    private var needsComma = false

    /// - Parameter buffer: appended to.
    package init(into buffer: ByteBuffer = ByteBuffer()) {
        self.buffer = buffer
    }

    /// Ends writing and hands the buffer over, so that it can be appended to without a copy.
    package consuming func finish() -> ByteBuffer { buffer }

    package mutating func beginObject() { open("{") }
    package mutating func endObject() { close("}") }
    package mutating func beginArray() { open("[") }
    package mutating func endArray() { close("]") }

    /// Writes a key that needs no escaping: a literal of ours.
    package mutating func key(_ name: StaticString) {
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        buffer.writeStaticString(name)
        buffer.writeStaticString("\":")
        needsComma = false
    }

    /// Writes a key of any content, such as a path or an id.
    package mutating func key(escaping name: String) {
        separate()
        writeQuoted(name)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func value(_ string: String) {
        separate()
        writeQuoted(string)
        needsComma = true
    }

    package mutating func value(_ integer: some FixedWidthInteger) {
        separate()
        writeDecimal(integer)
        needsComma = true
    }

    /// Writes a finite number; infinities and NaN become `null`, as JSON has no word for them.
    package mutating func value(_ double: Double) {
        separate()
        buffer.writeString(double.isFinite ? "\(double)" : "null")
        needsComma = true
    }

    package mutating func value(_ bool: Bool) {
        separate()
        buffer.writeStaticString(bool ? "true" : "false")
        needsComma = true
    }

    package mutating func null() {
        separate()
        buffer.writeStaticString("null")
        needsComma = true
    }

    /// Writes bytes that are a whole JSON value already.
    package mutating func raw(_ json: ByteBuffer) {
        separate()
        buffer.writeImmutableBuffer(json)
        needsComma = true
    }

    package mutating func member(_ name: StaticString, _ string: String) {
        key(name)
        value(string)
    }

    package mutating func member(_ name: StaticString, _ integer: some FixedWidthInteger) {
        key(name)
        value(integer)
    }

    package mutating func member(_ name: StaticString, _ bool: Bool) {
        key(name)
        value(bool)
    }

    /// Writes an array of values.
    package mutating func array<Element>(
        _ elements: some Sequence<Element>,
        _ write: (Element, inout JSONWriter) -> Void
    ) {
        beginArray()
        for element in elements { write(element, &self) }
        endArray()
    }

    /// Writes the member only when there is a value.
    package mutating func member(_ name: StaticString, ifPresent string: String?) {
        if let string { member(name, string) }
    }

    private mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        buffer.writeInteger(UInt8(ascii: bracket))
        needsComma = false
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        buffer.writeInteger(UInt8(ascii: bracket))
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
    }

    private mutating func writeDecimal(_ integer: some FixedWidthInteger) {
        buffer.writeString(String(integer))
    }

    /// RFC 8259 §7: quotation mark, reverse solidus and the control characters are escaped; the rest travels as UTF-8.
    private mutating func writeQuoted(_ string: String) {
        buffer.reserveCapacity(minimumWritableBytes: string.utf8.count + 2)
        buffer.writeInteger(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { bytes in
            var start = 0
            for index in bytes.indices {
                let byte = bytes[index]
                guard byte < 0x20 || byte == 0x22 || byte == 0x5C else { continue }
                buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start..<index]))
                writeEscape(byte)
                start = index + 1
            }
            buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start...]))
        }
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    private mutating func writeEscape(_ byte: UInt8) {
        switch byte {
        case 0x22: buffer.writeStaticString("\\\"")
        case 0x5C: buffer.writeStaticString("\\\\")
        case 0x0A: buffer.writeStaticString("\\n")
        case 0x0D: buffer.writeStaticString("\\r")
        case 0x09: buffer.writeStaticString("\\t")
        default:
            let digits = Array("0123456789abcdef".utf8)
            buffer.writeStaticString("\\u00")
            buffer.writeInteger(digits[Int(byte >> 4)])
            buffer.writeInteger(digits[Int(byte & 0xF)])
        }
    }
}
