import NIOCore
import Testing

@testable import Realtime

/// The state machine alone: events in, actions out.
@Suite struct ClientSessionTests {
    private let now = NIODeadline.uptimeNanoseconds(1)
    private let identity = ClientIdentity(client: "c", user: "u", name: "n", color: "#000000")

    private func connected(_ options: HubOptions = HubOptions()) -> ClientSession {
        var session = ClientSession(options: options, now: now)
        _ = session.receive(Command(id: 1, request: .connect(ConnectParameters())), now: now)
        _ = session.connectAnswered(id: 1, .accepted(ConnectAcceptance(identity)), positions: [:])
        return session
    }

    private func subscribe(_ channel: String, id: UInt32) -> Command {
        Command(id: id, request: .subscribe(SubscribeParameters(channel: channel)))
    }

    private func unsubscribe(_ channel: String, id: UInt32) -> Command {
        Command(id: id, request: .unsubscribe(channel: channel))
    }

    private func publish(_ channel: String, id: UInt32) -> Command {
        Command(id: id, request: .publish(PublishParameters(channel: channel, data: ByteBuffer(string: "1"))))
    }

    /// The action in a word or two, so that a table can hold it.
    private func name(_ action: SessionAction?) -> String {
        switch action {
        case nil: "-"
        case .some(.none): "none"
        case .connect(let id, _): "connect \(id)"
        case .replyConnected(let id, _): "connected \(id)"
        case .greet(let id, let acceptance, _): "greet \(id) \(acceptance.channels.joined(separator: " "))"
        case .prepare(let request): "prepare \(request.channel)"
        case .attach(let id, _, _): "attach \(id)"
        case .detach(let id, let channel): "detach \(id) \(channel)"
        case .replyUnsubscribed(let id): "unsubscribed \(id)"
        case .publish(let id, _, let isSubscribed, let isPrepared): "publish \(id) \(isSubscribed) \(isPrepared)"
        case .query(let id, let query): "query \(id) \(query.channel)"
        case .refresh(let id, let token): "refresh \(id) \(token)"
        case .subRefresh(let id, let channel, let token): "subRefresh \(id) \(channel) \(token)"
        case .call(let id, let method, _): "call \(id) \(method)"
        case .fail(let id, let error): "fail \(id) \(error.code)"
        case .disconnect(let disconnect): "disconnect \(disconnect.code)"
        }
    }

    @Test(
        "before connect",
        arguments: [
            (Command(id: 1, request: .connect(ConnectParameters())), "connect 1"),
            (Command(id: 0, request: .connect(ConnectParameters())), "disconnect 3501"),
            (Command(id: 1, request: .malformedConnect), "fail 1 107"),
            (Command(id: 1, request: .rpc(method: "m", data: nil)), "disconnect 3501"),
            (Command(id: 1, request: .malformed), "disconnect 3501"),
            (Command(id: 1, request: .unknown), "disconnect 3501"),
            (Command(id: 0, request: .pong), "disconnect 3501"),
            (Command(id: 0, request: .send), "disconnect 3501"),
        ] as [(Command, String)]
    )
    func beforeConnect(command: Command, expected: String) {
        var session = ClientSession(options: HubOptions(), now: now)
        #expect(name(session.receive(command, now: now)) == expected)
    }

    @Test(
        "once connected",
        arguments: [
            (Command(id: 2, request: .connect(ConnectParameters())), "disconnect 3501"),
            (Command(id: 2, request: .malformedConnect), "disconnect 3501"),
            (Command(id: 0, request: .rpc(method: "m", data: nil)), "disconnect 3501"),
            (Command(id: 0, request: .malformed), "disconnect 3501"),
            (Command(id: 0, request: .unavailable), "disconnect 3501"),
            (Command(id: 2, request: .rpc(method: "m", data: nil)), "call 2 m"),
            (Command(id: 2, request: .malformed), "fail 2 107"),
            (Command(id: 2, request: .unknown), "fail 2 104"),
            (Command(id: 2, request: .unavailable), "fail 2 108"),
            (Command(id: 0, request: .pong), "none"),
            (Command(id: 0, request: .send), "none"),
            (Command(id: 2, request: .send), "none"),
            (Command(id: 2, request: .unsubscribe(channel: "a")), "unsubscribed 2"),
        ] as [(Command, String)]
    )
    func onceConnected(command: Command, expected: String) {
        var session = connected()
        #expect(name(session.receive(command, now: now)) == expected)
    }

