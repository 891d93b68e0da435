import Testing

@testable import Claude

/// The short way must say what the decoder says, or nothing.
@Suite struct TextDeltaTests {
    private static let opening = #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":""#

    @Test(arguments: [
        #"Hello"#, #""#, #"a \"quoted\" \\ word\/\n\t\r\b\f"#, #"čaj 🍵 — ok"#, #"</script>{}[]"#,
    ])
    func readsWhatTheDecoderReads(_ content: String) throws {
        for end in ["\"}}", "\"}   }  ", "\" } } "] {
            let bytes = Array((Self.opening + content + end).utf8)
            let text = try #require(TextDelta.text(of: bytes))
            #expect(try StreamPayload(json: bytes).delta?.text == text)
        }
    }

    @Test(arguments: [
        #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"x"}}"#,
        #"{"index":0,"type":"content_block_delta","delta":{"type":"text_delta","text":"x"}}"#,
        #"{"type":"content_block_delta","index":01,"delta":{"type":"text_delta","text":"x"}}"#,
        #"{"type":"content_block_delta","index":,"delta":{"type":"text_delta","text":"x"}}"#,
        opening + #"x\u0041"}}"#, opening + #"x\q"}}"#, opening + "x\n\"}}", opening + #"x"}"#, opening + #"x"}}}"#,
        opening + #"x","more":1}}"#, opening + #"x\"#, opening, "",
    ])
    func leavesTheRestToTheDecoder(_ json: String) {
        #expect(TextDelta.text(of: Array(json.utf8)) == nil)
    }

    @Test func leavesBrokenUTF8ToTheDecoder() {
        #expect(TextDelta.text(of: Array(Self.opening.utf8) + [0xFF] + Array("\"}}".utf8)) == nil)
    }
}
