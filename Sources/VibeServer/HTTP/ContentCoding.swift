/// Which coding of a body a client takes (RFC 9110 §12.5.3).
enum ContentCoding: String, Sendable {
    case identity, gzip

    /// The better of our codings for the values of `Accept-Encoding`.
    ///
    /// gzip where it is named, or stands behind `*`, with a weight above 0 and not below that of `identity`.
    static func preferred(_ values: [String]) -> ContentCoding {
        var weights: [String: Double] = [:]
        for value in values {
            for item in value.utf8.split(separator: UInt8(ascii: ",")) {
                let parts = item.split(separator: UInt8(ascii: ";")).map(trimmed)
                guard let name = parts.first, !name.isEmpty else { continue }
                weights[name == "x-gzip" ? "gzip" : name] = weight(parts.dropFirst())
            }
        }
        guard let gzip = weights["gzip"] ?? weights["*"], gzip > 0 else { return .identity }
        return gzip >= (weights["identity"] ?? 0) ? .gzip : .identity
    }

    /// The value of `q`, 1 without one; 0 for what is no weight.
    private static func weight(_ parameters: ArraySlice<String>) -> Double {
        for parameter in parameters where parameter.hasPrefix("q=") {
            guard let value = Double(parameter.dropFirst(2)), (0...1).contains(value) else { return 0 }
            return value
        }
        return 1
    }

    private static func trimmed(_ text: Substring.UTF8View.SubSequence) -> String {
        var text = text.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
        return String(Substring(text)).lowercased()
    }
}
