import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import WebSocketCodec

@testable import Realtime

/// Publications by clients, and who is counted.
@Suite struct PublishingTests {
    private static func open(_ setup: TestHub, _ name: String, needsSubscription: Bool = true)
        -> Realtime.Channel<RawChannelState>
    {
        var options = Realtime.ChannelOptions()
        options.clientsMayPublish = true
        options.publishingNeedsSubscription = needsSubscription
        options.hasHistory = false
        return setup.hub.open(name, state: RawChannelState(), options: options)
    }

    @Test func publicationOfAClientCarriesWhoItIs() async throws {
        let setup = TestHub()
        _ = Self.open(setup, "c")
        let publisher = try await setup.client()
        let viewer = try await setup.client()
        let id = try #require(try await publisher.connect()["client"].string)
        try await viewer.connect()
        _ = try await publisher.subscribe("c")
        _ = try await viewer.subscribe("c")
        try await publisher.send(.text, #"{"id":3,"publish":{"channel":"c","data":{"x":1}}}"#)
        #expect(try await publisher.text() == #"{"id":3,"publish":{}}"#)
        let info = ##"{"client":"\##(id)","user":"ada","conn_info":{"name":"Ada","color":"#0A0B0C"}}"##
        let push = #"{"push":{"channel":"c","pub":{"data":{"x":1},"info":\#(info)}}}"#
        #expect(try await publisher.text() == push)
        #expect(try await viewer.text() == push)
    }

    @Test func applicationMayRefuseAPublication() async throws {
        let setup = TestHub()
        _ = Self.open(setup, "c")
        let client = try await setup.client()
        try await client.connect()
        _ = try await client.subscribe("c")
        try await client.send(.text, #"{"id":3,"publish":{"channel":"c","data":"bad"}}"#)
        #expect(try await client.reply()["error"]["code"].int == 107)
    }

    @Test func onlySubscribersPublish() async throws {
        let setup = TestHub()
        _ = Self.open(setup, "c")
        let client = try await setup.client()
        try await client.connect()
        try await client.send(.text, #"{"id":3,"publish":{"channel":"c","data":1}}"#)
        #expect(try await client.reply()["error"]["code"].int == 103)
    }

    @Test func serversChannelsTakeNoPublications() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        let client = try await setup.client()
        try await client.connect()
        _ = try await client.subscribe("a")
        try await client.send(.text, #"{"id":3,"publish":{"channel":"a","data":1}}"#)
        #expect(try await client.reply()["error"]["code"].int == 103)
        #expect(channel.withState { $0.values }.isEmpty)
    }

    @Test func openChannelTakesThemFromEverybodyAndIsOpenedWhenNeeded() async throws {
        let setup = TestHub()
        let hub = setup.hub
        let client = try await setup.client(
            TestApplication(prepare: { name, _ in
                if !hub.isOpen(name) { _ = Self.open(setup, name, needsSubscription: false) }
            })
        )
        try await client.connect()
        try await client.send(
            .text,
            "{\"id\":2,\"publish\":{\"channel\":\"c\",\"data\":1}}\n{\"id\":3,\"publish\":{\"channel\":\"c\",\"data\":2}}"
        )
        var ids: [Int?] = []
        while ids.count < 2 {
            ids += try await client.text().split(separator: "\n").map { try Parsed(String($0))["id"].int }
        }
        #expect(ids == [2, 3])
        #expect(hub.metrics.publications == 2)
    }

    @Test("a delayed write holds nothing that is older than the subscription", arguments: [false, true])
    func delayedWritesAndNewSubscribers(hasHistory: Bool) async throws {
        let setup = TestHub()
        var options = Realtime.ChannelOptions()
        options.clientsMayPublish = true
        options.hasHistory = hasHistory
        options.writeDelay = .milliseconds(16)
        _ = setup.hub.open("cursors", state: RawChannelState(), options: options)
        let ana = try await setup.client()
        let ben = try await setup.client()
        for (client, key) in [(ana, "a"), (ben, "b")] {
            try await client.connect()
            _ = try await client.subscribe("cursors")
            try await client.send(.text, #"{"id":3,"publish":{"channel":"cursors","data":{"key":"\#(key)","x":1}}}"#)
        }
        // Both wait; this one subscribes behind them, and then one of them is overtaken by a newer one.
        let late = try await setup.client()
        try await late.connect()
        _ = try await late.subscribe("cursors")
        try await ana.send(.text, #"{"id":4,"publish":{"channel":"cursors","data":{"key":"a","x":2}}}"#)
        await setup.loop.advanceTime(by: .milliseconds(16))
        func publications(_ client: TestClient) async throws -> [Parsed] {
            var lines: [Parsed] = []
            while case .text(let payload)? = try await client.eventIfAny() {
                lines += try String(buffer: payload).split(separator: "\n").map { try Parsed(String($0)) }
            }
            return lines.map { $0["push"]["pub"] }.filter { !$0.isAbsent }
        }
        let told = try await publications(late).map { $0["data"] }
        #expect(told == [try Parsed(#"{"key":"a","x":2}"#)])
        let all = try await publications(ben)
        #expect(all.map { $0["data"]["key"].string } == ["b", "a"] && all.map { $0["data"]["x"].int } == [1, 2])
        if hasHistory { #expect(all.map { $0["offset"].int } == [2, 3], "offsets rise") }
    }

    @Test func subscribersAndViewersAreCounted() async throws {
        let viewers = Mutex<[Int]>([])
        let subscribers = Mutex<[Int]>([])
        let setup = TestHub(onViewers: { count in viewers.withLock { $0.append(count) } })
        var options = Realtime.ChannelOptions()
        options.countsViewers = true
        for name in ["app:1", "app:2"] {
            _ = setup.hub.open(name, state: CountingState(), options: options) { count in
                if name == "app:1" { subscribers.withLock { $0.append(count) } }
            }
        }
        _ = Self.open(setup, "app:1:cursors")
        let first = try await setup.client()
        let second = try await setup.client()
        for client in [first, second] {
            try await client.connect()
            _ = try await client.subscribe("app:1:cursors")
        }
        #expect(setup.hub.viewers == 0)
        _ = try await first.subscribe("app:1", id: 3)
        _ = try await first.subscribe("app:2", id: 4)
        _ = try await second.subscribe("app:1", id: 3)
        #expect(setup.hub.viewers == 2)
        try await first.send(.text, #"{"id":5,"unsubscribe":{"channel":"app:1"}}"#)
        _ = try await first.text()
        #expect(setup.hub.viewers == 2)
        try await first.finish()
        setup.hub.close("app:1", code: .server)
        _ = try await second.text()
        #expect(viewers.withLock { $0 } == [1, 2, 1, 0])
        #expect(subscribers.withLock { $0 } == [1, 2, 1, 0])
    }
}
