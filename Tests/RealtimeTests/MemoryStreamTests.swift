import NIOCore
import Synchronization
import Testing

@testable import Realtime

/// One channel's stream in memory.
@Suite struct MemoryStreamTests {
    /// Notes what it is told.
    private final class Receiver: StreamReceiver {
        private let told = Mutex<[String]>([])
        private let encodings = Mutex(0)

        var all: [String] { told.withLock { $0 } }
        /// How many events that stand for several were encoded.
        var encodedRuns: Int { encodings.withLock { $0 } }

        func receive(_ draft: Draft, offset: UInt64) -> EncodedPublication {
            told.withLock { $0.append("\(offset)") }
            return publication(offset)
        }

        func encode(
            _ event: any Realtime.ChannelEvent,
            publisher: ClientIdentity?,
            offset: UInt64
        ) -> EncodedPublication {
            encodings.withLock { $0 += 1 }
            return publication(offset)
        }

        func joined(_ client: ClientIdentity) { told.withLock { $0.append("+\(client.client)") } }

        func left(_ client: ClientIdentity) { told.withLock { $0.append("-\(client.client)\(client.name)") } }

        private func publication(_ offset: UInt64) -> EncodedPublication {
            var payload = ByteBuffer(repeating: 0, count: PushWriter.headerRoom)
            payload.writeString("{}}}")
            return EncodedPublication(offset: offset, frame: PushWriter.frame(&payload), bodyStart: 0)
        }
    }

    private let receiver = Receiver()
    private let clock = ManualClock()
    private let stream: MemoryStream

    init() {
        var options = HistoryOptions()
        options.maximumAge = .seconds(10)
        stream = MemoryStream(options: options, receiver: receiver) { [clock] in clock.now }
    }

    private func publish(_ event: SimulationEvent) -> Result<UInt64, ClientError>? {
        let done = Mutex<Result<UInt64, ClientError>?>(nil)
        let draft = Draft(event: event, publisher: nil, coalescingKey: nil, begun: ByteBuffer(), data: ByteBuffer())
        stream.publish(draft) { result in done.withLock { $0 = result } }
        return done.withLock { $0 }
    }

    private func history(_ request: HistoryRequest) throws -> HistoryPage {
        let done = Mutex<Result<HistoryPage, ClientError>?>(nil)
        stream.history(request) { result in done.withLock { $0 = result } }
        return try done.withLock { $0 }.unwrapped().get()
    }

    private func since(_ offset: UInt64, epoch: String? = nil, limit: Int? = nil, isReverse: Bool = false)
        -> HistoryRequest
    {
        let position = StreamPosition(epoch: epoch ?? stream.epoch, offset: offset)
        return HistoryRequest(since: position, limit: limit, isReverse: isReverse)
    }

    @Test func offsetsCountFromOne() throws {
        #expect(publish(.note(1)) == .success(1))
        #expect(publish(.note(2)) == .success(2))
        #expect(receiver.all == ["1", "2"])
        let page = try history(since(0))
        #expect(page.publications.map(\.offset) == [1, 2])
        #expect(page.position == StreamPosition(epoch: stream.epoch, offset: 2))
        #expect(!stream.epoch.isEmpty)
    }

    @Test("positions that were never given cannot be recovered from", arguments: [3, 1_000, .max] as [UInt64])
    func future(offset: UInt64) throws {
        for number in 1...2 { _ = publish(.note(number)) }
        #expect(throws: ClientError.unrecoverablePosition) { try history(since(offset)) }
        #expect(throws: ClientError.unrecoverablePosition) { try history(since(offset, isReverse: true)) }
        #expect(try history(since(2)).publications.isEmpty)
    }

    @Test("another epoch cannot be recovered from", arguments: ["", "another"])
    func unknownEpoch(epoch: String) throws {
        _ = publish(.note(1))
        for offset in [0, 1, 2, UInt64.max] {
            #expect(throws: ClientError.unrecoverablePosition) { try history(since(offset, epoch: epoch)) }
        }
    }

    @Test func everyStreamHasAnEpochOfItsOwn() {
        let other = MemoryStream(options: HistoryOptions(), receiver: receiver) { [clock] in clock.now }
        #expect(other.epoch != stream.epoch)
    }

