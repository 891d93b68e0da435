/// Follows one answer of the Messages API through its events.
///
/// Events that it does not know are ignored, as the API's versioning policy asks for. Gateways add, drop and rewrite events; an
/// answer is whole as soon as it has its stop reason, and nothing that comes afterwards takes it back.
struct MessageStreamDecoder: Sendable {
    /// The header `request-id`, passed on in `started`.
    var requestID: String?
    /// Tokens counted so far.
    private(set) var usage = TokenUsage()
    /// Whether the answer has ended: with `message_stop`, or with what stands in for it.
    ///
    /// What follows is ignored.
    private(set) var isComplete = false
    /// Whether any text came: from then on nothing is retried.
    private(set) var hasText = false
    /// Events that could not be read and were passed over.
    private(set) var skippedEvents = 0
    private var stopReason: String?
    private var explanation = ""
    /// The first half of a character whose second half comes with the next text.
    private var half: UInt16?
    private let secrets: [Secret]

    /// - Parameters:
    ///   - requestID: the header `request-id`.
    ///   - secrets: what no error may repeat.
    init(requestID: String? = nil, secrets: [Secret] = []) {
        self.requestID = requestID
        self.secrets = secrets
    }

    /// Whether the answer has its stop reason and only `message_stop` is still to come.
    var isStopping: Bool { stopReason != nil && !isComplete }

    /// Takes one event and appends what it says.
    ///
    /// - Throws: `ModelError.malformed` for an event that cannot be read and may hold a piece of the answer, `streamError` for an
    ///   `error` event, `maximumTokens` and `refused` at the end of an answer that stopped for such a reason.
    mutating func decode(_ event: ServerSentEvent, into events: inout [ModelEvent]) throws(ModelError) {
        guard !isComplete else { return }
        if let text = TextDelta.text(of: event.data) { return append(text, to: &events) }
        if event.data.elementsEqual("[DONE]".utf8) { return try finish(into: &events) }
        let payload: StreamPayload
        do {
            payload = try StreamPayload(json: event.data)
        } catch {
            return try passOver(event, error, into: &events)
        }
        try take(payload, named: event.name, into: &events)
    }

    /// Ends an answer that has its stop reason, as the stream has ended; without one, nothing happens.
    ///
    /// - Throws: as `decode`.
    mutating func finish(into events: inout [ModelEvent]) throws(ModelError) {
        if isStopping { try end(into: &events) }
    }

    private mutating func take(
        _ payload: StreamPayload,
        named name: String,
        into events: inout [ModelEvent]
    ) throws(ModelError) {
        let isError = name == "error" || payload.type == nil && payload.error != nil
        switch isError ? "error" : payload.type ?? name {
        case "message_start":
            count(payload.message?.usage)
            events.append(.started(requestID: requestID, inputTokens: usage.inputTokens))
        case "content_block_start":
            if let block = payload.content_block, block.type == "text" {
                append(block.text, hasHalves: payload.hasHalves, to: &events)
            }
        case "content_block_delta":
            if let delta = payload.delta, delta.type ?? "text_delta" == "text_delta" {
                append(delta.text, hasHalves: payload.hasHalves, to: &events)
            }
        case "message_delta":
            count(payload.usage)
            stop(payload.delta?.stop_reason, payload.delta?.stop_details)
        case "message_stop":
            try end(into: &events)
        case "message":
            try takeWhole(payload, into: &events)
        case "error":
            try fail(payload.error ?? payload.ownFailure, requestID: payload.request_id)
        default:
            break
        }
    }

    /// Takes an answer that was not streamed.
    private mutating func takeWhole(
        _ payload: StreamPayload,
        into events: inout [ModelEvent]
    ) throws(ModelError) {
        guard !hasText, let content = payload.content else { return }
        count(payload.usage)
        events.append(.started(requestID: requestID, inputTokens: usage.inputTokens))
        for block in content where block.type == "text" {
            append(block.text, hasHalves: payload.hasHalves, to: &events)
        }
        stop(payload.stop_reason, payload.stop_details)
        try end(into: &events)
    }

    /// Decides on an event that cannot be read: it is an error when a piece of the answer may be lost with it.
    private mutating func passOver(
        _ event: ServerSentEvent,
        _ error: ModelError,
        into events: inout [ModelEvent]
    ) throws(ModelError) {
        let lines = event.data.split(separator: 0x0A)
        if lines.count > 1, lines.allSatisfy({ $0.first == UInt8(ascii: "{") && $0.last == UInt8(ascii: "}") }) {
            // Events whose blank lines between them were lost.
            for line in lines { try decode(ServerSentEvent(name: "", data: Array(line)), into: &events) }
            return
        }
        skippedEvents += 1
        guard stopReason == nil else { return }
        switch event.name {
        case "message_stop":
            try end(into: &events)
        case "error":
            let text = ServiceText.clean(String(decoding: event.data, as: UTF8.self), hiding: secrets)
            throw .streamError(type: "api_error", message: text, requestID: requestID)
        case "content_block_start", "content_block_delta", "message_delta":
            throw error
        case "":
            if event.data.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") { throw error }
        default:
            if String(decoding: event.data, as: UTF8.self).contains("content_block_delta") { throw error }
        }
    }

    /// Ends an answer with the service's error, unless it is whole already.
    private mutating func fail(_ failure: StreamPayload.Failure?, requestID other: String?) throws(ModelError) {
        guard stopReason == nil else {
            skippedEvents += 1
            return
        }
        var type = ServiceText.identifier(failure?.type)
        if let code = failure?.code, (400...599).contains(code), type?.hasSuffix("_error") != true {
            type = ErrorBody.type(ofStatus: code)
        }
        throw .streamError(
            type: type ?? "api_error",
            message: ServiceText.clean(failure?.message ?? "", hiding: secrets),
            requestID: requestID ?? ServiceText.identifier(other)
        )
    }

    private mutating func append(_ text: String?, hasHalves: Bool = false, to events: inout [ModelEvent]) {
        guard let text, !text.isEmpty else { return }
        guard hasHalves || half != nil else { return tell(text, to: &events) }
        var units = half.map { [$0] } ?? []
        units += hasHalves ? LoneSurrogates.units(of: text) : Array(text.utf16)
        half = units.last.flatMap { UTF16.isLeadSurrogate($0) ? $0 : nil }
        if half != nil { units.removeLast() }
        // A half without its other half becomes U+FFFD here.
        tell(String(decoding: units, as: UTF16.self), to: &events)
    }

    private mutating func tell(_ text: String, to events: inout [ModelEvent]) {
        guard !text.isEmpty else { return }
        hasText = true
        events.append(.text(text))
    }

    /// Later counts are totals, not additions.
    private mutating func count(_ counted: StreamPayload.Usage?) {
        if let input = counted?.allInputTokens { usage.inputTokens = input }
        if let output = counted?.output_tokens { usage.outputTokens = max(0, output) }
    }

    private mutating func stop(_ reason: String?, _ details: StreamPayload.StopDetails?) {
        stopReason = reason ?? stopReason
        if let text = details?.explanation { explanation = ServiceText.clean(text, hiding: secrets) }
    }

    private mutating func end(into events: inout [ModelEvent]) throws(ModelError) {
        isComplete = true
        if half != nil { tell("\u{FFFD}", to: &events) }
        half = nil
        switch stopReason {
        case "max_tokens", "model_context_window_exceeded": throw .maximumTokens
        case "refusal": throw .refused(explanation: explanation, requestID: requestID)
        default: events.append(.finished(usage))
        }
    }
}
