internal import FoundationEssentials

/// What an event of the Messages API says, as far as we need it.
///
/// Unknown members are ignored, and so are known ones of another kind where nothing of the answer is lost with them.
struct StreamPayload: Decodable {
    /// Counts come as numbers, and from some senders as strings.
    struct Usage: Decodable {
        var input_tokens: Int?
        var output_tokens: Int?
        var cache_creation_input_tokens: Int?
        var cache_read_input_tokens: Int?

        private enum Key: CodingKey {
            case input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens
        }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: Key.self)
            input_tokens = members.count(.input_tokens)
            output_tokens = members.count(.output_tokens)
            cache_creation_input_tokens = members.count(.cache_creation_input_tokens)
            cache_read_input_tokens = members.count(.cache_read_input_tokens)
        }

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
        var stop_details: StopDetails?
    }
    /// Why the model declined, beside the stop reason `refusal`.
    struct StopDetails: Decodable {
        var explanation: String?

        private enum Key: CodingKey { case explanation }

        init(from decoder: any Decoder) throws {
            explanation = try? decoder.container(keyedBy: Key.self).decode(String.self, forKey: .explanation)
        }
    }
    /// The service's `{"type","message"}`, a proxy's `{"message","code"}`, or a text alone.
    struct Failure: Decodable {
        var type: String?
        var message: String?
        var code: Int?

        private enum Key: CodingKey { case type, message, code }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                message = text
                return
            }
            let members = try decoder.container(keyedBy: Key.self)
            type = try? members.decode(String.self, forKey: .type)
            message = try? members.decode(String.self, forKey: .message)
            code = members.count(.code)
        }
    }

    var type: String?
    var message: Message?
    var content_block: Block?
    var delta: Delta?
    var usage: Usage?
    var error: Failure?
    /// The members `type` and `message` of the event itself, which some proxies send as the error.
    var ownFailure: Failure?
    var request_id: String?
    /// Of a whole message, which comes from a proxy that does not stream.
    var content: [Block]?
    var stop_reason: String?
    var stop_details: StopDetails?
    /// Whether its texts came from marked JSON: see `LoneSurrogates`.
    private(set) var hasHalves = false

    private enum Key: CodingKey {
        case type, message, content_block, delta, usage, error, request_id, content, stop_reason, stop_details
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Key.self)
        type = try? members.decode(String.self, forKey: .type)
        usage = try? members.decode(Usage.self, forKey: .usage)
        request_id = try? members.decode(String.self, forKey: .request_id)
        error = try? members.decode(Failure.self, forKey: .error)
        ownFailure = try? Failure(from: decoder)
        switch type {
        case "content_block_start":
            content_block = try members.decodeIfPresent(Block.self, forKey: .content_block)
        case "content_block_delta", "message_delta":
            delta = try members.decodeIfPresent(Delta.self, forKey: .delta)
        case "message_start":
            message = try? members.decode(Message.self, forKey: .message)
        case "message":
            content = try members.decodeIfPresent([Block].self, forKey: .content)
            stop_reason = try members.decodeIfPresent(String.self, forKey: .stop_reason)
            stop_details = try? members.decode(StopDetails.self, forKey: .stop_details)
        case nil:
            // The event's name says what it is, or nothing does.
            content_block = try members.decodeIfPresent(Block.self, forKey: .content_block)
            delta = try members.decodeIfPresent(Delta.self, forKey: .delta)
            message = try? members.decode(Message.self, forKey: .message)
        default:
            break
        }
    }

    /// - Throws: `ModelError.malformed` when the bytes are not such a JSON object.
    init(json bytes: [UInt8]) throws(ModelError) {
        // Foundation lets broken UTF-8 through where it does not look.
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .malformed("An event of the stream is not UTF-8.")
        }
        let marked = LoneSurrogates.marked(bytes)
        do {
            self = try JSONDecoder().decode(StreamPayload.self, from: Data(marked?.json ?? bytes))
            hasHalves = marked?.hasMarks ?? false
        } catch {
            throw ModelError.malformed("An event of the stream is not the JSON of the Messages API.")
        }
    }
}

extension KeyedDecodingContainer {
    /// A whole number, also one that is written as a string or with a fraction; `nil` for anything else.
    fileprivate func count(_ key: Key) -> Int? {
        if let number = try? decode(Int.self, forKey: key) { return number }
        let text = try? decode(String.self, forKey: key)
        let number = (try? decode(Double.self, forKey: key)) ?? text.flatMap(Double.init)
        return number.flatMap { Int(exactly: $0.rounded(.towardZero)) }
    }
}
