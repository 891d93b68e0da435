import NIOCore

@testable import ClaudeSimulator

/// Bodies and readings as the server sends them.
enum Requests {
    static let codeSystem = "Code: src/LLMComponent.tsx"

    static func body(
        _ text: String,
        system: String = codeSystem,
        streams: Bool = true,
        maximumTokens: Int = 16_000,
        stop: [String] = []
    ) -> ByteBuffer {
        var buffer = ByteBuffer(
            string: #"{"model":"claude-sonnet-4-6","max_tokens":\#(maximumTokens),"stream":\#(streams),"#
        )
        buffer.writeString(#""stop_sequences":["#)
        for (index, sequence) in stop.enumerated() {
            if index > 0 { buffer.writeString(",") }
            buffer.writeJSON(sequence)
        }
        buffer.writeString(#"],"system":"#)
        buffer.writeJSON(system)
        buffer.writeString(#","messages":[{"role":"user","content":"#)
        buffer.writeJSON(text)
        buffer.writeString("}]}")
        return buffer
    }

    static func message(_ wish: String, code: String? = nil, errors: String? = nil) -> String {
        var text = ""
        if let code { text += "<current_code path=\"src/LLMComponent.tsx\">\n\(code)</current_code>\n\n" }
        if let errors { text += "<errors>\n\(errors)\n</errors>\n\n" }
        return text + "<request>\n\(wish)\n</request>"
    }

    static func reading(_ wish: String, code: String? = nil, errors: String? = nil) throws -> RequestReading {
        RequestReading(try MessagesCall(body: body(message(wish, code: code, errors: errors))))
    }

    /// A component as the simulator writes it, unwrapped.
    static func component(_ wish: String, seed: UInt64 = 0) throws -> String {
        try component(reading(wish), seed: seed)
    }

    static func component(_ reading: RequestReading, seed: UInt64 = 0) -> String {
        var hash = StableHash(seed: seed)
        hash.combine(reading.wish)
        return Rehearsal(seed: seed).component(for: reading, hash: hash)
    }
}
