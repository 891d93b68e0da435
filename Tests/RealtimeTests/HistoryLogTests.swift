import NIOCore
import Testing

@testable import Realtime

/// What a channel keeps of its past, and what it can tell of it.
@Suite struct HistoryLogTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let bytesOfOne = 10

    private func log(_ change: (inout HistoryOptions) -> Void = { _ in }) -> HistoryLog {
        var options = HistoryOptions()
        change(&options)
        return HistoryLog(options: options)
    }

    /// Appends an event whose publication takes `bytesOfOne` bytes.
    private func append(
        _ event: SimulationEvent,
        _ offset: UInt64,
        to log: inout HistoryLog,
        from client: ClientIdentity? = nil,
        at time: NIODeadline? = nil
    ) {
        var payload = ByteBuffer(repeating: 0, count: PushWriter.headerRoom)
        payload.writeString(String(repeating: "x", count: bytesOfOne) + "}}")
        let encoded = EncodedPublication(offset: offset, frame: PushWriter.frame(&payload), bodyStart: 0)
        let draft = Draft(
            event: event,
            publisher: client,
            coalescingKey: nil,
            begun: ByteBuffer(),
            data: ByteBuffer()
        )
        log.append(draft, encoded, now: time ?? start)
    }

    private func token(_ at: Int, _ text: String, generation: Int = 1, attempt: Int = 1) -> SimulationEvent {
        let part = SimulationEvent.Part(stream: "code", at: at, text: text)
        return .token(SimulationEvent.Token(generation: generation, attempt: attempt, parts: [part]))
    }

    private func offsets(_ entries: [HistoryLog.Entry]?) -> [UInt64]? { entries.map { $0.map(\.offset) } }

    @Test func newestAreKeptUpToTheNumber() {
        var log = log { $0.maximumPublications = 3 }
        for offset in 1...5 as ClosedRange<UInt64> { append(.note(Int(offset)), offset, to: &log) }
        #expect(log.count == 3)
        #expect(log.lostThrough == 2)
        #expect(offsets(log.runs(after: 2)) == [3, 4, 5])
        #expect(offsets(log.runs(after: 4)) == [5])
        #expect(offsets(log.runs(after: 5)) == [])
        #expect(log.runs(after: 1) == nil)
    }

    @Test func bytesAreLimited() {
        var log = log { $0.maximumBytes = 35 }
        for offset in 1...5 as ClosedRange<UInt64> { append(.note(Int(offset)), offset, to: &log) }
        #expect(log.byteCount == 30)
        #expect(offsets(log.runs(after: 2)) == [3, 4, 5])
        #expect(log.runs(after: 1) == nil)
    }

    @Test func onePublicationThatIsTooLongIsNotKept() {
        var log = log { $0.maximumBytes = 9 }
        append(.note(1), 1, to: &log)
        #expect(log.count == 0)
        #expect(log.byteCount == 0)
        #expect(log.runs(after: 0) == nil)
        #expect(offsets(log.runs(after: 1)) == [])
    }

    @Test func ageIsLimitedAlsoWhereNothingHappens() {
        var log = log { $0.maximumAge = .seconds(10) }
        append(.note(1), 1, to: &log)
        append(.note(2), 2, to: &log, at: start + .seconds(5))
        log.trim(now: start + .seconds(10))
        #expect(offsets(log.runs(after: 0)) == [1, 2])
        log.trim(now: start + .seconds(10) + .nanoseconds(1))
        #expect(log.runs(after: 0) == nil)
        #expect(offsets(log.runs(after: 1)) == [2])
        log.trim(now: start + .seconds(16))
        #expect(log.count == 0)
        #expect(log.byteCount == 0)
        #expect(log.lostThrough == 2)
    }

    @Test func channelThatKeepsNothingHasLostEverything() {
        var log = HistoryLog(options: .none)
        append(.note(1), 1, to: &log)
        #expect(log.count == 0)
        #expect(log.runs(after: 0) == nil)
        #expect(offsets(log.runs(after: 1)) == [])
    }

    @Test func unbrokenRunIsKeptInBlocksAndReadAsOne() throws {
        var log = log { $0.maximumMerged = 4 }
        for offset in 1...10 as ClosedRange<UInt64> { append(token(Int(offset) - 1, "a"), offset, to: &log) }
        #expect(log.count == 3)
        #expect(offsets(log.page(from: nil, limit: nil, isReverse: false)) == [4, 8, 10])
        let all = try #require(log.runs(after: 0))
        #expect(offsets(all) == [10])
        #expect(all[0].event as? SimulationEvent == token(0, "aaaaaaaaaa"))
        #expect(all[0].encoded == nil)
        #expect(all[0].count == 10)
        #expect(all[0].bytes == 10 * bytesOfOne)
        // One who stands inside a block gets all of it: what it has is dropped as it is applied.
        let rest = try #require(log.runs(after: 5))
        #expect(offsets(rest) == [10])
        #expect(rest[0].event as? SimulationEvent == token(4, "aaaaaa"))
        #expect(log.byteCount == 10 * bytesOfOne)
    }

    @Test func nineHundredTokensAreAHandful() {
        var log = log()
        for offset in 1...900 as ClosedRange<UInt64> {
            append(offset % 300 == 0 ? .note(0) : token(Int(offset), "a"), offset, to: &log)
        }
        // A break in the text after each note.
        #expect(offsets(log.runs(after: 0)) == [299, 300, 599, 600, 899, 900])
        #expect(log.count < 40)
    }

    @Test(
        "a run ends",
        arguments: [
            SimulationEvent.note(1),
            .token(.init(generation: 2, attempt: 1, parts: [.init(stream: "code", at: 1, text: "b")])),
            .token(.init(generation: 1, attempt: 2, parts: [.init(stream: "code", at: 1, text: "b")])),
            .token(.init(generation: 1, attempt: 1, parts: [.init(stream: "code", at: 0, text: "b")])),
        ]
    )
    func runsEnd(at other: SimulationEvent) {
        var log = log()
        append(token(0, "a"), 1, to: &log)
        append(other, 2, to: &log)
        append(token(1, "c"), 3, to: &log)
        let first = log.runs(after: 0)?.first
        #expect(first?.offset == 1)
        #expect(first?.encoded != nil)
    }

    @Test func publicationsOfClientsAreNotMerged() {
        let client = ClientIdentity(client: "c", user: "u", name: "", color: "")
        var log = log()
        append(token(0, "a"), 1, to: &log, from: client)
        append(token(1, "a"), 2, to: &log, from: client)
        append(token(2, "a"), 3, to: &log)
        #expect(offsets(log.runs(after: 0)) == [1, 2, 3])
    }

    @Test func ofOneKeyOnlyTheNewestIsKept() throws {
        var log = log()
        append(.added(key: "a", value: 1), 1, to: &log)
        append(.changed(key: "b", value: 2), 2, to: &log)
        append(.changed(key: "a", value: 3), 3, to: &log)
        append(.changed(key: "a", value: 4), 4, to: &log)
        let entries = try #require(log.runs(after: 0))
        #expect(offsets(entries) == [2, 4])
        // For one who was away it is still new.
        #expect(entries[1].event as? SimulationEvent == .added(key: "a", value: 4))
        #expect(entries[1].encoded == nil)
        #expect(entries[0].encoded != nil)
        #expect(log.byteCount == 2 * bytesOfOne)
        #expect(log.lostThrough == 0)
        append(.removed(key: "a"), 5, to: &log)
        #expect(offsets(log.runs(after: 1)) == [2, 5])
        #expect(log.runs(after: 4)?.first?.event as? SimulationEvent == .removed(key: "a"))
    }

    @Test func runThatSomethingElseHasBrokenStaysBroken() {
        var log = log()
        append(token(0, "a"), 1, to: &log)
        append(.changed(key: "k", value: 1), 2, to: &log)
        append(token(1, "b"), 3, to: &log)
        append(.changed(key: "k", value: 2), 4, to: &log)
        // What stood between the tokens is gone, but they did not follow each other.
        #expect(offsets(log.runs(after: 0)) == [1, 3, 4])
    }

    @Test func pagesGoBothWays() {
        var log = log()
        for offset in 1...5 as ClosedRange<UInt64> { append(.note(Int(offset)), offset, to: &log) }
        #expect(offsets(log.page(from: nil, limit: 2, isReverse: false)) == [1, 2])
        #expect(offsets(log.page(from: 2, limit: 2, isReverse: false)) == [3, 4])
        #expect(offsets(log.page(from: nil, limit: 2, isReverse: true)) == [5, 4])
        #expect(offsets(log.page(from: 4, limit: 2, isReverse: true)) == [3, 2])
        #expect(offsets(log.page(from: 1, limit: 2, isReverse: true)) == [])
        #expect(offsets(log.page(from: 5, limit: 2, isReverse: false)) == [])
        #expect(offsets(log.page(from: nil, limit: 0, isReverse: false)) == [])
    }

    @Test func forgottenLogHasLostEverything() {
        var log = log()
        append(.note(1), 1, to: &log)
        append(.note(2), 2, to: &log)
        log.removeAll()
        #expect(log.lostThrough == 2)
        #expect(log.byteCount == 0)
        #expect(log.runs(after: 1) == nil)
    }
}
