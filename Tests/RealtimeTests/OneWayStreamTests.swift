import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import Realtime

@Suite struct OneWayStreamTests {
    private final class Counter: Sendable {
        private let held = Mutex(0)
        var count: Int { held.withLock { $0 } }
        func add() { held.withLock { $0 += 1 } }
    }

    private let loop = EmbeddedEventLoop()
    private let cuts = Counter()
    private let ends = Counter()

    private func stream() -> OneWayStream {
        OneWayStream(format: .lines, cut: { [cuts] in cuts.add() }, onEnd: { [ends] in ends.add() })
    }

    private func write(_ text: String, to stream: OneWayStream) -> Counter {
        let written = Counter()
        let promise = loop.makePromise(of: Void.self)
        promise.futureResult.whenComplete { _ in written.add() }
        stream.write([ByteBuffer(string: text)], promise)
        return written
    }

    @Test func whatWaitsComesInOnePieceAndCountsUntilMoreIsAskedFor() async {
        let stream = stream()
        let first = write("a", to: stream)
        let second = write("b", to: stream)
        #expect(stream.waitingBytes == 2)
        #expect(await stream.next().map { String(buffer: $0) } == "ab")
        #expect(stream.waitingBytes == 2 && first.count == 0, "handed over, but perhaps not written")
        stream.finish()
        #expect(await stream.next() == nil)
        #expect(stream.waitingBytes == 0 && first.count == 1 && second.count == 1)
    }

    @Test func aReaderThatTakesNothingHasStalled() async {
        let stream = stream()
        #expect(!stream.hasStalled() && !stream.hasStalled(), "nothing waits")
        _ = write("a", to: stream)
        #expect(stream.hasStalled())
        _ = await stream.next()
        #expect(!stream.hasStalled(), "it has just taken something")
        #expect(stream.hasStalled(), "and is still writing that")
        _ = write("b", to: stream)
        _ = await stream.next()
        #expect(!stream.hasStalled())
        stream.ended()
    }

    @Test func afterTheEndNothingWaits() {
        let stream = stream()
        let before = write("a", to: stream)
        stream.ended()
        let after = write("b", to: stream)
        #expect(before.count == 1 && after.count == 1 && ends.count == 1 && cuts.count == 0)
    }

    @Test func cuttingEndsTheResponse() async {
        let stream = stream()
        stream.cut()
        #expect(cuts.count == 1)
        #expect(await stream.next() == nil)
    }

    @Test(
        arguments: [
            ("e:3,f:0", ["a": StreamPosition(epoch: "e", offset: 3), "b": StreamPosition(epoch: "f", offset: 0)]),
            ("e:3,-", ["a": StreamPosition(epoch: "e", offset: 3)]), ("-,-", [:]), ("e:3", [:]), ("e:3,f:1,g:2", [:]),
            ("", [:]), (",", [:]), ("e:-1,f:x", [:]), (":3,e:", [:]), ("e:3:4,f:18446744073709551616", [:]),
            ("e:18446744073709551615,f:+1", ["a": StreamPosition(epoch: "e", offset: .max)]),
        ] as [(String, [String: StreamPosition])]
    )
    func lastEventIDsAreReadOrIgnored(id: String, positions: [String: StreamPosition]) {
        #expect(OneWayWriter.positions(id: id, channels: ["a", "b"]) == positions)
    }

    @Test func anEventCarriesThePositionsAndAPingIsAComment() {
        let push = ByteBuffer(string: #"{"push":{"channel":"a","pub":{}}}"#)
        let ping = ByteBuffer(string: "{}")
        func written(_ payload: ByteBuffer, _ format: OneWayStream.Format, id: String? = nil) -> String {
            String(buffer: OneWayWriter.push(payload, format: format, id: id))
        }
        #expect(written(push, .eventStream, id: "e:1") == "id: e:1\ndata: {\"channel\":\"a\",\"pub\":{}}\n\n")
        #expect(written(push, .lines) == "{\"channel\":\"a\",\"pub\":{}}\n")
        #expect(written(ping, .eventStream) == ":\n\n" && written(ping, .lines) == "{}\n")
    }
}
