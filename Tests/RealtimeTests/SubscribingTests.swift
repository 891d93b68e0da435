import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import WebSocketCodec

@testable import Realtime

/// What happens between a subscribe command and its answer.
@Suite struct SubscribingTests {
    @Test func pushesWaitBehindTheAnswer() async throws {
        let later = Later()
        let setup = TestHub(later: later)
        let channel = setup.hub.open("a", state: CountingState())
        channel.publish(CountingEvent(value: 0))
        let client = try await setup.client()
        try await client.connect()
        try await client.send(.text, #"{"id":2,"subscribe":{"channel":"a"}}"#)
        try await until { later.count == 1 }
        channel.publish(CountingEvent(value: 1))
        channel.publish(CountingEvent(value: 2))
        await setup.loop.run()
        #expect(try await client.eventIfAny() == nil)
        later.runAll()
        let answer = try await client.reply()["subscribe"]
        #expect(answer["offset"].int == 1)
        #expect(answer["data"]["values"].ints == [0])
        #expect(try await client.reply()["push"]["pub"]["offset"].int == 2)
        #expect(try await client.reply()["push"]["pub"]["offset"].int == 3)
        channel.publish(CountingEvent(value: 3))
        #expect(try await client.reply()["push"]["pub"]["offset"].int == 4)
        #expect(try await client.eventIfAny() == nil)
    }

    @Test func snapshotOfOneOffsetIsEncodedOnceForAll() async throws {
        let later = Later()
        let setup = TestHub(later: later)
        let channel = setup.hub.open("a", state: CountingState())
        channel.publish(CountingEvent(value: 7))
        var clients: [TestClient] = []
        for _ in 0..<5 {
            let client = try await setup.client()
            try await client.connect()
            try await client.send(.text, #"{"id":2,"subscribe":{"channel":"a"}}"#)
            clients.append(client)
        }
        try await until { channel.subscriberCount == 5 }
        #expect(later.count == 1)
        later.runAll()
        for client in clients {
            #expect(try await client.reply()["subscribe"]["data"]["values"].ints == [7])
        }
        let sixth = try await setup.client()
        try await sixth.connect()
        #expect(try await sixth.subscribe("a")["subscribe"]["offset"].int == 1)
        #expect(later.count == 0)
    }

    @Test func subscribingTwiceSucceedsOnce() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        let gate = Gate()
        let client = try await setup.client(
            TestApplication(prepare: { _, _ in await gate.pass() })
        )
        try await client.connect()
        try await client.send(
            .text,
            "{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}\n{\"id\":3,\"subscribe\":{\"channel\":\"a\"}}"
        )
        #expect(try await client.eventIfAny() == nil)
        gate.open()
        let lines = try await client.frame().split(separator: "\n").map { try Parsed(String($0)) }
        #expect(lines.map { $0["id"].int } == [2, 3])
        #expect(lines[0]["subscribe"]["offset"].int == 0)
        #expect(lines[1]["error"]["code"].int == 105)
        channel.publish(CountingEvent(value: 1))
        #expect(try await client.reply()["push"]["pub"]["offset"].int == 1)
        #expect(try await client.eventIfAny() == nil)
        #expect(channel.subscriberCount == 1)
    }

    @Test func commandsOnAChannelKeepTheirOrderWhileItIsPrepared() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        let gate = Gate()
        let client = try await setup.client(TestApplication(prepare: { _, _ in await gate.pass() }))
        try await client.connect()
        let commands = [
            #"{"id":2,"subscribe":{"channel":"a"}}"#, #"{"id":3,"unsubscribe":{"channel":"a"}}"#,
            #"{"id":4,"subscribe":{"channel":"a"}}"#, #"{"id":5,"unsubscribe":{"channel":"b"}}"#,
        ]
        try await client.send(.text, commands.joined(separator: "\n"))
        // Another channel does not wait.
        #expect(try await client.reply()["id"].int == 5)
        gate.open()
        var seen: [Int?] = []
        while seen.count < 3 {
            seen += try await client.frame().split(separator: "\n").map { try Parsed(String($0))["id"].int }
        }
        #expect(seen == [2, 3, 4])
        #expect(channel.subscriberCount == 1)
    }

