import NIOCore
import NIOEmbedded
import Testing
import WebSocketCodec

@testable import Realtime

/// The `history` command, and recovery by `subscribe`.
@Suite struct HistoryCommandTests {
    private let setup: TestHub
    private let channel: Realtime.Channel<CountingState>

    init() {
        var hubOptions = HubOptions()
        hubOptions.maximumHistoryPublications = 4
        setup = TestHub(options: hubOptions)
        var options = Realtime.ChannelOptions()
        options.history.maximumPublications = 6
        channel = setup.hub.open("a", state: CountingState(), options: options)
        for value in 1...8 { channel.publish(CountingEvent(value: value)) }
    }

    private func subscribed() async throws -> TestClient {
        let client = try await setup.client()
        try await client.connect()
        _ = try await client.subscribe("a")
        return client
    }

    private func history(_ parameters: String, _ client: TestClient) async throws -> Parsed {
        try await client.send(.text, #"{"id":9,"history":{"channel":"a"\#(parameters)}}"#)
        return try await client.reply()
    }

    private func offsets(_ publications: Parsed) -> [Int?]? {
        if case .array(let list) = publications { list.map { $0["offset"].int } } else { nil }
    }

    @Test(
        "history answers what was asked for",
        arguments: [
            ("", []), (#","limit":0"#, []), (#","limit":2"#, [3, 4]), (#","limit":-1"#, [3, 4, 5, 6]),
            (#","limit":100"#, [3, 4, 5, 6]), (#","limit":-1,"reverse":true"#, [8, 7, 6, 5]),
            (#","limit":2,"reverse":true"#, [8, 7]), (#","limit":3,"since":{"offset":4}"#, [5, 6, 7]),
            (#","limit":3,"since":{"offset":2}"#, [3, 4, 5]), (#","limit":3,"since":{"offset":8}"#, []),
            (#","limit":2,"since":{"offset":6},"reverse":true"#, [5, 4]),
        ] as [(String, [Int])]
    )
    func history(parameters: String, expected: [Int]) async throws {
        let client = try await subscribed()
        let answer = try await history(parameters, client)["history"]
        #expect(offsets(answer["publications"]) == expected)
        #expect(answer["offset"].int == 8)
        #expect(answer["epoch"].string == channel.epoch)
        #expect(answer.keys == ["publications", "epoch", "offset"])
    }

    @Test func publicationsAreAsTheyWereSent() async throws {
        let client = try await subscribed()
        let answer = try await history(#","limit":1"#, client)["history"]["publications"]
        #expect(try answer == Parsed(#"[{"data":{"type":"count","value":3},"offset":3}]"#))
    }

    @Test(
        "positions that cannot be gone on from are refused",
        arguments: [
            #"{"offset":1}"#, #"{"offset":9}"#, #"{"offset":18446744073709551615}"#, #"{"offset":4,"epoch":"x"}"#,
            #"{"offset":0,"epoch":"x"}"#,
        ]
    )
    func unrecoverable(since: String) async throws {
        let client = try await subscribed()
        #expect(try await history(#","limit":5,"since":\#(since)"#, client)["error"]["code"].int == 112)
    }

    @Test(
        "malformed parameters are refused",
        arguments: [
            #","limit":"1""#, #","limit":1.5"#, #","since":5"#, #","since":{"offset":-1}"#,
            #","since":{"offset":18446744073709551616}"#, #","reverse":1"#,
        ]
    )
    func malformed(parameters: String) async throws {
        let client = try await subscribed()
        #expect(try await history(parameters, client)["error"]["code"].int == 107)
    }

    @Test func onlySubscribersReadTheHistoryWhereThereIsOne() async throws {
        let client = try await setup.client()
        try await client.connect()
        #expect(try await history("", client)["error"]["code"].int == 103)
        var options = Realtime.ChannelOptions()
        options.hasHistory = false
        _ = setup.hub.open("b", state: CountingState(), options: options)
        _ = try await client.subscribe("b")
        try await client.send(.text, #"{"id":9,"history":{"channel":"b","limit":1}}"#)
        #expect(try await client.reply()["error"]["code"].int == 108)
    }

    private func recover(_ offset: UInt64, epoch: String) async throws -> Parsed {
        let client = try await setup.client()
        try await client.connect()
        try await client.send(
            .text,
            #"{"id":2,"subscribe":{"channel":"a","recover":true,"epoch":"\#(epoch)","offset":\#(offset)}}"#
        )
        return try await client.reply()["subscribe"]
    }

    @Test("what was missed is recovered while it is kept", arguments: [2, 5, 7, 8] as [UInt64])
    func recovery(offset: UInt64) async throws {
        let answer = try await recover(offset, epoch: channel.epoch)
        #expect(answer["was_recovering"].bool == true)
        #expect(answer["recovered"].bool == true)
        #expect(offsets(answer["publications"]) == (Int(offset) + 1..<9).map { $0 })
        #expect(answer["data"].isAbsent)
        #expect(answer["offset"].int == 8)
    }

    @Test(
        "a position that is lost is answered with the state",
        arguments: [(0, true), (1, true), (9, true), (.max, true), (8, false), (0, false), (.max, false)]
            as [(UInt64, Bool)]
    )
    func noRecovery(offset: UInt64, isOurEpoch: Bool) async throws {
        let answer = try await recover(offset, epoch: isOurEpoch ? channel.epoch : "another")
        #expect(answer["was_recovering"].bool == true)
        #expect(answer["recovered"].bool == false)
        #expect(answer["publications"].isAbsent)
        #expect(answer["data"]["values"].ints == Array(1...8))
        #expect(answer["offset"].int == 8)
    }
}