    @Test func refusedConnectionTakesNothingMore() {
        var session = ClientSession(options: HubOptions(), now: now)
        _ = session.receive(Command(id: 1, request: .connect(ConnectParameters())), now: now)
        #expect(name(session.connectAnswered(id: 1, .failed(.tokenExpired), positions: [:])) == "fail 1 109")
        #expect(
            name(session.receive(Command(id: 2, request: .connect(ConnectParameters())), now: now)) == "disconnect 3501"
        )
        #expect(name(session.receive(Command(id: 3, request: .unknown), now: now)) == "none")
    }

    @Test func subscriptionRunsThroughPreparationAndAttachment() {
        var session = connected()
        #expect(name(session.receive(subscribe("a", id: 2), now: now)) == "prepare a")
        #expect(name(session.prepared(channel: "a", .success(SubscribeGrant()))) == "attach 2")
        session.subscribeAnswered(channel: "a", isSubscribed: true)
        #expect(name(session.resume(channel: "a")) == "-")
        #expect(name(session.receive(subscribe("a", id: 3), now: now)) == "fail 3 105")
        #expect(name(session.receive(publish("a", id: 4), now: now)) == "publish 4 true false")
        #expect(name(session.receive(unsubscribe("a", id: 5), now: now)) == "detach 5 a")
        #expect(name(session.receive(unsubscribe("a", id: 6), now: now)) == "unsubscribed 6")
        #expect(name(session.receive(publish("a", id: 7), now: now)) == "publish 7 false false")
    }

    @Test func commandsOnOneChannelWaitForEachOther() {
        var session = connected()
        #expect(name(session.receive(subscribe("a", id: 2), now: now)) == "prepare a")
        for command in [unsubscribe("a", id: 3), subscribe("a", id: 4), publish("a", id: 5)] {
            #expect(name(session.receive(command, now: now)) == "none")
        }
        #expect(name(session.resume(channel: "a")) == "-")
        #expect(name(session.prepared(channel: "a", .success(SubscribeGrant()))) == "attach 2")
        #expect(name(session.resume(channel: "a")) == "-")
        session.subscribeAnswered(channel: "a", isSubscribed: true)
        #expect(name(session.resume(channel: "a")) == "detach 3 a")
        #expect(name(session.resume(channel: "a")) == "prepare a")
        #expect(name(session.resume(channel: "a")) == "-")
        #expect(name(session.prepared(channel: "a", .failure(.permissionDenied))) == "fail 4 103")
        #expect(name(session.resume(channel: "a")) == "publish 5 false false")
        #expect(name(session.resume(channel: "a")) == "-")
    }

    @Test func publicationOnAnUnopenedChannelIsPrepared() {
        var session = connected()
        #expect(name(session.receive(publish("a", id: 2), now: now)) == "publish 2 false false")
        let parameters = PublishParameters(channel: "a", data: ByteBuffer(string: "1"))
        #expect(name(session.needsPreparation(id: 2, parameters)) == "prepare a")
        #expect(name(session.receive(publish("a", id: 3), now: now)) == "none")
        #expect(name(session.prepared(channel: "a", .success(SubscribeGrant()))) == "publish 2 false true")
        #expect(name(session.resume(channel: "a")) == "publish 3 false false")
    }

    @Test func serverEndsASubscriptionOnce() {
        var session = connected()
        #expect(session.unsubscribedByServer(channel: "a") == false)
        _ = session.receive(subscribe("a", id: 2), now: now)
        #expect(session.unsubscribedByServer(channel: "a") == false)
        _ = session.prepared(channel: "a", .success(SubscribeGrant()))
        session.subscribeAnswered(channel: "a", isSubscribed: true)
        #expect(session.unsubscribedByServer(channel: "a") == true)
        #expect(session.unsubscribedByServer(channel: "a") == false)
        #expect(name(session.receive(subscribe("a", id: 3), now: now)) == "prepare a")
    }

    @Test func failedSubscriptionsDoNotCount() {
        var options = HubOptions()
        options.maximumSubscriptions = 1
        var session = connected(options)
        #expect(name(session.receive(subscribe("a", id: 2), now: now)) == "prepare a")
        #expect(name(session.receive(subscribe("b", id: 3), now: now)) == "fail 3 106")
        #expect(name(session.prepared(channel: "a", .failure(.unknownChannel))) == "fail 2 102")
        #expect(name(session.receive(subscribe("b", id: 4), now: now)) == "prepare b")
    }

    @Test func callsInFlightAreLimited() {
        var options = HubOptions()
        options.maximumCallsInFlight = 1
        var session = connected(options)
        let call = Command(id: 2, request: .rpc(method: "m", data: nil))
        #expect(name(session.receive(call, now: now)) == "call 2 m")
        #expect(name(session.receive(call, now: now)) == "fail 2 111")
        session.callFinished()
        #expect(name(session.receive(call, now: now)) == "call 2 m")
    }

    @Test func publicationsAreLimitedByThemselves() {
        var options = HubOptions()
        options.maximumPublicationsPerSecond = 10
        var session = connected(options)
        for id in UInt32(2)..<22 {
            #expect(name(session.receive(publish("a", id: id), now: now)) == "publish \(id) false false")
        }
        #expect(name(session.receive(publish("a", id: 22), now: now)) == "fail 22 111")
        #expect(name(session.receive(publish("b", id: 23), now: now)) == "fail 23 111", "whatever the channel")
        #expect(name(session.receive(subscribe("a", id: 24), now: now)) == "prepare a")
        let later = now + .milliseconds(100)
        #expect(name(session.receive(publish("b", id: 25), now: later)) == "publish 25 false false")
        #expect(name(session.receive(publish("b", id: 26), now: later)) == "fail 26 111")
    }

    @Test func nothingFollowsTheEnd() {
        var session = connected()
        _ = session.receive(subscribe("a", id: 2), now: now)
        session.ended()
        #expect(name(session.prepared(channel: "a", .success(SubscribeGrant()))) == "none")
        #expect(name(session.receive(subscribe("b", id: 3), now: now)) == "none")
        #expect(name(session.receiveMalformed()) == "none")
        #expect(name(session.resume(channel: "a")) == "-")
        #expect(session.identity == nil)
    }
}
