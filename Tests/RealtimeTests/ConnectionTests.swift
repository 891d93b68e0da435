import NIOCore
import NIOEmbedded
import Testing
import WebSocketCodec

@testable import Realtime

@Suite struct ConnectionTests {
    @Test func connectAnswersClientVersionAndPing() async throws {
        let client = try await TestHub().client()
        let answer = try await client.connect()
        #expect(answer["client"].string?.count == 36)
        #expect(answer["version"].string == "0.1.0")
        #expect(answer["ping"].int == 25)
        #expect(answer["pong"].bool == true)
        try await client.finish()
    }

    @Test func everyConnectionHasItsOwnId() async throws {
        let setup = TestHub()
        let first = try await setup.client()
        let second = try await setup.client()
        #expect(try await first.connect()["client"] != second.connect()["client"])
    }

    @Test func refusedConnectIsAnsweredWithItsError() async throws {
        let client = try await TestHub().client(TestApplication(connect: { _ in .failed(.unauthorized) }))
        try await client.send(.text, #"{"id":7,"connect":{}}"#)
        #expect(try await client.text() == #"{"id":7,"error":{"code":101,"message":"unauthorized"}}"#)
        try await client.send(.text, #"{"id":8,"rpc":{"method":"echo"}}"#)
        #expect(try await client.close() == CloseStatus(code: 3501, reason: "bad request"))
    }

    @Test func subscribeAnswersPositionAndSnapshot() async throws {
        let setup = TestHub()
        let channel = setup.hub.open("app:1", state: CountingState())
        channel.publish(CountingEvent(value: 0))
        channel.publish(CountingEvent(value: 1))
        let client = try await setup.client()
        try await client.connect()
        let answer = try await client.subscribe("app:1")["subscribe"]
        #expect(answer["recoverable"].bool == true)
        #expect(answer["positioned"].bool == true)
        #expect(answer["epoch"].string?.isEmpty == false)
        #expect(answer["offset"].int == 2)
        #expect(answer["data"]["values"].ints == [0, 1])
        #expect(answer.keys == ["recoverable", "positioned", "epoch", "offset", "data"])
        channel.publish(CountingEvent(value: 2))
        let push = try await client.text()
        #expect(push == #"{"push":{"channel":"app:1","pub":{"data":{"type":"count","value":2},"offset":3}}}"#)
    }

    @Test func channelWithoutHistoryHasNeitherPositionNorOffsets() async throws {
        let setup = TestHub()
        var options = Realtime.ChannelOptions()
        options.hasHistory = false
        let channel = setup.hub.open("app:1:cursors", state: RawChannelState(), options: options)
        let client = try await setup.client()
        try await client.connect()
        #expect(try await client.subscribe("app:1:cursors") == Parsed(#"{"id":2,"subscribe":{}}"#))
        channel.publish(RawEvent(data: ByteBuffer(string: "1")))
        #expect(try await client.text() == #"{"push":{"channel":"app:1:cursors","pub":{"data":1}}}"#)
    }

    @Test(
        "recovery is answered honestly",
        arguments: [
            (true, 1, true), (true, 0, true), (true, 2, false), (true, UInt64.max, false), (false, 1, false),
        ] as [(Bool, UInt64, Bool)]
    )
    func recovery(hasOurEpoch: Bool, offset: UInt64, isRecovered: Bool) async throws {
        let setup = TestHub()
        let channel = setup.hub.open("app:1", state: CountingState())
        channel.publish(CountingEvent(value: 5))
        let client = try await setup.client()
        try await client.connect()
        let epoch = hasOurEpoch ? channel.epoch : "other"
        try await client.send(
            .text,
            #"{"id":2,"subscribe":{"channel":"app:1","recover":true,"epoch":"\#(epoch)","offset":\#(offset)}}"#
        )
        let answer = try await client.reply()["subscribe"]
        #expect(answer["was_recovering"].bool == true)
        #expect(answer["recovered"].bool == isRecovered)
        #expect(answer["data"].isAbsent == isRecovered)
        #expect(answer["publications"].isAbsent == !isRecovered)
        if isRecovered { #expect(answer["publications"].count == 1 - Int(offset)) }
        #expect(answer["epoch"].string == channel.epoch)
        #expect(answer["offset"].int == 1)
    }

    @Test func repliesOfOneFrameShareAFrame() async throws {
        let setup = TestHub()
        let client = try await setup.client()
        try await client.connect()
        let commands = ["presence", "history", "unsubscribe"].enumerated()
            .map { #"{"id":\#($0.offset + 2),"\#($0.element)":{"channel":"a"}}"# }
        try await client.send(.text, commands.joined(separator: "\n") + "\n")
        let lines = try await client.frame().split(separator: "\n")
        #expect(
            lines == [
                #"{"id":2,"error":{"code":103,"message":"permission denied"}}"#,
                #"{"id":3,"error":{"code":103,"message":"permission denied"}}"#,
                #"{"id":4,"unsubscribe":{}}"#,
            ]
        )
    }

    @Test func connectAndSubscribeMayShareAFrame() async throws {
        let setup = TestHub()
        _ = setup.hub.open("a", state: CountingState())
        let client = try await setup.client()
        try await client.send(.text, "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}")
        #expect(try await client.reply()["id"].int == 1)
        #expect(try await client.reply()["subscribe"]["offset"].int == 0)
    }

    @Test(
        "errors and disconnects of single frames",
        arguments: [
            (
                #"{"id":2,"subscribe":{"channel":"nowhere"}}"#,
                #"{"id":2,"error":{"code":102,"message":"unknown channel"}}"#
            ),
            (#"{"id":2,"subscribe":{}}"#, #"{"id":2,"error":{"code":107,"message":"bad request"}}"#),
            (#"{"id":2,"subscribe":[]}"#, #"{"id":2,"error":{"code":107,"message":"bad request"}}"#),
            (#"{"id":2,"subscribe":{"channel":""}}"#, #"{"id":2,"error":{"code":107,"message":"bad request"}}"#),
            (
                #"{"id":2,"subscribe":{"channel":"a","offset":-1}}"#,
                #"{"id":2,"error":{"code":107,"message":"bad request"}}"#
            ),
            (#"{"id":2,"subscribe":{"channel":"é"}}"#, #"{"id":2,"error":{"code":107,"message":"bad request"}}"#),
            (#"{"id":2,"publish":{"channel":"a"}}"#, #"{"id":2,"error":{"code":107,"message":"bad request"}}"#),
            (
                #"{"id":2,"publish":{"channel":"a","data":1}}"#,
                #"{"id":2,"error":{"code":102,"message":"unknown channel"}}"#
            ),
            (#"{"id":2,"dance":{}}"#, #"{"id":2,"error":{"code":104,"message":"method not found"}}"#),
            (#"{"id":2}"#, #"{"id":2,"error":{"code":104,"message":"method not found"}}"#),
            (#"{"id":2,"refresh":{"token":"t"}}"#, #"{"id":2,"error":{"code":108,"message":"not available"}}"#),
            (#"{"id":2,"rpc":{"method":"none"}}"#, #"{"id":2,"error":{"code":404,"message":"no such method"}}"#),
            (#"{"id":2,"rpc":{"method":"echo","data":{"a" : 1}}}"#, #"{"id":2,"rpc":{"data":{"a" : 1}}}"#),
            (#"{"id":4294967295,"unsubscribe":{"channel":"a"}}"#, #"{"id":4294967295,"unsubscribe":{}}"#),
        ]
    )
    func singleFrames(frame: String, expected: String) async throws {
        let client = try await TestHub().client()
        try await client.connect()
        try await client.send(.text, frame)
        #expect(try await client.text() == expected)
    }

    @Test(
        "frames that end the connection with 3501",
        arguments: [
            "", " \n ", "hello", "[]", "5", "{", #"{"id":1,"connect":{}}"#, #"{"rpc":{"method":"echo"}}"#,
            #"{"id":0,"subscribe":{"channel":"a"}}"#, #"{"id":-1,"rpc":{}}"#, #"{"id":4294967296,"rpc":{}}"#,
            #"{"id":"2","rpc":{}}"#, #"{"id":1.5,"rpc":{}}"#, #"{"id":2,"id":3,"rpc":{}}"#,
        ]
    )
    func badFrames(frame: String) async throws {
        let client = try await TestHub().client()
        try await client.connect()
        try await client.send(.text, frame)
        #expect(try await client.close() == CloseStatus(code: 3501, reason: "bad request"))
    }

    @Test(
        "nothing but connect may come first",
        arguments: [
            #"{"id":1,"subscribe":{"channel":"a"}}"#, "{}", #"{"send":{}}"#, #"{"connect":{}}"#,
            #"{"id":1,"dance":{}}"#,
        ]
    )
    func commandBeforeConnect(frame: String) async throws {
        let client = try await TestHub().client()
        try await client.send(.text, frame)
        #expect(try await client.close() == CloseStatus(code: 3501, reason: "bad request"))
    }

    @Test func commandsBehindABadOneAreNotCarriedOut() async throws {
        let client = try await TestHub().client()
        try await client.connect()
        try await client.send(.text, "{\"id\":2,\"dance\":{}}\nnonsense\n{\"id\":3,\"dance\":{}}")
        #expect(try await client.reply()["id"].int == 2)
        #expect(try await client.close()?.code == 3501)
        try await client.send(.text, #"{"id":4,"dance":{}}"#)
        #expect(try await client.eventIfAny() == nil)
    }

    @Test func binaryFrameEndsWith1003() async throws {
        let client = try await TestHub().client()
        try await client.send(.binary, "x")
        #expect(try await client.close()?.code == 1003)
    }

    @Test func unmaskedFrameEndsWith1002() async throws {
        let client = try await TestHub().client()
        var frame = ByteBuffer()
        FrameEncoder.write(.text, payload: ByteBuffer(string: "{}"), into: &frame)
        try await client.sendRaw(frame)
        #expect(try await client.close()?.code == 1002)
    }

    @Test func invalidUTF8EndsWith1007() async throws {
        let client = try await TestHub().client()
        try await client.send(.text, payload: ByteBuffer(bytes: [0x7B, 0xFF, 0x7D]))
        #expect(try await client.close()?.code == 1007)
    }

    @Test func longMessageEndsWith1009() async throws {
        let client = try await TestHub().client()
        try await client.send(.text, String(repeating: " ", count: 65_537))
        #expect(try await client.close()?.code == 1009)
    }

    @Test("RFC 6455 §5.5.2: a ping is answered with its payload")
    func pingIsAnswered() async throws {
        let client = try await TestHub().client()
        try await client.send(.ping, "are you there")
        #expect(try await client.event() == .pong(ByteBuffer(string: "are you there")))
    }

    @Test("RFC 6455 §5.5.3: while the socket takes nothing only the newest ping is kept")
    func pongsAreBounded() async throws {
        let client = try await TestHub().client()
        client.channel.isWritable = false
        for number in 1...200 { try await client.send(.ping, "\(number)") }
        #expect(try await client.eventIfAny() == nil)
        client.channel.isWritable = true
        let channel = client.channel
        try await client.loop.executeInContext { channel.pipeline.fireChannelWritabilityChanged() }
        await client.loop.run()
        #expect(try await client.event() == .pong(ByteBuffer(string: "200")))
        #expect(try await client.eventIfAny() == nil)
    }

    @Test("RFC 6455 §5.5.1: the peer's close is answered with its code, then the channel is closed")
    func closeIsAnswered() async throws {
        let client = try await TestHub().client()
        try await client.connect()
        try await client.send(.close, payload: ByteBuffer(bytes: [0x03, 0xE8]))
        #expect(try await client.close() == CloseStatus(code: 1000))
        try await client.channel.closeFuture.get()
    }

    @Test func closeHandshakeOfOursEndsWithThePeersAnswer() async throws {
        let client = try await TestHub().client()
        try await client.send(.text, "nonsense")
        #expect(try await client.close()?.code == 3501)
        #expect(client.channel.isActive)
        try await client.send(.close, payload: ByteBuffer(bytes: [0x0D, 0xAD]))
        try await client.channel.closeFuture.get()
    }

    @Test func peerThatDoesNotFinishTheCloseHandshakeIsCut() async throws {
        let client = try await TestHub().client()
        try await client.send(.text, "nonsense")
        #expect(try await client.close()?.code == 3501)
        await client.loop.advanceTime(by: .seconds(4))
        #expect(client.channel.isActive)
        await client.loop.advanceTime(by: .seconds(1))
        try await client.channel.closeFuture.get()
    }

    @Test func connectMustComeInTime() async throws {
        let client = try await TestHub().client()
        await client.loop.advanceTime(by: .seconds(9))
        #expect(try await client.eventIfAny() == nil)
        await client.loop.advanceTime(by: .seconds(1))
        #expect(try await client.close() == CloseStatus(code: 3502, reason: "stale"))
    }

    @Test func answeredPingsKeepTheConnection() async throws {
        let client = try await TestHub().client()
        try await client.connect()
        for _ in 0..<5 {
            await client.loop.advanceTime(by: .seconds(25))
            #expect(try await client.text() == "{}")
            try await client.send(.text, "{}")
        }
        #expect(try await client.eventIfAny() == nil)
    }

    @Test func missingPongEndsWith3012() async throws {
        let client = try await TestHub().client()
        try await client.connect()
        await client.loop.advanceTime(by: .seconds(25))
        #expect(try await client.text() == "{}")
        await client.loop.advanceTime(by: .seconds(7))
        #expect(try await client.eventIfAny() == nil)
        await client.loop.advanceTime(by: .seconds(1))
        #expect(try await client.close() == CloseStatus(code: 3012, reason: "no pong"))
    }

    @Test func sendIsTakenWithoutAReply() async throws {
        let client = try await TestHub().client()
        try await client.connect()
        try await client.send(.text, "{\"send\":{\"data\":{}}}\n{\"id\":2,\"unsubscribe\":{\"channel\":\"a\"}}")
        #expect(try await client.text() == #"{"id":2,"unsubscribe":{}}"#)
    }

    @Test func tooManySubscriptionsAreRefused() async throws {
        var options = HubOptions()
        options.maximumSubscriptions = 2
        let setup = TestHub(options: options)
        for name in ["a", "b", "c"] { _ = setup.hub.open(name, state: CountingState()) }
        let client = try await setup.client()
        try await client.connect()
        _ = try await client.subscribe("a")
        _ = try await client.subscribe("b")
        #expect(try await client.subscribe("c")["error"]["code"].int == 106)
        try await client.send(.text, #"{"id":5,"unsubscribe":{"channel":"a"}}"#)
        _ = try await client.text()
        #expect(try await client.subscribe("c")["error"].isAbsent)
    }

    @Test func tooManyCommandsAreRefused() async throws {
        var options = HubOptions()
        options.maximumCommandsPerSecond = 2
        let client = try await TestHub(options: options).client()
        try await client.connect()
        for id in 2...5 {
            try await client.send(.text, #"{"id":\#(id),"dance":{}}"#)
            #expect(try await client.reply()["error"]["code"].int == 104)
        }
        try await client.send(.text, #"{"id":6,"dance":{}}"#)
        #expect(
            try await client.text() == #"{"id":6,"error":{"code":111,"message":"too many requests","temporary":true}}"#
        )
        await client.loop.advanceTime(by: .seconds(1))
        try await client.send(.text, #"{"id":7,"dance":{}}"#)
        #expect(try await client.reply()["error"]["code"].int == 104)
        try await client.send(.text, "{}\n{}\n{}")
        #expect(try await client.close()?.code == 3013)
    }
}
