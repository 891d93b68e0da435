import NIOCore
import NIOEmbedded
import Testing
import WebSocketCodec

@testable import Realtime

/// Connections and subscriptions that are good for a time, by virtual time.
@Suite struct ExpiryTests {
    /// `user:seconds` and `channel:seconds` are good, `old` was, anything else never.
    private struct PlainTokens: TokenVerifier {
        func connection(_ token: String) throws(TokenError) -> ConnectionClaims {
            let (name, expiry) = try read(token)
            return ConnectionClaims(user: name, expiry: expiry)
        }

        func subscription(_ token: String) throws(TokenError) -> SubscriptionClaims {
            let (name, expiry) = try read(token)
            return SubscriptionClaims(user: "ada", channel: name, expiry: expiry)
        }

        private func read(_ token: String) throws(TokenError) -> (String, Expiry?) {
            if token == "old" { throw .expired }
            let parts = token.split(separator: ":")
            guard parts.count == 2, let seconds = UInt32(parts[1]) else { throw .invalid }
            return (String(parts[0]), seconds == 0 ? nil : Expiry(seconds: seconds))
        }
    }

    private let setup = TestHub()

    private func client() async throws -> TestClient {
        let tokens = PlainTokens()
        let application = TestApplication(
            connect: { request in
                var acceptance = ConnectAcceptance(
                    ClientIdentity(client: request.client, user: "ada", name: "Ada", color: "#0A0B0C")
                )
                guard let token = request.token else { return .accepted(acceptance) }
                do throws(TokenError) {
                    acceptance.expiry = try tokens.connection(token).expiry
                } catch {
                    return error.connectAnswer
                }
                return .accepted(acceptance)
            },
            tokens: tokens
        )
        return try await setup.client(application)
    }

    /// Lets time pass up to just before, answers the pings, then the rest.
    private func pass(_ seconds: Int, _ client: TestClient) async throws {
        for _ in 0..<seconds {
            await setup.loop.advanceTime(by: .seconds(1))
            while let event = try await client.eventIfAny() {
                #expect(event == .text(ByteBuffer(string: "{}")))
                try await client.send(.text, "{}")
            }
        }
    }

