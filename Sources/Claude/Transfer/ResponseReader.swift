/// Reads one HTTP answer: its head, its events, or the body of its error.
///
/// Pure; says how the attempt ended. What a body is shows in its first byte, as gateways send any media type with it.
struct ResponseReader: Sendable {
    /// Bytes after the last event that are read away so that the connection can be used again.
    static let maximumTrailingBytes = 65_536

    /// Bytes of an answer that is not streamed, at most.
    static let maximumMessageBytes = 4_194_304

    /// What a body with status 200 is.
    private enum Form { case events, json, other }

    private(set) var head = ResponseHead()
    private var parser: ServerSentEventParser
    private var decoder: MessageStreamDecoder
    private let secrets: [Secret]
    private var form: Form?
    /// The body of an error, or an answer that is not streamed.
    private var body: [UInt8] = []
    private var trailingBytes = 0
    private var failure: ModelError?
    private var hasBody = false

    /// - Parameters:
    ///   - maximumEventBytes: of a line and of an event.
    ///   - secrets: what no error may repeat.
    init(maximumEventBytes: Int, secrets: [Secret] = []) {
        parser = ServerSentEventParser(maximumEventBytes: maximumEventBytes)
        decoder = MessageStreamDecoder(secrets: secrets)
        self.secrets = secrets
    }

    var usage: TokenUsage { decoder.usage }
    var hasText: Bool { decoder.hasText }
    /// Whether the answer has reached its last event, for better or worse: only the connection is still to end.
    var isComplete: Bool { decoder.isComplete }
    /// Whether the answer has its stop reason and only its last event is still to come.
    var isStopping: Bool { decoder.isStopping }
    /// Events that could not be read and were passed over.
    var skippedEvents: Int { decoder.skippedEvents }
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
            let room = ErrorBody.maximumBytes - body.count
            body.append(contentsOf: bytes.prefix(room))
            return bytes.count <= room
        }
        do {
            try takeAnswer(bytes, into: &events)
            return true
        } catch {
            return settle(error, into: &events)
        }
    }

    /// Ends the body: an answer that only lacks its last event, or its end, is whole.
    mutating func finish(into events: inout [ModelEvent]) {
        guard failure == nil, head.status == 200, !decoder.isComplete else { return }
        do throws(ModelError) {
            var last: [ServerSentEvent] = []
            if form == .json {
                last = [ServerSentEvent(name: "", data: body)]
            } else {
                try parser.finish(into: &last)
            }
            // Nothing is lost with a cut event: the answer is whole without it, or it is cut itself.
            last.removeAll { !$0.isWhole }
            for event in last { try decoder.decode(event, into: &events) }
            try decoder.finish(into: &events)
            if form == .json, !last.isEmpty, !decoder.isComplete { throw ModelError.malformed(Self.otherBody) }
        } catch {
            _ = settle(error, into: &events)
        }
    }

    private static let otherBody = "The answer is neither a stream of events nor a message."

    /// Keeps what ends the answer.
    ///
    /// - Returns: false to give the transfer up.
    private mutating func settle(_ error: ModelError, into events: inout [ModelEvent]) -> Bool {
        if case .malformed = error, decoder.isComplete { return true }
        guard decoder.isStopping else {
            failure = error
            return decoder.isComplete
        }
        // The answer was whole before.
        do throws(ModelError) {
            try decoder.finish(into: &events)
        } catch {
            failure = error
        }
        return true
    }

    private mutating func takeAnswer(
        _ bytes: some Collection<UInt8>,
        into events: inout [ModelEvent]
    ) throws(ModelError) {
        form = form ?? self.form(of: bytes)
        switch form {
        case .json:
            guard body.count + bytes.count <= Self.maximumMessageBytes else {
                throw .malformed("The answer is longer than \(Self.maximumMessageBytes) bytes.")
            }
            body.append(contentsOf: bytes)
        case .other:
            throw .malformed(Self.otherBody)
        case .events, nil:
            try takeEvents(bytes, into: &events)
        }
    }

    /// What the body is; `nil` while nothing but blanks and a byte order mark came.
    private func form(of bytes: some Collection<UInt8>) -> Form? {
        switch bytes.first(where: { $0 > 0x20 && ![0xEF, 0xBB, 0xBF].contains($0) }) {
        case nil: nil
        case UInt8(ascii: "{"): .json
        case UInt8(ascii: "<"), UInt8(ascii: "["): .other
        // The fields of a stream of events, and its comments.
        case UInt8(ascii: "e"), UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "r"), UInt8(ascii: ":"): .events
        default: head.mediaType == nil || head.mediaType == "text/event-stream" ? .events : .other
        }
    }

    private mutating func takeEvents(
        _ bytes: some Collection<UInt8>,
        into events: inout [ModelEvent]
    ) throws(ModelError) {
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
        let body = ErrorBody(
            status: head.status,
            bytes: body,
            isText: head.mediaType == "text/plain",
            secrets: secrets
        )
        return .service(
            status: head.status,
            type: body.type,
            message: body.message,
            requestID: head.requestID ?? body.requestID,
            retryAfter: head.delay(now: now)
        )
    }
}

extension ServerSentEvent {
    /// Whether its data is whole JSON, or the word that ends some streams.
    fileprivate var isWhole: Bool {
        if data.elementsEqual("[DONE]".utf8) { return true }
        return (try? StreamPayload(json: data)) != nil
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
