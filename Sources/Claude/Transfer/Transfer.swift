internal import CCurl
internal import CurlShims

/// One attempt on the wire: an easy handle, what it owns, and what reads its answer.
///
/// Lives on the curl thread alone.
///
/// The handle's callbacks point to this object without retaining it; `close` ends that, and is called before it goes away.
final class Transfer {
    let easy: UnsafeMutableRawPointer
    private(set) var reader: ResponseReader
    private let queue: EventQueue
    private let headers: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>

    /// When a byte came last, when it was resumed, or when it began.
    var lastActivity: ContinuousClock.Instant
    /// Set by a callback, taken by the loop, which knows the time.
    var sawBytes = false
    /// Whether any byte of the answer ever came.
    private(set) var hasBytes = false
    /// Waits for its reader.
    var isPaused = false
    /// When the answer had its stop reason; only its last event is still to come.
    var stoppedAt: ContinuousClock.Instant?
    /// When the whole answer was there; only the connection is still to end.
    var completedAt: ContinuousClock.Instant?

    /// - Throws: `ModelError.connection` when libcurl refuses an option.
    init(
        endpoint: Endpoint,
        configuration: ClaudeConfiguration,
        body: [UInt8],
        queue: EventQueue,
        isFresh: Bool,
        now: ContinuousClock.Instant
    ) throws(ModelError) {
        guard let easy = curl_easy_init() else {
            throw .connection(code: Int32(CURLE_FAILED_INIT.rawValue), message: "curl_easy_init failed")
        }
        self.easy = easy
        self.queue = queue
        reader = ResponseReader(maximumEventBytes: configuration.maximumEventBytes, secrets: configuration.secrets)
        lastActivity = now
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        var list: UnsafeMutablePointer<curl_slist>?
        var isListWhole = true
        for header in endpoint.headers {
            // On failure the old list is left as it is.
            guard let longer = curl_slist_append(list, header) else {
                isListWhole = false
                break
            }
            list = longer
        }
        headers = list
        let code =
            isListWhole
            ? setUp(endpoint: endpoint, configuration: configuration, body: body, isFresh: isFresh)
            : CURLE_OUT_OF_MEMORY
        guard code == CURLE_OK else {
            close()
            throw .connection(code: Int32(code.rawValue), message: "curl_easy_setopt: \(Self.text(of: code))")
        }
    }

    private func setUp(
        endpoint: Endpoint,
        configuration: ClaudeConfiguration,
        body: [UInt8],
        isFresh: Bool
    ) -> CURLcode {
        let isSecure = endpoint.url.utf8.starts(with: "https:".utf8)
        let numbers: [(CURLoption, Int)] = [
            // Timeouts without signals; no waiting for a resolver thread when a transfer is given up.
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_QUICK_EXIT, 1),
            (CURLOPT_CONNECTTIMEOUT_MS, max(1, configuration.connectTimeout.wholeMilliseconds)),
            (CURLOPT_FOLLOWLOCATION, 0),
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)),
            // Rather share a connection that is being made than make another: requests come in pairs.
            (CURLOPT_PIPEWAIT, isSecure ? 1 : 0),
            (CURLOPT_TCP_KEEPALIVE, 1),
            (CURLOPT_NOPROGRESS, 1),
            (CURLOPT_FRESH_CONNECT, isFresh ? 1 : 0),
        ]
        for (option, value) in numbers {
            let code = vibe_curl_easy_setopt_long(easy, option, value)
            guard code == CURLE_OK else { return code }
        }
        var strings: [(CURLoption, String)] = [
            (CURLOPT_URL, endpoint.url), (CURLOPT_PROTOCOLS_STR, "http,https"), (CURLOPT_USERAGENT, "vibe-server"),
        ]
        // Set only there: elsewhere it would take the place of the environment's own list.
        if endpoint.isLoopback { strings.append((CURLOPT_NOPROXY, "*")) }
        for (option, value) in strings {
            let code = vibe_curl_easy_setopt_string(easy, option, value)
            guard code == CURLE_OK else { return code }
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        let steps: [() -> CURLcode] = [
            { vibe_curl_easy_setopt_list(self.easy, CURLOPT_HTTPHEADER, self.headers) },
            { vibe_curl_easy_setopt_pointer(self.easy, CURLOPT_ERRORBUFFER, self.errorText) },
            { body.withUnsafeBytes { vibe_curl_easy_set_body(self.easy, $0.baseAddress, $0.count) } },
            { vibe_curl_easy_set_header_callback(self.easy, Self.takeHeader, context) },
            { vibe_curl_easy_set_write_callback(self.easy, Self.takeBody, context) },
        ]
        for step in steps {
            let code = step()
            guard code == CURLE_OK else { return code }
        }
        return CURLE_OK
    }

    /// Frees the handle, which must have been removed from its multi handle.
    ///
    /// Nothing may be called afterwards.
    func close() {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headers)
        errorText.deallocate()
    }

    /// How libcurl ended it, in its words.
    func end(code: CURLcode) -> TransportEnd {
        guard code != CURLE_OK else { return .finished }
        let text = String(cString: errorText)
        return .failed(
            code: Int32(code.rawValue),
            message: ServiceText.clean(text.isEmpty ? Self.text(of: code) : text)
        )
    }

    /// Ends the body: passes on what only its end shows.
    func finish() {
        var events: [ModelEvent] = []
        reader.finish(into: &events)
        queue.append(events, usage: reader.usage)
    }

    /// Whether the request went to a connection that had been left open and was closed under it before any byte came.
    func wasStale(_ code: CURLcode) -> Bool {
        guard !hasBytes, [CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2].contains(code) else {
            return false
        }
        var connects = 0
        return vibe_curl_easy_getinfo_long(easy, CURLINFO_NUM_CONNECTS, &connects) == CURLE_OK && connects == 0
    }

    private static func text(of code: CURLcode) -> String {
        curl_easy_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
    }

    // MARK: Callbacks. They only take bytes: handles are touched by the loop, after libcurl has returned.

    private static let takeHeader: vibe_curl_write = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
        transfer.noteBytes()
        return transfer.reader.takeHeader(line) ? line.count : 0
    }

    private static let takeBody: vibe_curl_write = { bytes, size, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }

    private func noteBytes() {
        sawBytes = true
        hasBytes = true
    }

    private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        noteBytes()
        if reader.isStreaming, !queue.admits() {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        var events: [ModelEvent] = []
        let goesOn = reader.takeBody(bytes, into: &events)
        // Text after a stop reason: the end is to come again.
        if events.contains(where: \.isText) { stoppedAt = nil }
        queue.append(events, usage: reader.usage)
        return goesOn ? bytes.count : 0
    }
}

extension ModelEvent {
    fileprivate var isText: Bool {
        if case .text = self { true } else { false }
    }
}

extension Duration {
    /// Milliseconds, rounded up, from 0 to a day.
    var wholeMilliseconds: Int {
        guard self > .zero else { return 0 }
        guard self < .seconds(86_400) else { return 86_400_000 }
        let (seconds, attoseconds) = components
        return Int(seconds) * 1_000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
