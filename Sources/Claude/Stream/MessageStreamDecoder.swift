/// Follows one answer of the Messages API through its events.
///
/// Events that it does not know are ignored, as the API's versioning policy asks for.
struct MessageStreamDecoder: Sendable {
    /// The header `request-id`, passed on in `started`.
    var requestID: String?
    /// Tokens counted so far.
    private(set) var usage = TokenUsage()
    /// Whether `message_stop` came.
    ///
    /// What follows it is ignored.
    private(set) var isComplete = false
    /// Whether any text came: from then on nothing is retried.
    private(set) var hasText = false
    private var stopReason: String?

    init(requestID: String? = nil) {
        self.requestID = requestID
    }

    /// Takes one event and appends what it says.
    ///
    /// - Throws: `ModelError.malformed` for bad JSON, `streamError` for an `error` event, `maximumTokens` and `refused` at the end
    ///   of an answer that stopped for such a reason.
    mutating func decode(_ event: ServerSentEvent, into events: inout [ModelEvent]) throws(ModelError) {
        guard !isComplete, event.name.isEmpty || Self.knownTypes.contains(event.name) else { return }
        if event.name == "content_block_delta", let text = TextDelta.text(of: event.data) {
            return append(text, to: &events)
        }
        let payload = try StreamPayload(json: event.data)
        switch payload.type ?? event.name {
        case "message_start":
            count(payload.message?.usage)
            events.append(.started(requestID: requestID, inputTokens: usage.inputTokens))
        case "content_block_start":
            if payload.content_block?.type == "text" { append(payload.content_block?.text, to: &events) }
        case "content_block_delta":
            if payload.delta?.type == "text_delta" { append(payload.delta?.text, to: &events) }
        case "message_delta":
            count(payload.usage)
            stopReason = payload.delta?.stop_reason ?? stopReason
        case "message_stop":
            isComplete = true
            try end(into: &events)
        case "error":
            throw .streamError(
                type: ServiceText.identifier(payload.error?.type) ?? "api_error",
                message: ServiceText.clean(payload.error?.message ?? "")
            )
        default:
            break
        }
    }

    private mutating func append(_ text: String?, to events: inout [ModelEvent]) {
        guard let text, !text.isEmpty else { return }
        hasText = true
        events.append(.text(text))
    }

    /// Later counts are totals, not additions.
    private mutating func count(_ counted: StreamPayload.Usage?) {
        if let input = counted?.allInputTokens { usage.inputTokens = input }
        if let output = counted?.output_tokens { usage.outputTokens = max(0, output) }
    }

    private func end(into events: inout [ModelEvent]) throws(ModelError) {
        switch stopReason {
        case "max_tokens", "model_context_window_exceeded": throw .maximumTokens
        case "refusal": throw .refused
        default: events.append(.finished(usage))
        }
    }

    private static let knownTypes: Set<String> = [
        "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta",
        "message_stop",
        "ping", "error",
    ]
}
