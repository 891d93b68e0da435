/// One extension that a client offers, as the grammar of RFC 6455 §9.1 reads it.
struct ExtensionOffer {
    /// The registered name of RFC 7692.
    static let permessageDeflate = "permessage-deflate"

    var name: String
    /// In their order; a quoted value without its quotes.
    var parameters: [(name: String, value: String?)] = []

    /// Reads all values of `Sec-WebSocket-Extensions`, which count as one list (RFC 6455 §11.3.2).
    ///
    /// - Returns: The offers in the client's order of preference, or `nil` when one of the values breaks the grammar.
    static func parse(_ values: [String]) -> [ExtensionOffer]? {
        var offers: [ExtensionOffer] = []
        for value in values {
            var reader = ExtensionReader(value)
            guard let read = reader.list() else { return nil }
            offers += read
        }
        return offers
    }
}

/// Walks over one header value, byte by byte.
private struct ExtensionReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// Reads `1#extension`; empty elements are refused.
    mutating func list() -> [ExtensionOffer]? {
        var offers: [ExtensionOffer] = []
        repeat {
            guard let offer = offer() else { return nil }
            offers.append(offer)
        } while take(",")
        return index == bytes.count ? offers : nil
    }

    /// Reads a name and its parameters: `token *( ";" extension-param )`.
    private mutating func offer() -> ExtensionOffer? {
        guard let name = token() else { return nil }
        var offer = ExtensionOffer(name: name)
        while take(";") {
            guard let name = token() else { return nil }
            guard take("=") else {
                offer.parameters.append((name, nil))
                continue
            }
            guard let value = value() else { return nil }
            offer.parameters.append((name, value))
        }
        return offer
    }

    /// A token, or a quoted string that is one without its quotes and escapes (RFC 6455 §9.1).
    private mutating func value() -> String? {
        guard take("\"") else { return token() }
        var text: [UInt8] = []
        while index < bytes.count {
            var byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") {
                let value = String(decoding: text, as: UTF8.self)
                skipBlanks()
                return HeaderFields.isToken(value) ? value : nil
            }
            if byte == UInt8(ascii: "\\") {
                guard index < bytes.count else { return nil }
                byte = bytes[index]
                index += 1
            }
            text.append(byte)
        }
        return nil
    }

    private mutating func token() -> String? {
        skipBlanks()
        let start = index
        while index < bytes.count, HeaderFields.isTokenByte(bytes[index]) { index += 1 }
        guard index > start else { return nil }
        let token = String(decoding: bytes[start..<index], as: UTF8.self)
        skipBlanks()
        return token
    }

    private mutating func take(_ separator: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard index < bytes.count, bytes[index] == UInt8(ascii: separator) else { return false }
        index += 1
        return true
    }

    private mutating func skipBlanks() {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    }
}
