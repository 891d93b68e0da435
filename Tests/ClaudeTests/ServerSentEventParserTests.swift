import Testing

@testable import Claude

@Suite struct ServerSentEventParserTests {
    /// Cuts the bytes where the generator says and parses the pieces.
    private func parse(
        _ bytes: [UInt8],
        longestPiece: Int = .max,
        using generator: inout some RandomNumberGenerator
    ) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        var index = 0
        while index < bytes.count {
            let count = min(Int.random(in: 0...min(longestPiece, 1_000), using: &generator), bytes.count - index)
            try parser.feed(bytes[index..<(index + count)], into: &events)
            index += count
        }
        return events
    }

    private func parse(_ text: String) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        try parser.feed(Array(text.utf8), into: &events)
        return events
    }

    private func event(_ name: String, _ data: String) -> ServerSentEvent {
        ServerSentEvent(name: name, data: Array(data.utf8))
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func endsLinesWithEachLineEnd(end: String) throws {
        let text = ["event: a", "data: one", "data: two", "", "data: three", "", ""].joined(separator: end)
        #expect(try parse(text) == [event("a", "one\ntwo"), event("", "three")])
    }

    @Test func mixesLineEnds() throws {
        #expect(try parse("data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\r") == [event("", "a\nb\nc"), event("", "d")])
    }

    @Test(arguments: [
        ("data:x\n\n", "x"), ("data: x\n\n", "x"), ("data:  x\n\n", " x"), ("data\n\n", ""), ("data:\n\n", ""),
        ("data: a:b\n\n", "a:b"), ("data\ndata\n\n", "\n"),
    ])
    func takesFieldsAsTheStandardSays(text: String, data: String) throws {
        #expect(try parse(text) == [event("", data)])
    }

    @Test(arguments: [
        ": comment\n\n", "\n\n\n", "event: x\n\n", "nonsense\n\n", "id: 7\nretry: 10\n\n", "Data: x\n\n",
        " data: x\n\n",
        "data: unfinished", "data: unfinished\n",
    ])
    func givesNothingWithoutData(text: String) throws {
        #expect(try parse(text) == [])
    }

    @Test func forgetsTheNameOfAnEventWithoutData() throws {
        #expect(try parse("event: x\n\ndata: y\n\n") == [event("", "y")])
    }

    @Test func dropsOneByteOrderMarkAtTheStart() throws {
        #expect(try parse("\u{FEFF}data: x\n\n") == [event("", "x")])
        #expect(try parse("\u{FEFF}\u{FEFF}data: x\n\n") == [])
        #expect(try parse("data: x\n\n\u{FEFF}data: y\n\n") == [event("", "x")])
    }

    @Test(arguments: ["\u{85}", "\u{2028}", "\u{2029}", "\u{0B}", "\u{0C}"])
    func endsNoLineAtOtherSeparators(separator: String) throws {
        #expect(try parse("data: a\(separator)data: b\n\n") == [event("", "a\(separator)data: b")])
    }

    @Test(arguments: 0..<200)
    func givesTheSameEventsHoweverItIsCut(seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let pieces = [
            "data: x", "data:héllo 👩‍👩‍👧‍👦", "event: delta", ": comment", "data", "data: {\"a\":\"\u{2028}\u{85}\"}", "", "",
            "id: 1",
            "\u{FEFF}", "data: ü",
        ]
        let ends = ["\n", "\r", "\r\n"]
        var text = Bool.random(using: &generator) ? "\u{FEFF}" : ""
        for _ in 0..<60 {
            text += pieces.randomElement(using: &generator) ?? ""
            text += ends.randomElement(using: &generator) ?? ""
        }
        let whole = try parse(text)
        #expect(try parse(Array(text.utf8), longestPiece: 1, using: &generator) == whole)
        #expect(try parse(Array(text.utf8), longestPiece: 7, using: &generator) == whole)
        #expect(try parse(Array(text.utf8), using: &generator) == whole)
        for event in whole { #expect(String(validating: event.data, as: UTF8.self) != nil) }
    }

    @Test func capsALineWithoutEnd() {
        var parser = ServerSentEventParser(maximumEventBytes: 100)
        var events: [ServerSentEvent] = []
        #expect(throws: ModelError.self) {
            for _ in 0..<101 { try parser.feed([0x61], into: &events) }
        }
        #expect(events.isEmpty)
    }

    @Test func capsAnEventWithoutEnd() {
        var parser = ServerSentEventParser(maximumEventBytes: 100)
        var events: [ServerSentEvent] = []
        #expect(throws: ModelError.self) {
            for _ in 0..<100 { try parser.feed(Array("data: 123\n".utf8), into: &events) }
        }
        #expect(throws: ModelError.self) {
            var parser = ServerSentEventParser(maximumEventBytes: 100)
            for _ in 0..<200 { try parser.feed(Array("data\n".utf8), into: &events) }
        }
    }

    @Test func takesAnEventAsLargeAsTheLimit() throws {
        var parser = ServerSentEventParser(maximumEventBytes: 16)
        var events: [ServerSentEvent] = []
        for _ in 0..<50 { try parser.feed(Array("data: 0123456789\n\n".utf8), into: &events) }
        #expect(events.count == 50)
    }

    @Test func knowsWhetherItIsInsideAnEvent() throws {
        var parser = ServerSentEventParser()
        var events: [ServerSentEvent] = []
        #expect(!parser.isInsideEvent)
        try parser.feed(Array("data: x\n".utf8), into: &events)
        #expect(parser.isInsideEvent)
        try parser.feed(Array("\n".utf8), into: &events)
        #expect(!parser.isInsideEvent)
    }
}

/// A small generator with a seed, so that a failure can be played again.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
