import NIOCore
import NIOEmbedded
import Testing
import WebSocketCodec

@testable import Realtime

/// Who is on a channel, and what others learn of it.
@Suite struct PresenceTests {
    private let setup = TestHub()
    private let channel: Realtime.Channel<CountingState>

    init() {
        var options = Realtime.ChannelOptions()
        options.hasPresence = true
        channel = setup.hub.open("a", state: CountingState(), options: options)
    }

    /// A client that has got the answer to `subscribe` and the news of its own coming.
    private func subscribed(_ application: any RealtimeApplication = TestApplication()) async throws -> (
        client: TestClient, id: String
    ) {
        let client = try await setup.client(application)
        let id = try #require(try await client.connect()["client"].string)
        #expect(try await client.subscribe("a")["subscribe"]["offset"].int == 0)
        #expect(try await client.reply()["push"]["join"]["info"]["client"].string == id)
        return (client, id)
    }

    private func present() async throws -> Set<String> {
        let (asking, id) = try await subscribed()
        try await asking.send(.text, #"{"id":9,"presence":{"channel":"a"}}"#)
        let answer = try await asking.reply()["presence"]["presence"]
        try await asking.send(.text, #"{"id":10,"unsubscribe":{"channel":"a"}}"#)
        return answer.keys.subtracting([id])
    }

    @Test func comingIsToldAtOnceAndGoingTwoSecondsLater() async throws {
        let (watcher, _) = try await subscribed()
        let (other, id) = try await subscribed()
        let info = ##"{"info":{"client":"\##(id)","user":"ada","conn_info":{"name":"Ada","color":"#0A0B0C"}}}"##
        #expect(try await watcher.text() == #"{"push":{"channel":"a","join":\#(info)}}"#)
        try await other.send(.text, #"{"id":3,"unsubscribe":{"channel":"a"}}"#)
        #expect(try await other.text() == #"{"id":3,"unsubscribe":{}}"#)
        await setup.loop.advanceTime(by: .milliseconds(1_999))
        #expect(try await watcher.eventIfAny() == nil)
        await setup.loop.advanceTime(by: .milliseconds(1))
        #expect(try await watcher.text() == #"{"push":{"channel":"a","leave":\#(info)}}"#)
        #expect(try await other.eventIfAny() == nil)
    }

    @Test func whoComesBackWithinTwoSecondsWasNeverGone() async throws {
        let (watcher, _) = try await subscribed()
        let (other, id) = try await subscribed()
        #expect(try await watcher.reply()["push"]["join"]["info"]["client"].string == id)
        try await other.send(.text, #"{"id":3,"unsubscribe":{"channel":"a"}}"#)
        _ = try await other.text()
        await setup.loop.advanceTime(by: .milliseconds(1_999))
        #expect(try await other.subscribe("a", id: 4)["subscribe"]["offset"].int == 0)
        await setup.loop.advanceTime(by: .seconds(10))
        #expect(try await watcher.eventIfAny() == nil)
        #expect(try await other.eventIfAny() == nil)
        #expect(try await present().count == 2)
    }

    @Test func whoIsCutWhileComingBackIsGone() async throws {
        let later = Later()
        let setup = TestHub(later: later)
        var options = Realtime.ChannelOptions()
        options.hasPresence = true
        let channel = setup.hub.open("a", state: CountingState(), options: options)
        let watcher = try await setup.client()
        let other = try await setup.client()
        for client in [watcher, other] {
            try await client.connect()
            try await client.send(.text, #"{"id":2,"subscribe":{"channel":"a"}}"#)
            while later.count == 0, client === watcher { await Task.yield() }
            later.runAll()
            _ = try await client.reply()
            _ = try await client.reply()
        }
        _ = try await watcher.reply()
        try await other.send(.text, #"{"id":3,"unsubscribe":{"channel":"a"}}"#)
        _ = try await other.text()
        channel.publish(CountingEvent(value: 1))
        _ = try await watcher.text()
        // Its snapshot is never encoded.
        try await other.send(.text, #"{"id":4,"subscribe":{"channel":"a"}}"#)
        while later.count == 0 { await Task.yield() }
        try await other.finish()
        await setup.loop.advanceTime(by: .seconds(2))
        #expect(try await !watcher.reply()["push"]["leave"].isAbsent)
    }

    @Test("clients that end are gone, however they end", arguments: ["close", "cut", "malformed", "server"])
    func ends(how: String) async throws {
        let (watcher, _) = try await subscribed()
        let (other, id) = try await subscribed()
        _ = try await watcher.text()
        switch how {
        case "close":
            try await other.send(.close, payload: ByteBuffer(bytes: [3, 232]))
            _ = try await other.close()
        case "cut": try await other.finish()
        case "malformed":
            try await other.send(.text, "{")
            #expect(try await other.close()?.code == 3501)
        default:
            setup.hub.disconnect(.client(id), .forceNoReconnect)
            #expect(try await other.close()?.code == 3503)
        }
        #expect(try await watcher.eventIfAny() == nil)
        await setup.loop.advanceTime(by: .seconds(2))
        #expect(try await watcher.reply()["push"]["leave"]["info"]["client"].string == id)
        #expect(channel.subscriberCount == 1)
    }

    @Test func vanishedClientIsGoneAfterPingAndPong() async throws {
        let (watcher, _) = try await subscribed()
        let (_, id) = try await subscribed()
        _ = try await watcher.text()
        await setup.loop.advanceTime(by: .seconds(25))
        #expect(try await watcher.text() == "{}")
        try await watcher.send(.text, "{}")
        await setup.loop.advanceTime(by: .seconds(8))
        #expect(setup.hub.metrics.missedPongs == 1)
        await setup.loop.advanceTime(by: .milliseconds(1_999))
        #expect(try await watcher.eventIfAny() == nil)
        await setup.loop.advanceTime(by: .milliseconds(1))
        #expect(try await watcher.reply()["push"]["leave"]["info"]["client"].string == id)
    }

    @Test func presenceTellsWhoIsHere() async throws {
        let (client, first) = try await subscribed()
        let bob = TestApplication(connect: {
            .accepted(ConnectAcceptance(ClientIdentity(client: $0.client, user: "bob", name: "B\"", color: "#000000")))
        })
        let (_, second) = try await subscribed(bob)
        let (_, third) = try await subscribed()
        for _ in 0..<2 { _ = try await client.text() }
        try await client.send(.text, #"{"id":3,"presence":{"channel":"a"}}"#)
        let presence = try await client.reply()["presence"]["presence"]
        #expect(presence.keys == [first, second, third])
        #expect(
            try presence[second]
                == Parsed(
                    ##"{"client":"\##(second)","user":"bob","conn_info":{"name":"B\"","color":"#000000"}}"##
                )
        )
        try await client.send(.text, #"{"id":4,"presence_stats":{"channel":"a"}}"#)
        #expect(try await client.text() == #"{"id":4,"presence_stats":{"num_clients":3,"num_users":2}}"#)
    }

    @Test("only subscribers learn who is here, where it is known", arguments: ["presence", "presence_stats"])
    func refusals(method: String) async throws {
        _ = setup.hub.open("b", state: CountingState())
        let client = try await setup.client()
        try await client.connect()
        try await client.send(.text, #"{"id":3,"\#(method)":{"channel":"a"}}"#)
        #expect(try await client.reply()["error"]["code"].int == 103)
        _ = try await client.subscribe("b")
        try await client.send(.text, #"{"id":4,"\#(method)":{"channel":"b"}}"#)
        #expect(try await client.reply()["error"]["code"].int == 108)
    }
}
