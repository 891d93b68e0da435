import NIOCore
import Testing

@testable import WebSocketCodec

@Suite struct CloseStatusTests {
    @Test func emptyBodyHasNoStatus() {
        #expect(decode([frame(0x8)]) == Decoded(events: [.close(nil)]))
    }

    @Test(
        "RFC 6455 §7.4: codes that may travel",
        arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]
            as [UInt16]
    )
    func acceptsCode(code: UInt16) {
        #expect(decode([frame(0x8, closeBody(code))]).events == [.close(CloseStatus(code: code))])
    }

    @Test(
        "RFC 6455 §7.4: codes that must not travel",
        arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535] as [UInt16]
    )
    func refusesCode(code: UInt16) {
        #expect(decode([frame(0x8, closeBody(code))]).error?.closeCode == 1002)
    }

    @Test func refusesAReasonThatIsNotUTF8() {
        #expect(decode([frame(0x8, closeBody(1000, [0xCE, 0xBA, 0xE1]))]).error == .invalidUTF8)
        #expect(decode([frame(0x8, closeBody(1000, [0xFF]))]).error == .invalidUTF8)
    }

    @Test func longestReasonComesBack() {
        let reason = String(repeating: "é", count: 61) + "x"
        let status = CloseStatus(code: 4999, reason: reason)
        #expect(reason.utf8.count == 123)
        #expect(roundTrip(status) == Decoded(events: [.close(status)]))
    }

    @Test func tooLongAReasonIsCutBetweenCharacters() {
        for padding in 0..<5 {
            let prefix = String(repeating: "x", count: 120 + padding)
            let kept = padding < 1 ? prefix + "€" : String(prefix.prefix(123))
            #expect(
                roundTrip(CloseStatus(code: 1000, reason: prefix + "€€"))
                    == Decoded(events: [.close(CloseStatus(code: 1000, reason: kept))])
            )
        }
    }

    @Test func closeWithoutStatusHasNoBody() {
        #expect(roundTrip(nil) == Decoded(events: [.close(nil)]))
    }

    private func roundTrip(_ status: CloseStatus?) -> Decoded {
        var buffer = ByteBuffer()
        FrameEncoder.writeClose(status, into: &buffer)
        return decode([Array(buffer: buffer)], role: .client)
    }
}