    @Test func connectionThatIsNotProlongedEnds() async throws {
        let client = try await client()
        try await client.send(.text, #"{"id":1,"connect":{"token":"ada:10"}}"#)
        let answer = try await client.reply()["connect"]
        #expect(answer["expires"].bool == true)
        #expect(answer["ttl"].int == 10)
        try await pass(34, client)
        await setup.loop.advanceTime(by: .seconds(1))
        #expect(try await client.close() == CloseStatus(code: 3005, reason: "connection expired"))
    }

    @Test func refreshProlongsTheConnection() async throws {
        let client = try await client()
        try await client.send(.text, #"{"id":1,"connect":{"token":"ada:10"}}"#)
        let id = try #require(try await client.reply()["connect"]["client"].string)
        try await pass(34, client)
        try await client.send(.text, #"{"id":2,"refresh":{"token":"ada:60"}}"#)
        let expected = #"{"id":2,"refresh":{"client":"\#(id)","version":"0.1.0","expires":true,"ttl":60}}"#
        #expect(try await client.text() == expected)
        try await pass(84, client)
        try await client.send(.text, #"{"id":3,"refresh":{"token":"ada:0"}}"#)
        #expect(try await client.text() == #"{"id":3,"refresh":{"client":"\#(id)","version":"0.1.0"}}"#)
        try await pass(200, client)
    }

    @Test func refreshWithAnOldTokenIsAnErrorAndWithNoneTheEnd() async throws {
        let client = try await client()
        try await client.send(.text, #"{"id":1,"connect":{"token":"ada:10"}}"#)
        _ = try await client.reply()
        try await client.send(.text, #"{"id":2,"refresh":{"token":"old"}}"#)
        #expect(try await client.text() == #"{"id":2,"error":{"code":109,"message":"token expired"}}"#)
        try await client.send(.text, #"{"id":3,"refresh":{"token":"x"}}"#)
        #expect(try await client.close() == CloseStatus(code: 3500, reason: "invalid token"))
    }

    @Test func connectWithAnOldTokenIsAnErrorAndWithNoneTheEnd() async throws {
        let first = try await client()
        try await first.send(.text, #"{"id":1,"connect":{"token":"old"}}"#)
        #expect(try await first.reply()["error"]["code"].int == 109)
        let second = try await client()
        try await second.send(.text, #"{"id":1,"connect":{"token":"x"}}"#)
        #expect(try await second.close()?.code == 3500)
    }

    @Test func refreshWhereNothingExpiresIsNotAvailable() async throws {
        _ = setup.hub.open("a", state: CountingState())
        let client = try await setup.client()
        try await client.connect()
        _ = try await client.subscribe("a")
        try await client.send(.text, #"{"id":3,"refresh":{"token":"x"}}"#)
        #expect(try await client.reply()["error"]["code"].int == 108)
        try await client.send(.text, #"{"id":4,"sub_refresh":{"channel":"a","token":"x"}}"#)
        #expect(try await client.reply()["error"]["code"].int == 108)
    }

    private func subscribed(_ token: String) async throws -> (TestClient, Parsed) {
        let client = try await client()
        try await client.connect()
        try await client.send(.text, #"{"id":2,"subscribe":{"channel":"a","token":"\#(token)"}}"#)
        return (client, try await client.reply())
    }

    @Test func subscriptionThatIsNotProlongedEndsAndMayBeMadeAgain() async throws {
        let channel = setup.hub.open("a", state: CountingState())
        let (client, answer) = try await subscribed("a:10")
        #expect(answer["subscribe"]["expires"].bool == true)
        #expect(answer["subscribe"]["ttl"].int == 10)
        try await pass(34, client)
        #expect(channel.subscriberCount == 1)
        await setup.loop.advanceTime(by: .seconds(1))
        #expect(
            try await client.text()
                == #"{"push":{"channel":"a","unsubscribe":{"code":2501,"reason":"subscription expired"}}}"#
        )
        #expect(channel.subscriberCount == 0)
        try await client.send(.text, #"{"id":3,"subscribe":{"channel":"a","token":"a:10"}}"#)
        #expect(try await client.reply()["subscribe"]["ttl"].int == 10)
    }

    @Test func subRefreshProlongsTheSubscription() async throws {
        _ = setup.hub.open("a", state: CountingState())
        let (client, _) = try await subscribed("a:10")
        try await pass(34, client)
        try await client.send(.text, #"{"id":3,"sub_refresh":{"channel":"a","token":"a:20"}}"#)
        #expect(try await client.text() == #"{"id":3,"sub_refresh":{"expires":true,"ttl":20}}"#)
        try await pass(44, client)
        for (token, code) in [("old", 109), ("x", 103), ("b:20", 103)] {
            try await client.send(.text, #"{"id":4,"sub_refresh":{"channel":"a","token":"\#(token)"}}"#)
            #expect(try await client.reply()["error"]["code"].int == code)
        }
        try await client.send(.text, #"{"id":5,"sub_refresh":{"channel":"b","token":"b:20"}}"#)
        #expect(try await client.reply()["error"]["code"].int == 103)
        await setup.loop.advanceTime(by: .seconds(1))
        #expect(try await client.reply()["push"]["unsubscribe"]["code"].int == 2501)
        try await client.send(.text, #"{"id":6,"sub_refresh":{"channel":"a","token":"a:20"}}"#)
        #expect(try await client.reply()["error"]["code"].int == 103)
    }

    @Test("subscribing needs a token that is good", arguments: [("old", 109), ("x", 103), ("b:10", 103)])
    func grants(token: String, code: Int) async throws {
        let channel = setup.hub.open("a", state: CountingState())
        let (_, answer) = try await subscribed(token)
        #expect(answer["error"]["code"].int == code)
        #expect(channel.subscriberCount == 0)
    }

    @Test func timersOfWhatHasEndedDoNothing() async throws {
        _ = setup.hub.open("a", state: CountingState())
        let (client, _) = try await subscribed("a:1")
        try await client.send(.text, #"{"id":3,"unsubscribe":{"channel":"a"}}"#)
        _ = try await client.text()
        try await client.send(.text, #"{"id":4,"subscribe":{"channel":"a"}}"#)
        #expect(try await client.reply()["subscribe"]["expires"].isAbsent)
        try await pass(60, client)
    }

    @Test func serverProlongsAndTells() async throws {
        let client = try await client()
        try await client.send(.text, #"{"id":1,"connect":{"token":"ada:10"}}"#)
        _ = try await client.reply()
        setup.hub.refresh(.user("bob"), Expiry(seconds: 1))
        setup.hub.refresh(.user("ada"), Expiry(seconds: 50))
        #expect(try await client.text() == #"{"push":{"refresh":{"expires":true,"ttl":50}}}"#)
        try await pass(74, client)
        await setup.loop.advanceTime(by: .seconds(1))
        #expect(try await client.close()?.code == 3005)
    }
}
