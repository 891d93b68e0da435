internal import CCurl

/// The address and headers of every request, checked once.
struct Endpoint: Sendable {
    /// `{base}/v1/messages`, also where the base ends in a part of that.
    let url: String
    /// Whether no proxy may stand between: a proxy's loopback is not ours.
    let isLoopback: Bool
    /// Whole header lines.
    ///
    /// Hold the keys, so they are never printed.
    let headers: [String]

    /// - Throws: `ClaudeConfigurationError.invalidBaseURL` or `invalidKey`.
    init(_ configuration: ClaudeConfiguration) throws(ClaudeConfigurationError) {
        guard let handle = curl_url() else {
            throw .unavailable(
                operation: "curl_url",
                code: Int(CURLUE_OUT_OF_MEMORY.rawValue),
                message: "out of memory"
            )
        }
        defer { curl_url_cleanup(handle) }
        var base = configuration.baseURL
        while base.utf8.last == UInt8(ascii: "/") { base.removeLast() }
        guard
            base.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            curl_url_set(handle, CURLUPART_URL, base, 0) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: handle), ["http", "https"].contains(scheme),
            let host = Self.part(CURLUPART_HOST, of: handle), !host.isEmpty,
            [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT].allSatisfy({
                Self.part($0, of: handle) == nil
            })
        else { throw .invalidBaseURL }

        let path = Self.part(CURLUPART_PATH, of: handle) ?? ""
        // Only of the path: a host may be called so too.
        for ending in ["/v1/messages", "/v1"] where path.hasSuffix(ending) {
            base.removeLast(ending.utf8.count)
            break
        }
        while base.utf8.last == UInt8(ascii: "/") { base.removeLast() }
        url = base + "/v1/messages"
        isLoopback = Self.isLoopback(host.lowercased())
        var headers = [
            "Content-Type: application/json",
            "Accept: text/event-stream",
            "anthropic-version: \(try Self.checked(configuration.version))",
            // Bodies over 1 MiB would wait a second for a `100 Continue` otherwise.
            "Expect:",
        ]
        if let key = configuration.apiKey { headers.append("x-api-key: \(try Self.checked(key.reveal()))") }
        if let token = configuration.authToken {
            headers.append("Authorization: Bearer \(try Self.checked(token.reveal()))")
        }
        self.headers = headers
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    /// RFC 9110 §5.5: visible ASCII and blanks, so that no value begins another header.
    private static func checked(_ value: String) throws(ClaudeConfigurationError) -> String {
        guard !value.isEmpty, value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { throw .invalidKey }
        return value
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host.hasPrefix("127.") || host == "[::1]"
    }
}
