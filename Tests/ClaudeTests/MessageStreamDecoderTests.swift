import Testing

@testable import Claude

@Suite struct MessageStreamDecoderTests {
    private func decode(_ text: String) -> (events: [ModelEvent], error: ModelError?, decoder: MessageStreamDecoder) {
        var decoder = MessageStreamDecoder(requestID: "req_1")
        var events: [ModelEvent] = []
        do throws(ModelError) {
            var parser = ServerSentEventParser()
            var parsed: [ServerSentEvent] = []
            try parser.feed(Array(text.utf8), into: &parsed)
            for event in parsed { try decoder.decode(event, into: &events) }
            return (events, nil, decoder)
        } catch {
            return (events, error, decoder)
        }
    }

    @Test func followsAWholeAnswer() {
        let (events, error, decoder) = decode(Answers.whole)
        #expect(events == Answers.wholeEvents)
        #expect(error == nil)
        #expect(decoder.isComplete)
    }

    @Test func takesTheTypeFromTheJSONWhenTheEventHasNoName() {
        let unnamed = Answers.whole.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("event:") }.joined(separator: "\n")
        #expect(decode(unnamed).events == Answers.wholeEvents)
    }

    @Test func ignoresWhatItDoesNotKnow() {
        let text =
            Answers.start() + "event: brand_new\ndata: not even json\n\n" + "data: {\"type\":\"brand_new\"}\n\n"
            + Answers.event(
                "content_block_start",
                #"{"type":"content_block_start","content_block":{"type":"thinking"}}"#
            )
            + Answers.event(
                "content_block_delta",
                #"{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hm"}}"#
            )
            + Answers.event(
                "content_block_delta",
                #"{"type":"content_block_delta","delta":{"type":"input_json_delta","partial_json":"{"}}"#
            )
            + Answers.text("a") + Answers.end()
        #expect(decode(text).events.compactMap(\.text) == ["a"])
    }

    @Test func takesTextThatABlockBeginsWith() {
        let text = Answers.event(
            "content_block_start",
            #"{"type":"content_block_start","content_block":{"type":"text","text":"Hi"}}"#
        )
        #expect(decode(text).events == [.text("Hi")])
        #expect(decode(text).decoder.hasText)
    }

    @Test func saysNothingOfEmptyText() {
        let (events, _, decoder) = decode(Answers.start() + Answers.text(""))
        #expect(events == [.started(requestID: "req_1", inputTokens: 15)])
        #expect(!decoder.hasText)
    }

    @Test(arguments: [
        "data: {\n\n", "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":7}}\n\n",
        "event: content_block_delta\ndata: \n\n",
        "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":3}}\n\n",
    ])
    func callsBadJSONMalformed(text: String) {
        guard case .malformed = decode(text).error else {
            Issue.record("not malformed: \(String(describing: decode(text).error))")
            return
        }
    }

    @Test func callsBytesThatAreNoTextMalformed() {
        var decoder = MessageStreamDecoder()
        var events: [ModelEvent] = []
        let data = Array(#"{"type":"content_block_delta","x":""#.utf8) + [0xFF, 0xC3] + Array("\"}".utf8)
        #expect(throws: ModelError.self) {
            try decoder.decode(ServerSentEvent(name: "content_block_delta", data: data), into: &events)
        }
    }

    @Test(arguments: ["event: ping\ndata: {\n\n", "data: [DONE\n\n", "data: 1\n\n", "event: new\ndata: {\n\n"])
    func passesOverWhatHoldsNoPieceOfTheAnswer(text: String) {
        let (events, error, decoder) = decode(Answers.start() + text + Answers.text("a") + Answers.end())
        #expect(events.compactMap(\.text) == ["a"])
        #expect(error == nil)
        #expect(decoder.skippedEvents == 1)
    }

    @Test func passesOnAnErrorInMidStream() {
        let text =
            Answers.start() + Answers.text("a")
            + Answers.event("error", #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#)
        let (events, error, _) = decode(text)
        #expect(events.compactMap(\.text) == ["a"])
        #expect(error == .streamError(type: "overloaded_error", message: "Overloaded", requestID: "req_1"))
    }

    @Test(arguments: [
        ("max_tokens", ModelError.maximumTokens), ("model_context_window_exceeded", .maximumTokens),
        ("refusal", .refused(requestID: "req_1")),
    ])
    func failsAtTheEndOfAnAnswerThatWasCut(reason: String, error: ModelError) {
        let result = decode(Answers.start() + Answers.text("a") + Answers.end(reason, output: 100))
        #expect(result.error == error)
        #expect(result.events.compactMap(\.text) == ["a"])
        #expect(result.decoder.usage == TokenUsage(inputTokens: 15, outputTokens: 100))
    }

    @Test func tellsWhyTheModelDeclined() {
        let details = #"{"type":"refusal","category":null,"explanation":"Not\nthis"}"#
        let end = Answers.event(
            "message_delta",
            #"{"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":\#(details)}}"#
        )
        let stop = Answers.event("message_stop", #"{"type":"message_stop"}"#)
        #expect(decode(end + stop).error == .refused(explanation: "Not this", requestID: "req_1"))
        let odd = end.replacing(details, with: "7")
        #expect(decode(odd + stop).error == .refused(requestID: "req_1"))
    }

    @Test func countsTheNewestTotals() {
        let text =
            Answers.start()
            + Answers.event("message_delta", #"{"type":"message_delta","delta":{},"usage":{"output_tokens":5}}"#)
            + Answers.event(
                "message_delta",
                #"{"type":"message_delta","delta":{},"usage":{"input_tokens":20,"cache_read_input_tokens":1,"output_tokens":9}}"#
            )
        #expect(decode(text).decoder.usage == TokenUsage(inputTokens: 21, outputTokens: 9))
    }

    @Test func survivesCountsThatOverflow() {
        let huge = Int.max
        let text = Answers.event(
            "message_start",
            #"{"type":"message_start","message":{"usage":{"input_tokens":\#(huge),"cache_read_input_tokens":\#(huge),"output_tokens":-4}}}"#
        )
        #expect(decode(text).decoder.usage == TokenUsage(inputTokens: huge, outputTokens: 0))
    }

    @Test func ignoresWhatFollowsTheEnd() {
        let (events, error, _) = decode(Answers.whole + Answers.text("more") + "data: {\n\n")
        #expect(events == Answers.wholeEvents)
        #expect(error == nil)
    }
}