    @Test func whatIsTooOldIsGoneWithoutBeingExpired() throws {
        _ = publish(.note(1))
        clock.advance(by: .seconds(9))
        _ = publish(.note(2))
        #expect(try history(HistoryRequest()).publications.count == 2)
        clock.advance(by: .seconds(2))
        #expect(throws: ClientError.unrecoverablePosition) { try history(since(0)) }
        #expect(try history(since(1)).publications.map(\.offset) == [2])
        clock.advance(by: .seconds(9))
        stream.expire()
        #expect(throws: ClientError.unrecoverablePosition) { try history(since(1)) }
        #expect(try history(HistoryRequest()).publications.isEmpty)
        #expect(try history(since(2)).position.offset == 2)
    }

    @Test func answerThatManyAskForIsEncodedOnce() throws {
        for number in 0..<5 { _ = publish(token(number)) }
        for _ in 0..<10 { #expect(try history(since(0)).publications.map(\.offset) == [5]) }
        #expect(receiver.encodedRuns == 1)
        // Another question, and a newer answer.
        _ = try history(since(5))
        _ = publish(token(5))
        #expect(try history(since(0)).publications.map(\.offset) == [6])
        #expect(receiver.encodedRuns == 2)
    }

    @Test func answerThatManyAskForAgesToo() throws {
        _ = publish(.note(1))
        clock.advance(by: .seconds(6))
        _ = publish(.note(2))
        for _ in 0..<2 { #expect(try history(since(0)).publications.map(\.offset) == [1, 2]) }
        clock.advance(by: .seconds(5))
        // Nobody has published, and nothing was told to expire.
        #expect(throws: ClientError.unrecoverablePosition) { try history(since(0)) }
        for _ in 0..<2 { #expect(try history(since(1)).publications.map(\.offset) == [2]) }
        clock.advance(by: .seconds(2))
        #expect(try history(since(1)).publications.map(\.offset) == [2])
        clock.advance(by: .seconds(4))
        #expect(throws: ClientError.unrecoverablePosition) { try history(since(1)) }
        #expect(try history(since(2)).publications.isEmpty)
    }

    @Test func limitAndDirection() throws {
        for number in 1...5 { _ = publish(.note(number)) }
        #expect(try history(HistoryRequest(limit: 0)).publications.isEmpty)
        #expect(try history(HistoryRequest(limit: 0)).position.offset == 5)
        #expect(try history(since(1, limit: 2)).publications.map(\.offset) == [2, 3])
        #expect(try history(since(5, limit: 2, isReverse: true)).publications.map(\.offset) == [4, 3])
        #expect(try history(HistoryRequest(limit: 2, isReverse: true)).publications.map(\.offset) == [5, 4])
    }

    @Test func closedStreamTakesAndTellsNothing() throws {
        _ = publish(.note(1))
        stream.join(client("a"))
        stream.close()
        #expect(publish(.note(2)) == .failure(.unknownChannel))
        stream.join(client("b"))
        stream.leave(client("a"))
        #expect(receiver.all == ["1", "+a"])
        #expect(throws: ClientError.unrecoverablePosition) { try history(since(0)) }
        #expect(try history(since(1)).publications.isEmpty)
    }

    @Test func eachClientComesAndGoesOnce() {
        stream.leave(client("a"))
        stream.join(client("a", name: "1"))
        stream.join(client("a", name: "2"))
        stream.join(client("b"))
        stream.leave(client("a", name: "3"))
        stream.leave(client("a"))
        // The one that is known at the end is told of.
        #expect(receiver.all == ["+a", "+b", "-a2"])
        let names = Mutex<[String]>([])
        stream.presence { result in names.withLock { $0 = (try? result.get().map(\.client)) ?? [] } }
        #expect(names.withLock { $0 } == ["b"])
    }

    private func client(_ id: String, name: String = "") -> ClientIdentity {
        ClientIdentity(client: id, user: "u", name: name, color: "")
    }

    private func token(_ at: Int) -> SimulationEvent {
        let part = SimulationEvent.Part(stream: "code", at: at, text: "x")
        return .token(SimulationEvent.Token(generation: 1, attempt: 1, parts: [part]))
    }
}
