internal import CCurl

/// What we need of an answer's status line and headers.
///
/// Takes the lines as libcurl hands them over, informational answers and all.
struct ResponseHead: Sendable, Equatable {
    /// Bytes of all header lines at most.
    static let maximumBytes = 262_144

    /// 0 until a status line came.
    private(set) var status = 0
    private(set) var requestID: String?
    private(set) var retryAfter: String?
    /// The header `retry-after-ms`, which is more exact than `retry-after`.
    private(set) var retryAfterMilliseconds: String?
    /// The header `x-should-retry`; `nil` where it says neither yes nor no.
    private(set) var shouldRetry: Bool?
    /// The media type in lower case, without parameters.
    private(set) var mediaType: String?
    private var bytes = 0

    init() {}

    /// Takes one line with its line end.
    ///
    /// - Throws: `ModelError.malformed` when the headers are larger than the limit.
    mutating func append(_ line: some Collection<UInt8>) throws(ModelError) {
        bytes += line.count
        guard bytes <= Self.maximumBytes else {
            throw .malformed("The headers are longer than \(Self.maximumBytes) bytes.")
        }
        if line.starts(with: "HTTP/".utf8) {
            let total = bytes
            self = ResponseHead()
            bytes = total
            status = Self.status(of: line)
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
        let value = Self.trimmed(line[line.index(after: colon)...])
        switch name {
        case "request-id": requestID = ServiceText.identifier(value)
        // Gateways' own, where the service's did not come through.
        case "x-request-id", "x-amzn-requestid": requestID = requestID ?? ServiceText.identifier(value)
        case "retry-after": retryAfter = value.utf8.count <= 64 ? value : nil
        case "retry-after-ms": retryAfterMilliseconds = value.utf8.count <= 64 ? value : nil
        case "x-should-retry": shouldRetry = ["true": true, "false": false][value.lowercased()]
        case "content-type": mediaType = value.split(separator: ";").first.map { Self.trimmed($0.utf8).lowercased() }
        default: break
        }
    }

    /// How long the service asks to wait.
    ///
    /// - Parameter now: seconds since 1970, for a date.
    /// - Returns: `nil` where it does not ask.
    func delay(now: Int) -> Duration? {
        if let value = retryAfterMilliseconds, let number = RetryAfter.number(value) {
            return .milliseconds(Int64(number))
        }
        return retryAfter.flatMap { RetryAfter.delay($0, now: now) }
    }

    /// The second word of a status line, such as `HTTP/1.1 200 OK`.
    private static func status(of line: some Collection<UInt8>) -> Int {
        let words = line.split(separator: 0x20, maxSplits: 2)
        guard words.count > 1, let number = Int(Self.trimmed(words[1])), (100...999).contains(number) else { return 0 }
        return number
    }

    private static func trimmed(_ bytes: some Collection<UInt8>) -> String {
        var rest = bytes[...]
        while let first = rest.first, first <= 0x20 { rest = rest.dropFirst() }
        var kept = Array(rest)
        while let last = kept.last, last <= 0x20 { kept.removeLast() }
        return String(decoding: kept, as: UTF8.self)
    }
}

/// The header `Retry-After` (RFC 9110 §10.2.3), with the fractions that services send.
enum RetryAfter {
    /// A number of at most nine digits before its point; larger ones are cut to that.
    ///
    /// - Returns: `nil` for what is no decimal number, or below zero.
    static func number(_ value: String) -> Double? {
        guard let first = value.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
            !value.lowercased().contains("x"), let number = Double(value)
        else { return nil }
        return min(number, 999_999_999)
    }

    /// Reads a value as the time to wait.
    ///
    /// - Parameters:
    ///   - value: as sent.
    ///   - now: seconds since 1970.
    /// - Returns: `nil` when the value is neither seconds nor an HTTP date; zero for a date in the past.
    static func delay(_ value: String, now: Int) -> Duration? {
        if let number = number(value) { return .milliseconds(Int64(number * 1_000)) }
        // Only dates with the name of a day; libcurl reads much more than that as a date.
        guard value.utf8.contains(UInt8(ascii: ",")) || value.split(separator: " ").count == 5 else { return nil }
        let date = curl_getdate(value, nil)
        guard date >= 0 else { return nil }
        return .seconds(max(0, date - now))
    }
}
