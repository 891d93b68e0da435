import NIOCore
import Testing

@testable import Realtime

/// The small parts that are pure.
@Suite struct PartsTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test func heartbeatWaitsForConnectThenPingsAndWaitsForPongs() {
        var heartbeat = Heartbeat(options: HubOptions(), now: start)
        #expect(heartbeat.deadline == start + .seconds(10))
        #expect(heartbeat.outcome(now: start + .seconds(9)) == .wait)
        heartbeat.connected(now: start + .seconds(9))
        heartbeat.pong()
        #expect(heartbeat.outcome(now: start + .seconds(33)) == .wait)
        #expect(heartbeat.outcome(now: start + .seconds(34)) == .ping)
        #expect(heartbeat.deadline == start + .seconds(42))
        heartbeat.pong()
        #expect(heartbeat.outcome(now: start + .seconds(42)) == .wait)
        #expect(heartbeat.deadline == start + .seconds(59))
        #expect(heartbeat.outcome(now: start + .seconds(1_000)) == .ping)
        #expect(heartbeat.outcome(now: start + .seconds(1_007)) == .wait)
        #expect(heartbeat.outcome(now: start + .seconds(1_008)) == .disconnect(.noPong))
    }

    @Test func heartbeatEndsAConnectionThatNeverConnects() {
        var heartbeat = Heartbeat(options: HubOptions(), now: start)
        #expect(heartbeat.outcome(now: start + .seconds(10)) == .disconnect(.stale))
    }

    @Test func budgetRefillsWithTimeUpToABurst() {
        var budget = TokenBucket(perSecond: 10, burst: 2, now: start)
        func taken(at time: NIODeadline) -> Int { (0..<100).count { _ in budget.take(now: time) } }
        #expect(taken(at: start) == 20)
        #expect(taken(at: start + .milliseconds(500)) == 5)
        #expect(taken(at: start + .seconds(100)) == 20)
        var unlimited = TokenBucket(perSecond: nil, burst: 2, now: start)
        let all = (0..<10_000).allSatisfy { _ in unlimited.take(now: start) }
        #expect(all)
    }

    @Test func pendingBytesAreMeasuredOnlyPastTheLimit() {
        var pending = PendingBytes(limit: 100)
        pending.wrote(100)
        #expect(!pending.needsMeasuring)
        pending.wrote(1)
        #expect(pending.needsMeasuring)
        #expect(pending.measured(30) == false)
        #expect(!pending.needsMeasuring)
        pending.wrote(80)
        #expect(pending.measured(101) == true)
    }

    @Test func oneWaitingReplyDoesNotCount() {
        var pending = PendingBytes(limit: 100)
        pending.wrote(1_000)
        pending.endsWithExempt(1_000)
        #expect(pending.measured(1_000) == false)
        pending.wrote(100)
        #expect(pending.measured(1_100) == false)
        // Half of the reply has left: the rest of it is still left out.
        #expect(pending.measured(600) == false)
        pending.wrote(1)
        #expect(pending.measured(601) == true)
        // All of it has left: it no longer helps.
        pending.wrote(50)
        #expect(pending.measured(101) == true)
    }

    @Test func onlyTheLongestWaitingReplyIsExempt() {
        var pending = PendingBytes(limit: 100)
        pending.wrote(90)
        pending.endsWithExempt(90)
        pending.wrote(500)
        pending.endsWithExempt(500)
        pending.wrote(60)
        pending.endsWithExempt(60)
        #expect(pending.measured(650) == true)
        #expect(pending.measured(560) == false)
    }

    @Test func oneThatHasLeftUnnoticedMakesPlaceForTheNext() {
        var pending = PendingBytes(limit: 100)
        for bytes in [1_000, 1_000, 600, 400] {
            pending.wrote(bytes)
            pending.endsWithExempt(bytes)
            // Each has left, which nobody measures, before the next is written.
            #expect(pending.measured(bytes) == false)
        }
        pending.wrote(300)
        pending.endsWithExempt(300)
        #expect(pending.measured(700) == true)
        #expect(pending.measured(400) == false)
    }

    @Test func linesAreCutAtLineFeedsOnly() {
        let frame = ByteBuffer(string: "\n{\"a\":1}\r\n \t\r\n{\"b\":\"\u{2028}\"}")
        #expect(lines(of: frame) == ["{\"a\":1}\r", "{\"b\":\"\u{2028}\"}"])
        #expect(lines(of: ByteBuffer(string: " \n\n")).isEmpty)
    }

    private func lines(of frame: ByteBuffer) -> [String] {
        var rest = frame
        var lines: [String] = []
        while let line = CommandParser.nextLine(of: &rest) { lines.append(String(buffer: line)) }
        return lines
    }

    @Test func replyWithLineFeedsBecomesOneLine() {
        var buffer = ByteBuffer()
        ReplyWriter.writeCalled(ByteBuffer(string: "{\n\"a\": 1\n}"), id: 3, into: &buffer)
        #expect(String(buffer: buffer) == "{\"id\":3,\"rpc\":{\"data\":{ \"a\": 1 }}}")
    }

    @Test("frames of every header length", arguments: [1, 60, 100, 60_000, 70_000])
    func publicationFrames(padding: Int) throws {
        let prefix = PushWriter.publicationPrefix(channel: "a\"b")
        let event = CountingEvent(value: 1, padding: padding)
        var (begun, data) = PushWriter.beginPublication(prefix: prefix, event: event, publisher: nil)
        #expect(try Parsed(String(buffer: begun.slice(data)))["value"].int == 1)
        let frame = PushWriter.endPublication(&begun, offset: .max)
        let payload = try decodedText(frame.bytes)
        #expect(frame.payload == ByteBuffer(string: payload))
        let publication = EncodedPublication(
            offset: .max,
            frame: frame,
            bodyStart: PushWriter.bodyStart(prefix: prefix)
        )
        #expect(try Parsed(String(buffer: publication.publication)) == Parsed(payload)["push"]["pub"])
        let parsed = try Parsed(payload)["push"]
        #expect(parsed["channel"].string == "a\"b")
        #expect(parsed["pub"]["data"]["padding"].string?.count == padding)
        #expect(payload.hasSuffix(",\"offset\":18446744073709551615}}}"))
    }

    @Test func outboxBatchesRepliesAndKeepsTheOrder() throws {
        var outbox = Outbox()
        #expect(outbox.isEmpty)
        outbox.reply { $0.writeString("1") }
        outbox.reply { $0.writeString("2") }
        outbox.append(opaque: ByteBuffer(string: "frame"))
        outbox.reply { $0.writeString("3") }
        let (first, rest) = outbox.take()
        let entries = [try #require(first)] + rest
        #expect(try decodedText(entries[0].bytes) == "1\n2")
        #expect(entries.map(\.replyBytes) == [5, 0, 3])
        #expect(String(buffer: entries[1].bytes) == "frame")
        #expect(try decodedText(entries[2].bytes) == "3")
        #expect(outbox.isEmpty)
    }

    @Test func outboxJoinsWhatIsShortIntoOneFrame() throws {
        var outbox = Outbox()
        var buffers = ["a", "b"].map { text -> ByteBuffer in
            var buffer = ByteBuffer(repeating: 0, count: PushWriter.headerRoom)
            buffer.writeString(text)
            return buffer
        }
        outbox.append(PushWriter.frame(&buffers[0]))
        outbox.reply { $0.writeString("1") }
        outbox.append(PushWriter.frame(&buffers[1]))
        let (first, rest) = outbox.take()
        #expect(rest.isEmpty)
        #expect(try decodedText(#require(first).bytes) == "a\n1\nb")
        #expect(first?.replyBytes == first?.bytes.readableBytes)
    }

    @Test func randomIdsDiffer() {
        #expect(Set((0..<100).map { _ in RandomID.uuid() }).count == 100)
        #expect(
            RandomID.uuid().wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil
        )
    }
}
