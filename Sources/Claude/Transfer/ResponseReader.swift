/// Reads one HTTP answer: its head, its events, or the body of its error.
///
/// Pure; says how the attempt ended.
struct ResponseReader: Sendable {
    /// Bytes after the last event that are read away so that the connection can be used again.
    static let maximumTrailingBytes = 65_536

    private(set) var head = ResponseHead()
    private var parser: ServerSentEventParser
    private var decoder = MessageStreamDecoder()
    private var errorBody: [UInt8] = []
    private var trailingBytes = 0
    private var failure: ModelError?
    private var hasBody = false

    init(maximumEventBytes: Int) {
        parser = ServerSentEventParser(maximumEventBytes: maximumEventBytes)
    }

    var usage: TokenUsage { decoder.usage }
    var hasText: Bool { decoder.hasText }
    /// Whether the answer has reached its last event, for better or worse: only the connection is still to end.
    var isComplete: Bool { decoder.isComplete }
    /// Whether the body is a stream of events, which a full queue holds up.
    var isStreaming: Bool { head.status == 200 && !decoder.isComplete }

    /// Takes a header line.
    ///
    /// - Returns: false to give the transfer up.
    mutating func takeHeader(_ line: some Collection<UInt8>) -> Bool {
        // Trailers come through the same door.
        guard !hasBody else { return true }
        do {
            try head.append(line)
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Takes a piece of the body and appends what it says.
    ///
    /// - Returns: false to give the transfer up.
    mutating func takeBody(_ bytes: some Collection<UInt8>, into events: inout [ModelEvent]) -> Bool {
        if !hasBody {
            hasBody = true
            decoder.requestID = head.requestID
        }
        if decoder.isComplete {
            trailingBytes += bytes.count
            return trailingBytes <= Self.maximumTrailingBytes
        }
        guard head.status == 200 else {
            let room = ErrorBody.maximumBytes - errorBody.count
            errorBody.append(contentsOf: bytes.prefix(room))
            return bytes.count <= room
        }
        do {
            try takeEvents(bytes, into: &events)
            return true
        } catch {
            failure = error
            return decoder.isComplete
        }
    }

    private mutating func takeEvents(
        _ bytes: some Collection<UInt8>,
        into events: inout [ModelEvent]
    ) throws(ModelError) {
        guard head.mediaType == nil || head.mediaType == "text/event-stream" else {
            throw .malformed("The answer is not a stream of events.")
        }
        var parsed: [ServerSentEvent] = []
        var fault: ModelError?
        do {
            try parser.feed(bytes, into: &parsed)
        } catch {
            // What was complete before the fault is passed on first.
            fault = error
        }
        for event in parsed { try decoder.decode(event, into: &events) }
        if let fault { throw fault }
    }

    /// How the attempt ended.
    ///
    /// - Parameters:
    ///   - end: how the transport ended; `nil` while it lingers after a complete answer.
    ///   - now: seconds since 1970, for a `retry-after` with a date.
    /// - Returns: `nil` for a whole answer.
    func outcome(of end: TransportEnd?, now: Int) -> ModelError? {
        if let failure { return failure }
        if decoder.isComplete { return nil }
        if head.status == 200 || head.status == 0 {
            switch end {
            case .idle: return .idleTimeout
            case .failed(let code, let message) where head.status == 0: return .connection(code: code, message: message)
            default: return .truncated
            }
        }
        let body = ErrorBody(status: head.status, bytes: errorBody)
        return .service(
            status: head.status,
            type: body.type,
            message: body.message,
            requestID: head.requestID ?? body.requestID,
            retryAfter: head.retryAfter.flatMap { RetryAfter.delay($0, now: now) }
        )
    }
}

/// How a transfer ended on the wire.
enum TransportEnd: Sendable, Equatable {
    case finished
    /// No byte came for the idle time.
    case idle
    /// libcurl's code and its text.
    case failed(code: Int32, message: String)
}
