import Foundation
import NIOCore
import Testing

@testable import Realtime

@Suite struct JSONObjectTests {
    @Test(
        "RFC 8259: accepts JSON",
        arguments: [
            "{}", " { } ", #"{"a":1}"#, #"{"a":[1,2,{"b":null}],"c":"d"}"#, #"{"":""}"#, #"{"a":-0.5e-7}"#, #"{"a":0}"#,
            #"{"a":"\u0000\ud83d\ude00\/\b"}"#, "{\"a\":\"\u{7F}é\u{1F600}\"}", "\t{\r\n\"a\" : true }", #"{"a":1E+2}"#,
            #"{"a":123456789012345678901234567890}"#,
        ]
    )
    func acceptsJSON(text: String) throws {
        _ = try JSONObject(ByteBuffer(string: text))
    }

    @Test(
        "RFC 8259: refuses what is no JSON",
        arguments: [
            "", " ", "{", "}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":1}}"#, #"{"a":1} x"#,
            #"{a:1}"#,
            #"{"a":'b'}"#, #"{"a":01}"#, #"{"a":+1}"#, #"{"a":.5}"#, #"{"a":1.}"#, #"{"a":1e}"#, #"{"a":-}"#,
            #"{"a":NaN}"#,
            #"{"a":tru}"#, #"{"a":TRUE}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#, #"{"a":"\u12g4"}"#, #"{"a":"\ud800"}"#,
            #"{"a":"\ud800x"}"#, #"{"a":"\ud800\ud800"}"#, #"{"a":"\udc00"}"#, #"{"a":"b"#, "{\"a\":\"\n\"}",
            "{\"a\":\"\u{1}\"}",
            #"{"a":[1,]}"#, #"{"a":[1 2]}"#, #"{"a":[}"#, #"{"a":1 "b":2}"#, "\u{FEFF}{}", #"{"a":1}{"b":2}"#, "//{}",
        ]
    )
    func refusesWhatIsNoJSON(text: String) {
        #expect { try JSONObject(ByteBuffer(string: text)) } throws: { error in
            guard case JSONError.malformed = error else { return false }
            return true
        }
    }

    @Test("other kinds are told from broken text", arguments: ["1", "[]", "null", "\"a\"", " true "])
    func otherKinds(text: String) {
        #expect(throws: JSONError.wrongType) { try JSONObject(ByteBuffer(string: text)) }
    }

    @Test func depthIsLimited() throws {
        func nested(_ depth: Int) -> ByteBuffer {
            ByteBuffer(
                string: #"{"a":"# + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
                    + "}"
            )
        }
        _ = try JSONObject(nested(64))
        #expect(throws: JSONError.tooDeep) { try JSONObject(nested(65)) }
        #expect(throws: JSONError.tooDeep) {
            try JSONObject(ByteBuffer(string: #"{"a":"# + String(repeating: "[", count: 60_000)))
        }
    }

    @Test func repeatedKeysAreRefusedHoweverTheyAreWritten() {
        for text in [#"{"id":1,"id":2}"#, #"{"id":1,"\u0069d":2}"#] {
            #expect(throws: JSONError.duplicateKey) { try JSONObject(ByteBuffer(string: text)) }
        }
    }

    @Test func canonicallyEquivalentKeysAreDifferentKeys() throws {
        let object = try JSONObject(ByteBuffer(string: "{\"\u{212A}\":1,\"K\":2,\"e\u{301}\":3,\"\u{E9}\":4}"))
        #expect(object.count == 4)
        #expect(object["K"]?.unsignedInteger == 2)
    }

    @Test func membersAreFoundByTheirUnescapedKey() throws {
        let object = try JSONObject(ByteBuffer(string: #"{"\u0069d":7,"x":null}"#))
        #expect(object["id"]?.unsignedInteger == 7)
        #expect(object["x"] == nil)
        #expect(object["y"] == nil)
    }

    @Test func valuesKeepTheirText() throws {
        let object = try JSONObject(ByteBuffer(string: #"{"data": {"a" : [1, 2.50e1]} ,"x":1}"#))
        #expect(object["data"].map { String(buffer: $0.text) } == #"{"a" : [1, 2.50e1]}"#)
    }

    @Test(
        "unsigned integers never go through Double",
        arguments: [
            ("0", 0), ("18446744073709551615", UInt64.max), ("9007199254740993", 9_007_199_254_740_993),
            ("18446744073709551616", nil), ("-1", nil), ("1.0", nil), ("1e3", nil), ("\"1\"", nil), ("true", nil),
            ("99999999999999999999999999", nil),
        ] as [(String, UInt64?)]
    )
    func unsignedIntegers(text: String, expected: UInt64?) throws {
        let object = try JSONObject(ByteBuffer(string: "{\"n\":\(text)}"))
        #expect(object["n"]?.unsignedInteger == expected)
    }

    @Test func escapesAreResolved() throws {
        let object = try JSONObject(ByteBuffer(string: #"{"s":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\u0000é"}"#))
        #expect(object["s"]?.string == "\"\\/\u{8}\u{C}\n\r\t\u{E9}\u{1F600}\u{0}é")
    }

    @Test("agrees with Foundation on random documents and their damage", arguments: 0..<20)
    func agreesWithFoundation(seed: UInt64) throws {
        var random = Seeded(seed)
        for _ in 0..<100 {
            let text = "{" + randomMembers(depth: 3, &random) + "}"
            let theirs = try Parsed(text)
            let ours = try JSONObject(ByteBuffer(string: text))
            for key in theirs.keys where theirs[key] != .null {
                let value = try #require(ours.value(key))
                #expect(try Parsed(String(buffer: value.text)) == theirs[key], "seed \(seed): \(text)")
                if let string = theirs[key].string { #expect(value.string == string) }
            }
            // Whatever we accept of a damaged document, Foundation accepts.
            var bytes = Array(text.utf8)
            let damage = Array("{}[]\":,\\ntrue-. \u{1}x".utf8).randomElement(using: &random) ?? 0
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = damage
            let damaged = String(decoding: bytes, as: UTF8.self)
            if (try? JSONObject(ByteBuffer(bytes: bytes))) != nil {
                #expect(throws: Never.self, "seed \(seed): \(damaged)") { try Parsed(damaged) }
            }
        }
    }

    private func randomMembers(depth: Int, _ random: inout Seeded) -> String {
        (0..<Int.random(in: 0...4, using: &random)).map { "\"k\($0)\":\(randomValue(depth: depth, &random))" }
            .joined(separator: ",")
    }

    private func randomValue(depth: Int, _ random: inout Seeded) -> String {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: "\(Int.random(in: -1_000_000...1_000_000, using: &random))"
        case 1: "\(Int.random(in: 0...9, using: &random)).5e-3"
        case 2: ["true", "false", "null"].randomElement(using: &random) ?? "null"
        case 3: "\"\\ud83d\\ude00\\n\\u00\(Int.random(in: 20...79, using: &random))\""
        case 4, 5: "\"" + ["é", "plain", "", "\u{1F600}", "\\\\"].shuffled(using: &random).joined() + "\""
        case 6: "[" + (0..<3).map { _ in randomValue(depth: depth - 1, &random) }.joined(separator: " , ") + "]"
        default: "{" + randomMembers(depth: depth - 1, &random) + "}"
        }
    }
}

extension JSONObject {
    /// Looks a key up that a test made.
    func value(_ key: String) -> JSONValue? {
        switch key {
        case "k0": self["k0"]
        case "k1": self["k1"]
        case "k2": self["k2"]
        case "k3": self["k3"]
        default: nil
        }
    }
}