    @Test func commandsThatWaitAreBounded() async throws {
        var options = HubOptions()
        options.maximumWaitingCommands = 2
        let setup = TestHub(options: options)
        let gate = Gate()
        let client = try await setup.client(TestApplication(prepare: { _, _ in await gate.pass() }))
        try await client.connect()
        let commands = (2...5).map { #"{"id":\#($0),"subscribe":{"channel":"a"}}"# }
        try await client.send(.text, commands.joined(separator: "\n"))
        let refused = try await client.reply()
        #expect(refused["id"].int == 5)
        #expect(refused["error"]["code"].int == 111)
        gate.open()
    }

    @Test func failedPreparationIsAnsweredAndMayBeTriedAgain() async throws {
        let setup = TestHub()
        _ = setup.hub.open("a", state: CountingState())
        let attempts = Mutex(0)
        let client = try await setup.client(
            TestApplication(prepare: { (_, _) throws(ClientError) in
                let attempt = attempts.withLock { attempts in
                    attempts += 1
                    return attempts
                }
                if attempt == 1 { throw .permissionDenied }
            })
        )
        try await client.connect()
        #expect(try await client.subscribe("a", id: 2)["error"]["code"].int == 103)
        #expect(try await client.subscribe("a", id: 3)["subscribe"]["offset"].int == 0)
    }

    @Test func connectionThatEndsDuringPreparationLeavesNothingBehind() async throws {
        let viewers = Mutex<[Int]>([])
        let setup = TestHub(onViewers: { count in viewers.withLock { $0.append(count) } })
        var options = Realtime.ChannelOptions()
        options.countsViewers = true
        let channel = setup.hub.open("app:1", state: CountingState(), options: options)
        let gate = Gate()
        let client = try await setup.client(TestApplication(prepare: { _, _ in await gate.pass() }))
        try await client.connect()
        try await client.send(.text, #"{"id":2,"subscribe":{"channel":"app:1"}}"#)
        try await client.finish()
        gate.open()
        let other = try await setup.client()
        try await other.connect()
        _ = try await other.subscribe("app:1")
        channel.publish(CountingEvent(value: 1))
        _ = try await other.reply()
        #expect(channel.subscriberCount == 1)
        #expect(setup.hub.metrics.connections == 1)
        #expect(viewers.withLock { $0 } == [1])
    }

    @Test func connectionThatEndsWhileTheSnapshotIsEncodedLeavesNothingBehind() async throws {
        let later = Later()
        let setup = TestHub(later: later)
        let channel = setup.hub.open("a", state: CountingState())
        let client = try await setup.client()
        try await client.connect()
        try await client.send(.text, #"{"id":2,"subscribe":{"channel":"a"}}"#)
        try await until { later.count == 1 }
        try await client.finish()
        #expect(channel.subscriberCount == 0)
        later.runAll()
        await setup.loop.run()
        #expect(channel.subscriberCount == 0)
        #expect(setup.hub.metrics.connections == 0)
    }

    @Test func channelThatClosesDuringPreparationIsUnknown() async throws {
        let setup = TestHub()
        _ = setup.hub.open("a", state: CountingState())
        let gate = Gate()
        let client = try await setup.client(TestApplication(prepare: { _, _ in await gate.pass() }))
        try await client.connect()
        try await client.send(.text, #"{"id":2,"subscribe":{"channel":"a"}}"#)
        setup.hub.close("a", code: .server)
        gate.open()
        #expect(try await client.reply()["error"]["code"].int == 102)
    }

    @Test func channelThatClosesWhileTheSnapshotIsEncodedUnsubscribesAfterTheAnswer() async throws {
        let later = Later()
        let setup = TestHub(later: later)
        let channel = setup.hub.open("a", state: CountingState())
        let client = try await setup.client()
        try await client.connect()
        try await client.send(.text, #"{"id":2,"subscribe":{"channel":"a"}}"#)
        try await until { later.count == 1 }
        channel.publish(CountingEvent(value: 1))
        setup.hub.close("a", code: .insufficient)
        await setup.loop.run()
        later.runAll()
        #expect(try await client.reply()["subscribe"]["offset"].int == 0)
        #expect(try await client.reply()["push"]["pub"]["offset"].int == 1)
        #expect(
            try await client.text()
                == #"{"push":{"channel":"a","unsubscribe":{"code":2500,"reason":"insufficient state"}}}"#
        )
        #expect(try await client.subscribe("a", id: 9)["error"]["code"].int == 102)
    }

    @Test func closedChannelTellsItsSubscribersAfterItsLastPublication() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        let client = try await setup.client()
        try await client.connect()
        _ = try await client.subscribe("a")
        channel.publish(CountingEvent(value: 1))
        setup.hub.close("a", code: .server)
        channel.publish(CountingEvent(value: 2))
        #expect(try await client.reply()["push"]["pub"]["offset"].int == 1)
        #expect(
            try await client.text()
                == #"{"push":{"channel":"a","unsubscribe":{"code":2000,"reason":"server unsubscribe"}}}"#
        )
        #expect(!setup.hub.isOpen("a"))
        #expect(try await client.eventIfAny() == nil)
    }

    @Test func reopenedChannelHasAnotherEpochAndOnlyItsOwnPublications() async throws {
        let setup = TestHub()
        let first = setup.hub.open("a", state: CountingState())
        let client = try await setup.client()
        try await client.connect()
        let epoch = try await client.subscribe("a")["subscribe"]["epoch"].string
        setup.hub.close("a", code: .insufficient)
        let second = setup.hub.open("a", state: CountingState())
        _ = try await client.text()
        let answer = try await client.subscribe("a", id: 3)["subscribe"]
        #expect(answer["epoch"].string != epoch)
        first.publish(CountingEvent(value: 1))
        second.publish(CountingEvent(value: 2))
        #expect(try await client.reply()["push"]["pub"]["data"]["value"].int == 2)
        #expect(try await client.eventIfAny() == nil)
    }

    @Test func unsubscribedClientGetsNothingMore() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        let client = try await setup.client()
        try await client.connect()
        _ = try await client.subscribe("a")
        // One publication is on its way when the command comes.
        try await setup.loop.executeInContext { channel.publish(CountingEvent(value: 1)) }
        try await client.send(.text, #"{"id":3,"unsubscribe":{"channel":"a"}}"#)
        channel.publish(CountingEvent(value: 2))
        var texts: [String] = []
        while let event = try await client.eventIfAny() {
            if case .text(let payload) = event { texts.append(String(buffer: payload)) }
        }
        #expect(texts.last == #"{"id":3,"unsubscribe":{}}"#)
        #expect(channel.subscriberCount == 0)
    }

    @Test func snapshotThatIsTooLongIsAnErrorAndNoSubscription() async throws {
        var options = HubOptions()
        options.maximumReplyBytes = 10
        let setup = TestHub(options: options)
        let channel = setup.hub.open("a", state: CountingState())
        channel.publish(CountingEvent(value: 1))
        let client = try await setup.client()
        try await client.connect()
        #expect(try await client.subscribe("a")["error"]["code"].int == 106)
        #expect(channel.subscriberCount == 0)
    }

    @Test func longSnapshotIsSentFromTheSharedBuffer() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        for value in 0..<10_000 { channel.publish(CountingEvent(value: value)) }
        let client = try await setup.client()
        try await client.connect()
        let answer = try await client.subscribe("a")["subscribe"]
        #expect(answer["data"]["values"].ints == Array(0..<10_000))
        #expect(answer["offset"].int == 10_000)
    }

    @Test func publicationsOfOneTickLeaveInOneFrameAndOneWrite() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        let client = try await setup.client()
        try await client.connect()
        _ = try await client.subscribe("a")
        try await setup.loop.executeInContext {
            for value in 0..<10 { channel.publish(CountingEvent(value: value)) }
        }
        await setup.loop.run()
        var bytes = try #require(try await client.channel.readOutbound(as: ByteBuffer.self))
        #expect(try await client.channel.readOutbound(as: ByteBuffer.self) == nil)
        var decoder = MessageDecoder(role: .client)
        decoder.append(bytes.readSlice(length: bytes.readableBytes) ?? ByteBuffer())
        var offsets: [Int?] = []
        guard case .text(let payload)? = try decoder.next() else { throw Missing() }
        #expect(try decoder.next() == nil)
        for line in String(buffer: payload).split(separator: "\n") {
            offsets.append(try Parsed(String(line))["push"]["pub"]["offset"].int)
        }
        #expect(offsets == (1...10).map { $0 })
    }

    @Test func oneFrameIsSharedByAllSubscribers() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        var clients: [TestClient] = []
        for _ in 0..<3 {
            let client = try await setup.client()
            try await client.connect()
            _ = try await client.subscribe("a")
            clients.append(client)
        }
        channel.publish(CountingEvent(value: 1))
        var addresses: Set<UnsafeRawPointer?> = []
        for client in clients {
            let bytes = try await client.channel.waitForOutboundWrite(as: ByteBuffer.self)
            addresses.insert(bytes.withUnsafeReadableBytes { $0.baseAddress })
        }
        #expect(addresses.count == 1)
        #expect(setup.hub.metrics.deliveries == 3)
        #expect(setup.hub.metrics.publications == 1)
    }

    /// Waits for something that another thread does, giving way each time.
    private func until(_ condition: () -> Bool) async throws {
        while !condition() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
