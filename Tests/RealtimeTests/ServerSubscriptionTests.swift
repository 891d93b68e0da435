import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import WebSocketCodec

@testable import Realtime

/// Subscriptions and pushes that the server makes of its own accord.
@Suite struct ServerSubscriptionTests {
    /// Subscribes every client to `channels` as it connects.
    private func application(
        _ channels: [String],
        prepare: @escaping TestApplication.Prepare = { _, _ in }
    ) -> TestApplication {
        TestApplication(
            connect: { request in
                let identity = ClientIdentity(client: request.client, user: "ada", name: "Ada", color: "#0A0B0C")
                var acceptance = ConnectAcceptance(identity)
                acceptance.channels = channels
                return .accepted(acceptance)
            },
            prepare: prepare
        )
    }

    private func connected(_ setup: TestHub) async throws -> (client: TestClient, target: HubTarget) {
        let client = try await setup.client()
        let id = try #require(try await client.connect()["client"].string)
        return (client, .client(id))
    }

    private func until(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    // MARK: With connect

    @Test func connectAnswersWithTheServersSubscriptions() async throws {
        let setup = TestHub()
        let a = setup.hub.open("a", state: CountingState())
        var options = Realtime.ChannelOptions()
        options.hasHistory = false
        _ = setup.hub.open("b", state: CountingState(), options: options)
        a.publish(CountingEvent(value: 7))
        let client = try await setup.client(application(["a", "b", "a"]))
        let subscriptions = try await client.connect()["subs"]
        #expect(subscriptions.keys == ["a", "b"])
        #expect(subscriptions["a"]["data"]["values"].ints == [7])
        #expect(subscriptions["a"]["offset"].int == 1)
        #expect(try subscriptions["b"] == Parsed("{}"))
        a.publish(CountingEvent(value: 8))
        #expect(try await client.reply()["push"]["pub"]["offset"].int == 2)
        // The client may not subscribe again, but leave.
        #expect(try await client.subscribe("a")["error"]["code"].int == 105)
        try await client.send(.text, #"{"id":3,"unsubscribe":{"channel":"a"}}"#)
        #expect(try await client.text() == #"{"id":3,"unsubscribe":{}}"#)
        #expect(a.subscriberCount == 0)
    }

    @Test func connectRecoversTheServersSubscriptions() async throws {
        let setup = TestHub()
        let channels = ["a", "b"].map { setup.hub.open($0, state: CountingState()) }
        for channel in channels { for value in 1...3 { channel.publish(CountingEvent(value: value)) } }
        let client = try await setup.client(application(["a", "b"]))
        let positions =
            #"{"a":{"recover":true,"epoch":"\#(channels[0].epoch)","offset":1},"b":{"recover":true,"epoch":"x","offset":1}}"#
        try await client.send(.text, #"{"id":1,"connect":{"subs":\#(positions)}}"#)
        let subscriptions = try await client.reply()["connect"]["subs"]
        #expect(subscriptions["a"]["recovered"].bool == true)
        #expect(subscriptions["a"]["publications"].count == 2)
        #expect(subscriptions["a"]["data"].isAbsent)
        #expect(subscriptions["b"]["recovered"].bool == false)
        #expect(subscriptions["b"]["data"]["values"].ints == [1, 2, 3])
    }

    @Test func commandsAndPublicationsWaitForTheGreeting() async throws {
        let later = Later()
        let setup = TestHub(later: later)
        let channel = setup.hub.open("a", state: CountingState())
        let client = try await setup.client(application(["a"]))
        try await client.send(.text, #"{"id":1,"connect":{}}"#)
        await until { later.count == 1 }
        channel.publish(CountingEvent(value: 1))
        try await client.send(
            .text,
            "{\"id\":2,\"rpc\":{\"method\":\"echo\",\"data\":5}}\n{\"id\":3,\"subscribe\":{\"channel\":\"a\"}}"
        )
        #expect(try await client.eventIfAny() == nil)
        later.runAll()
        #expect(try await client.reply()["connect"]["subs"]["a"]["offset"].int == 0)
        // The publication that was held comes behind the answer.
        #expect(try await client.reply()["push"]["pub"]["offset"].int == 1)
        #expect(try await client.reply()["error"]["code"].int == 105)
        #expect(try await client.text() == #"{"id":2,"rpc":{"data":5}}"#)
    }

    @Test func commandsThatWaitForTheGreetingAreBounded() async throws {
        var options = HubOptions()
        options.maximumWaitingCommands = 2
        let setup = TestHub(options: options)
        _ = setup.hub.open("a", state: CountingState())
        let gate = Gate()
        let client = try await setup.client(application(["a"]) { _, _ in await gate.pass() })
        try await client.send(.text, #"{"id":1,"connect":{}}"#)
        for id in 2...4 { try await client.send(.text, #"{"id":\#(id),"rpc":{"method":"echo"}}"#) }
        #expect(try await client.close()?.code == 3013)
        gate.open()
    }

    @Test func greetingThatFailsLeavesNoSubscription() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        _ = setup.hub.open("b", state: CountingState())
        let gate = Gate()
        let passed = Mutex(false)
        let client = try await setup.client(
            application(["a", "b"]) { (name, _) async throws(ClientError) in
                if name == "b" { throw .permissionDenied }
                await gate.pass()
                passed.withLock { $0 = true }
            }
        )
        try await client.send(.text, #"{"id":1,"connect":{}}"#)
        #expect(try await client.reply()["error"]["code"].int == 103)
        // The other subscription would come only now.
        gate.open()
        await until { passed.withLock { $0 } }
        for _ in 0..<100 { await Task.yield() }
        await setup.loop.run()
        #expect(channel.subscriberCount == 0)
        try await client.send(.text, #"{"id":2,"rpc":{"method":"echo"}}"#)
        #expect(try await client.close()?.code == 3501)
    }

    @Test("a greeting that the server ends is told by the close frame alone", arguments: [3_502, 3_001] as [UInt16])
    func greetingThatIsEnded(code: UInt16) async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        let gate = Gate()
        let client = try await setup.client(application(["a"]) { _, _ in await gate.pass() })
        try await client.send(.text, #"{"id":1,"connect":{}}"#)
        if code == 3_502 {
            await setup.loop.advanceTime(by: TimeAmount(HubOptions().connectTimeout))
        } else {
            setup.hub.disconnect(.user("ada"), .shutdown)
            await setup.loop.run()
        }
        #expect(try await client.close()?.code == code)
        gate.open()
        for _ in 0..<100 { await Task.yield() }
        await setup.loop.run()
        #expect(try await client.eventIfAny() == nil)
        #expect(channel.subscriberCount == 0)
    }

    @Test func greetingEndsWithItsConnection() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        let gate = Gate()
        let client = try await setup.client(application(["a"]) { _, _ in await gate.pass() })
        try await client.send(.text, #"{"id":1,"connect":{}}"#)
        try await client.finish()
        gate.open()
        for _ in 0..<100 { await Task.yield() }
        await setup.loop.run()
        #expect(channel.subscriberCount == 0)
        #expect(setup.hub.metrics.connections == 0)
    }

    // MARK: Later

    @Test func serverSubscribesAConnectedClient() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        channel.publish(CountingEvent(value: 7))
        let (client, target) = try await connected(setup)
        setup.hub.subscribe(target, to: "a")
        let push = try await client.reply()["push"]
        #expect(push["channel"].string == "a")
        #expect(push["subscribe"]["offset"].int == 1)
        #expect(push["subscribe"]["recoverable"].bool == true)
        #expect(push["subscribe"]["data"]["values"].ints == [7])
        channel.publish(CountingEvent(value: 8))
        #expect(try await client.reply()["push"]["pub"]["offset"].int == 2)
        // Again: nothing happens.
        setup.hub.subscribe(target, to: "a")
        for _ in 0..<100 { await Task.yield() }
        await setup.loop.run()
        #expect(try await client.eventIfAny() == nil)
        #expect(channel.subscriberCount == 1)
    }

    @Test func serversSubscriptionThatIsRefusedIsForgotten() async throws {
        let setup = TestHub()
        let attempts = Mutex(0)
        let application = TestApplication(prepare: { (_, _) throws(ClientError) in
            let attempt = attempts.withLock { attempts in
                attempts += 1
                return attempts
            }
            if attempt == 1 { throw .permissionDenied }
        })
        let client = try await setup.client(application)
        let id = try #require(try await client.connect()["client"].string)
        setup.hub.subscribe(.client(id), to: "a")
        await until { attempts.withLock { $0 } == 1 }
        for _ in 0..<100 { await Task.yield() }
        await setup.loop.run()
        // Allowed, but closed.
        setup.hub.subscribe(.client(id), to: "a")
        await until { attempts.withLock { $0 } == 2 }
        for _ in 0..<100 { await Task.yield() }
        await setup.loop.run()
        #expect(try await client.eventIfAny() == nil)
        _ = setup.hub.open("a", state: CountingState())
        #expect(try await client.subscribe("a")["subscribe"]["offset"].int == 0)
    }

    @Test func clientThatLeavesBeforeTheServersSubscriptionIsMadeStaysAway() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        let gate = Gate()
        let prepared = Mutex(0)
        let application = TestApplication(prepare: { _, _ in
            let isFirst = prepared.withLock { prepared in
                prepared += 1
                return prepared == 1
            }
            if isFirst { await gate.pass() }
            prepared.withLock { $0 += 10 }
        })
        let client = try await setup.client(application)
        let id = try #require(try await client.connect()["client"].string)
        setup.hub.subscribe(.client(id), to: "a")
        await until { prepared.withLock { $0 } == 1 }
        try await client.send(.text, #"{"id":2,"unsubscribe":{"channel":"a"}}"#)
        #expect(try await client.text() == #"{"id":2,"unsubscribe":{}}"#)
        // And subscribes by itself.
        #expect(try await client.subscribe("a", id: 3)["subscribe"]["offset"].int == 0)
        gate.open()
        await until { prepared.withLock { $0 } == 22 }
        for _ in 0..<100 { await Task.yield() }
        await setup.loop.run()
        #expect(channel.subscriberCount == 1)
        channel.publish(CountingEvent(value: 1))
        #expect(try await client.reply()["push"]["pub"]["offset"].int == 1)
        #expect(try await client.eventIfAny() == nil)
    }

    @Test func serverEndsSubscriptionsOfAUser() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        let (client, _) = try await connected(setup)
        _ = try await client.subscribe("a")
        setup.hub.unsubscribe(.user("bob"), from: "a", .server)
        setup.hub.unsubscribe(.user("ada"), from: "b", .server)
        setup.hub.unsubscribe(.user("ada"), from: "a", .server)
        #expect(
            try await client.text()
                == #"{"push":{"channel":"a","unsubscribe":{"code":2000,"reason":"server unsubscribe"}}}"#
        )
        #expect(channel.subscriberCount == 0)
        #expect(try await client.subscribe("a", id: 3)["subscribe"]["offset"].int == 0)
    }

    @Test func subscriptionThatIsEndedBeforeItIsAnsweredEndsAfterTheAnswer() async throws {
        let later = Later()
        let setup = TestHub(later: later)
        let channel = setup.hub.open("a", state: CountingState())
        let (client, target) = try await connected(setup)
        try await client.send(.text, #"{"id":2,"subscribe":{"channel":"a"}}"#)
        await until { later.count == 1 }
        channel.publish(CountingEvent(value: 1))
        await setup.loop.run()
        setup.hub.unsubscribe(target, from: "a", .server)
        channel.publish(CountingEvent(value: 2))
        await setup.loop.run()
        later.runAll()
        #expect(try await client.reply()["subscribe"]["offset"].int == 0)
        #expect(try await client.reply()["push"]["pub"]["offset"].int == 1)
        #expect(try await client.reply()["push"]["unsubscribe"]["code"].int == 2000)
        #expect(try await client.eventIfAny() == nil)
        #expect(channel.subscriberCount == 0)
    }

    @Test func missedPublicationsOfTheServersSubscriptionsEndTheConnection() async throws {
        let setup = TestHub()
        _ = setup.hub.open("a", state: CountingState())
        let client = try await setup.client(application(["a"]))
        try await client.connect()
        setup.hub.close("a", code: .insufficient)
        #expect(try await client.close() == CloseStatus(code: 3010, reason: "insufficient state"))
    }

    @Test func serverSendsMessagesToWhoIsConnected() async throws {
        let setup = TestHub()
        let (client, target) = try await connected(setup)
        let waiting = try await setup.client()
        setup.hub.send(ByteBuffer(string: "{\n\"a\":1}"), to: target)
        #expect(try await client.text() == #"{"push":{"message":{"data":{ "a":1}}}}"#)
        setup.hub.send(ByteBuffer(string: "1"), to: .client("nobody"))
        await setup.loop.run()
        #expect(try await client.eventIfAny() == nil)
        #expect(try await waiting.eventIfAny() == nil)
    }

    @Test("disconnects carry their code", arguments: [Disconnect.forceReconnect, .forceNoReconnect, .connectionLimit])
    func disconnects(disconnect: Disconnect) async throws {
        let setup = TestHub()
        let (client, target) = try await connected(setup)
        let (other, _) = try await connected(setup)
        setup.hub.disconnect(target, disconnect)
        #expect(try await client.close() == CloseStatus(code: disconnect.code, reason: disconnect.reason))
        setup.hub.disconnect(.user("ada"), disconnect)
        #expect(try await other.close()?.code == disconnect.code)
    }
}
