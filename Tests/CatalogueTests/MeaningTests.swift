import Foundation
import Testing

@testable import Catalogue

@Suite struct MeaningTests {
    @Test(arguments: [
        Meaning("interrupted"), Meaning("build_failed", ["repairs": 2, "repair_limit": 2]),
        Meaning("not_one_of", ["member": .text("\u{201C}é\u{201D}\n"), "choices": .texts(["a", "b"])]),
    ])
    func isOneFlatObject(meaning: Meaning) throws {
        let stored = try meaning.stored
        #expect(Meaning(stored: stored) == meaning)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(stored.utf8)) as? [String: Any])
        #expect(object["code"] as? String == meaning.code && object.count == meaning.members.count + 1)
    }

    @Test func whatANewerServerWroteIsReadAsFarAsItIsKnown() {
        let stored = #"{"code":"moon","tides":[1,2],"size":{"x":1},"phase":"full","days":28,"half":0.5}"#
        #expect(Meaning(stored: stored) == Meaning("moon", ["phase": .text("full"), "days": 28]))
    }

    @Test(arguments: [nil, "", "Stopped by Ben.", "[]", "{}", #"{"code":7}"#, "null"])
    func whatIsNoneIsNone(stored: String?) {
        #expect(Meaning(stored: stored) == nil)
    }
}
