internal import NIOCore

/// Writes an answer's events and its plain form, byte for byte as the service words them.
struct MessageEvents: Sendable {
    /// `msg_…`.
    var messageID: String
    /// The model's name as asked for.
    var model: String
    /// The input's tokens, as reported.
    var inputTokens: Int

    /// `message_start`, `content_block_start` and `ping`.
    func writeStart(to buffer: inout ByteBuffer) {
        buffer.writeString("event: message_start\ndata: {\"type\":\"message_start\",\"message\":")
        writeMessage(text: nil, stop: nil, outputTokens: 1, to: &buffer)
        buffer.writeString("}\n\n")
        buffer.writeString(
            """
            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: ping
            data: {"type":"ping"}


            """
        )
    }

    /// One `content_block_delta`.
    func writeDelta(_ text: String, to buffer: inout ByteBuffer) {
        buffer.writeString(
            "event: content_block_delta\n"
                + #"data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"#
        )
        buffer.writeJSON(text)
        buffer.writeString("}}\n\n")
    }

    /// A piece whose characters of two UTF-16 units are cut between two deltas.
    func writeHalves(_ text: String, to buffer: inout ByteBuffer) {
        let opening =
            "event: content_block_delta\n"
            + #"data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""#
        buffer.writeString(opening)
        for unit in text.utf16 {
            if UTF16.isTrailSurrogate(unit) { buffer.writeString("\"}}\n\n" + opening) }
            let digits = String(unit, radix: 16)
            buffer.writeString(#"\u"# + String(repeating: "0", count: 4 - digits.count) + digits)
        }
        buffer.writeString("\"}}\n\n")
    }

    /// `content_block_stop` and `message_delta`, which has the stop reason.
    func writeEnd(_ stop: StopReason, outputTokens: Int, to buffer: inout ByteBuffer) {
        buffer.writeString("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n")
        buffer.writeString("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{")
        writeStop(stop, to: &buffer)
        buffer.writeString("},\"usage\":")
        writeUsage(outputTokens: outputTokens, to: &buffer)
        buffer.writeString("}\n\n")
    }

    /// `message_stop`.
    func writeStop(to buffer: inout ByteBuffer) {
        buffer.writeString("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
    }

    /// A message object: whole with a text, or empty as `message_start` carries it.
    func writeMessage(text: String?, stop: StopReason?, outputTokens: Int, to buffer: inout ByteBuffer) {
        buffer.writeString(#"{"id":"#)
        buffer.writeJSON(messageID)
        buffer.writeString(#","type":"message","role":"assistant","model":"#)
        buffer.writeJSON(model)
        buffer.writeString(#","content":["#)
        if let text {
            buffer.writeString(#"{"type":"text","text":"#)
            buffer.writeJSON(text)
            buffer.writeString("}")
        }
        buffer.writeString("],")
        writeStop(stop, to: &buffer)
        buffer.writeString(#","usage":"#)
        writeUsage(outputTokens: outputTokens, to: &buffer)
        buffer.writeString("}")
    }

    private func writeStop(_ stop: StopReason?, to buffer: inout ByteBuffer) {
        buffer.writeString(#""stop_reason":"#)
        guard let stop else {
            buffer.writeString(#"null,"stop_sequence":null"#)
            return
        }
        buffer.writeJSON(stop.name)
        buffer.writeString(#","stop_sequence":"#)
        if case .stopSequence(let text) = stop { buffer.writeJSON(text) } else { buffer.writeString("null") }
        guard stop == .refusal else { return }
        buffer.writeString(
            #","stop_details":{"type":"refusal","category":null,"explanation":"This request is against the usage policy."}"#
        )
    }

    private func writeUsage(outputTokens: Int, to buffer: inout ByteBuffer) {
        buffer.writeString(
            #"{"input_tokens":\#(inputTokens),"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"#
                + #""output_tokens":\#(outputTokens),"service_tier":"standard"}"#
        )
    }
}

/// Why an answer ended.
enum StopReason: Sendable, Equatable {
    /// The model was done.
    case endTurn
    /// `max_tokens` was reached.
    case maximumTokens
    /// One of the caller's stop sequences came.
    case stopSequence(String)
    /// The model would not go on.
    case refusal

    /// The documented name.
    var name: String {
        switch self {
        case .endTurn: "end_turn"
        case .maximumTokens: "max_tokens"
        case .stopSequence: "stop_sequence"
        case .refusal: "refusal"
        }
    }
}
