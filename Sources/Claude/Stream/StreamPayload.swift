internal import FoundationEssentials

/// What an event of the Messages API says, as far as we need it.
///
/// Unknown fields are ignored.
struct StreamPayload: Decodable {
    struct Usage: Decodable {
        var input_tokens: Int?
        var output_tokens: Int?
        var cache_creation_input_tokens: Int?
        var cache_read_input_tokens: Int?

        /// Input with what the prompt cache took and gave; `nil` when the event does not count it.
        var allInputTokens: Int? {
            guard let input_tokens else { return nil }
            return [cache_creation_input_tokens, cache_read_input_tokens].reduce(max(0, input_tokens)) { sum, more in
                let (total, overflow) = sum.addingReportingOverflow(max(0, more ?? 0))
                return overflow ? Int.max : total
            }
        }
    }
    struct Message: Decodable {
        var usage: Usage?
    }
    struct Block: Decodable {
        var type: String?
        var text: String?
    }
    struct Delta: Decodable {
        var type: String?
        var text: String?
        var stop_reason: String?
    }
    struct Failure: Decodable {
        var type: String?
        var message: String?
    }

    var type: String?
    var message: Message?
    var content_block: Block?
    var delta: Delta?
    var usage: Usage?
    var error: Failure?

    /// - Throws: `ModelError.malformed` when the bytes are not such a JSON object.
    init(json bytes: [UInt8]) throws(ModelError) {
        // Foundation lets broken UTF-8 through where it does not look.
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .malformed("An event of the stream is not UTF-8.")
        }
        do {
            self = try JSONDecoder().decode(StreamPayload.self, from: Data(bytes))
        } catch {
            throw ModelError.malformed("An event of the stream is not the JSON of the Messages API.")
        }
    }
}
