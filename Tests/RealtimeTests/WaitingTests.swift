import NIOCore
import Testing
import WebSocketCodec

@testable import Realtime

/// What waits for slow readers, and for a channel's write delay: pure parts.
@Suite struct WaitingTests {
    private func frame(_ text: String) -> Frame {
        var buffer = ByteBuffer(repeating: 0, count: PushWriter.headerRoom)
        buffer.writeString(text)
        return PushWriter.frame(&buffer)
    }

    private func publication(_ offset: UInt64, key: String? = nil) -> Delivery.Kind {
        .publication(EncodedPublication(offset: offset, frame: frame("\(offset)"), bodyStart: 0), key: key)
    }

    private func texts(_ frames: [Frame]) -> [String] { frames.map { String(buffer: $0.payload) } }

    @Test func backlogNotesWhereToGoOnInTheHistory() {
        let backlog = Backlog()
        #expect(backlog.after == nil)
        for offset in 5...9 as ClosedRange<UInt64> {
            #expect(backlog.take(publication(offset, key: "k"), hasHistory: true))
        }
        #expect(backlog.after == 4)
        #expect(backlog.through == 9)
        #expect(backlog.kept.isEmpty)
        // Something more came while the history was read.
        #expect(!backlog.caughtUp(through: 7))
        #expect(backlog.after == 7)
        #expect(backlog.caughtUp(through: 9))
    }

    @Test func backlogKeepsOnlyTheNewestOfWhatHasNoHistory() {
        let backlog = Backlog()
        #expect(backlog.take(publication(1, key: "a"), hasHistory: false))
        #expect(backlog.take(publication(2, key: "b"), hasHistory: false))
        #expect(backlog.take(publication(3, key: "a"), hasHistory: false))
        #expect(backlog.take(.presence(frame("joined"), client: "c"), hasHistory: false))
        #expect(backlog.take(.presence(frame("left"), client: "c"), hasHistory: false))
        #expect(texts(backlog.kept) == ["3", "2", "left"])
        #expect(backlog.after == nil)
        #expect(backlog.caughtUp(through: 0))
        #expect(backlog.kept.isEmpty)
        #expect(backlog.take(publication(4, key: "a"), hasHistory: false))
        #expect(texts(backlog.kept) == ["4"])
    }

    @Test func backlogDoesNotTakeWhatNothingCanStandFor() {
        let backlog = Backlog()
        #expect(!backlog.take(publication(1), hasHistory: false))
        #expect(!backlog.take(.closed(.server), hasHistory: true))
        #expect(backlog.kept.isEmpty)
    }

    @Test func whatIsDelayedKeepsOnlyTheNewestOfAKeyInAChannel() {
        let channel = ObjectIdentifier(Backlog.self)
        let other = ObjectIdentifier(Outbox.self)
        let delayed = [
            Delivery(channel: channel, kind: publication(1, key: "a")),
            Delivery(channel: channel, kind: publication(2)),
            Delivery(channel: channel, kind: .presence(frame("joined"), client: "c")),
            Delivery(channel: channel, kind: publication(3, key: "b")),
            Delivery(channel: other, kind: publication(6, key: "a")),
            Delivery(channel: channel, kind: publication(4, key: "a")),
            Delivery(channel: channel, kind: publication(5)),
        ]
        let kept = Coalescing.newest(of: delayed)
        #expect(texts(kept.compactMap(\.kind.frame)) == ["2", "joined", "3", "6", "4", "5"])
    }

    @Test func outboxSendsALongReplyInPiecesOfOneFrame() throws {
        var outbox = Outbox()
        outbox.reply { $0.writeString("1") }
        let shared = ByteBuffer(repeating: UInt8(ascii: "s"), count: 20_000)
        outbox.reply(head: ByteBuffer(string: "<"), shared: shared, tail: ByteBuffer(string: ">"))
        outbox.append(frame("2"))
        let (first, rest) = outbox.take()
        let entries = [try first.unwrapped()] + rest
        #expect(entries.count == 5)
        // The bytes of the middle are shared, not copied.
        #expect(address(entries[2].bytes) == address(shared))
        var decoder = MessageDecoder(role: .client)
        for entry in entries { decoder.append(entry.bytes) }
        var messages: [String] = []
        while case .text(let payload)? = try decoder.next() { messages.append(String(buffer: payload)) }
        #expect(messages == ["1", "<" + String(repeating: "s", count: 20_000) + ">", "2"])
        // The reply counts as one, at its end, with its header.
        #expect(entries.map(\.replyBytes) == [3, 0, 0, 20_006, 0])
        #expect(outbox.isEmpty)
    }

    @Test func outboxCopiesAShortReply() throws {
        var outbox = Outbox()
        outbox.reply(head: ByteBuffer(string: "<"), shared: ByteBuffer(string: "s"), tail: ByteBuffer(string: ">"))
        outbox.reply { $0.writeString("2") }
        let (first, rest) = outbox.take()
        #expect(rest.isEmpty)
        #expect(try decodedText(first.unwrapped().bytes) == "<s>\n2")
    }

    @Test func outboxDoesNotJoinAcrossOtherFrames() throws {
        var outbox = Outbox()
        outbox.append(frame("1"))
        outbox.append(opaque: ByteBuffer(string: "pong"))
        outbox.append(frame("2"))
        let (first, rest) = outbox.take()
        #expect(first != nil)
        #expect(rest.count == 2)
        outbox.append(frame("3"))
        outbox.reply { $0.writeString("4") }
        outbox.clear()
        #expect(outbox.isEmpty)
        #expect(outbox.take().first == nil)
    }

    private func address(_ buffer: ByteBuffer) -> UnsafeRawPointer? {
        buffer.withUnsafeReadableBytes { $0.baseAddress }
    }

    // MARK: Greeting

    private final class Told {
        var results: [Result<[String], ClientError>] = []
    }

    private func greeting(_ channels: [String]) -> (Greeting, Told) {
        let told = Told()
        var acceptance = ConnectAcceptance(ClientIdentity(client: "c", user: "", name: "", color: ""))
        acceptance.channels = channels
        return (
            Greeting(acceptance) { result in told.results.append(result.map { $0.subscriptions.map(\.channel) }) }, told
        )
    }

    @Test func greetingEndsWithTheLastSubscriptionInTheApplicationsOrder() {
        let (greeting, told) = greeting(["a", "b", "a"])
        greeting.subscribed(to: "b", SubscribeResult())
        #expect(told.results.isEmpty)
        greeting.subscribed(to: "a", SubscribeResult())
        #expect(told.results == [.success(["a", "b"])])
        greeting.fail(.internal)
        greeting.subscribed(to: "b", SubscribeResult())
        #expect(told.results.count == 1)
    }

    @Test func greetingFailsOnceWithTheFirstThatFails() {
        let (greeting, told) = greeting(["a", "b"])
        greeting.fail(.permissionDenied)
        greeting.fail(.internal)
        greeting.subscribed(to: "a", SubscribeResult())
        greeting.subscribed(to: "b", SubscribeResult())
        #expect(told.results == [.failure(.permissionDenied)])
    }
}
