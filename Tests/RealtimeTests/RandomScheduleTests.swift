import NIOCore
import NIOEmbedded
import Testing
import WebSocketCodec

@testable import Realtime

/// Random schedules of everything that can happen to a channel and its subscribers; what clients saw is checked by a model.
@Suite struct RandomScheduleTests {
    /// What a client knows of the channel, from the messages alone.
    private final class Viewer {
        let client: TestClient
        private(set) var values: [Int]?
        private var offset = 0
        private var sent = 1
        private var answered: Set<Int> = []
        private var methods: [Int: String] = [:]

        init(_ client: TestClient) { self.client = client }

        func send(_ method: String) async throws {
            sent += 1
            methods[sent] = method
            try await client.send(.text, #"{"id":\#(sent),"\#(method)":{"channel":"a"}}"#)
        }

        var waitsForAnswers: Bool { answered.count < sent - 1 }

        /// Takes in what has come.
        func read(_ comment: Comment) async throws {
            while let event = try await client.eventIfAny() {
                guard case .text(let payload) = event else { throw Unexpected(event: event) }
                for line in String(buffer: payload).split(separator: "\n") {
                    take(try Parsed(String(line)), comment)
                }
            }
        }

        private func take(_ message: Parsed, _ comment: Comment) {
            if let id = message["id"].int {
                #expect(answered.insert(id).inserted, comment)
                if !message["subscribe"].isAbsent {
                    #expect(values == nil, comment)
                    values = message["subscribe"]["data"]["values"].ints
                    offset = message["subscribe"]["offset"].int ?? -1
                    #expect(values?.count == offset, comment)
                } else if !message["unsubscribe"].isAbsent {
                    values = nil
                } else {
                    // The channel is always open or about to be: only subscribing twice can fail, or its end in between.
                    #expect([102, 105].contains(message["error"]["code"].int), comment)
                }
                return
            }
            let push = message["push"]
            #expect(values != nil, comment)
            if !push["unsubscribe"].isAbsent {
                values = nil
            } else {
                #expect(push["pub"]["offset"].int == offset + 1, comment)
                offset += 1
                values?.append(push["pub"]["data"]["value"].int ?? -1)
            }
        }
    }

    @Test("clients' states equal the channel's under every schedule", arguments: 0..<40 as Range<UInt64>)
    func randomSchedule(seed: UInt64) async throws {
        let comment = Comment(rawValue: "seed \(seed)")
        var random = Seeded(seed)
        let later = Later()
        var options = HubOptions()
        options.maximumCommandsPerSecond = nil
        options.maximumWaitingCommands = .max
        let setup = TestHub(options: options, later: later)
        var channel = setup.hub.open("a", state: CountingState())
        var viewers: [Viewer] = []
        for _ in 0..<3 { viewers.append(Viewer(try await connected(setup))) }
        for step in 0..<150 {
            let viewer = Int.random(in: 0..<viewers.count, using: &random)
            switch Int.random(in: 0..<40, using: &random) {
            case 0..<16: channel.publish(CountingEvent(value: step))
            case 16..<23: try await viewers[viewer].send("subscribe")
            case 23..<28: try await viewers[viewer].send("unsubscribe")
            case 28..<33: later.runAll()
            case 33..<37: for _ in 0..<10 { await Task.yield() }
            case 37:
                setup.hub.close("a", code: .insufficient)
                channel = setup.hub.open("a", state: CountingState())
            case 38:
                try await viewers[viewer].client.finish()
                viewers[viewer] = Viewer(try await connected(setup))
            default:
                for viewer in viewers { try await viewer.read(comment) }
            }
        }
        while viewers.contains(where: \.waitsForAnswers) || later.count > 0 {
            later.runAll()
            await Task.yield()
            for viewer in viewers { try await viewer.read(comment) }
        }
        await setup.loop.run()
        for viewer in viewers {
            try await viewer.read(comment)
            if let values = viewer.values { #expect(values == channel.withState { $0.values }, comment) }
        }
        #expect(channel.subscriberCount == viewers.count { $0.values != nil }, comment)
        #expect(setup.hub.metrics.connections == viewers.count, comment)
    }

    private func connected(_ setup: TestHub) async throws -> TestClient {
        let client = try await setup.client()
        try await client.connect()
        return client
    }

    @Test("whatever a client sends, its neighbour is served", arguments: 0..<20 as Range<UInt64>)
    func randomInput(seed: UInt64) async throws {
        var random = Seeded(seed)
        let setup = TestHub()
        let channel = setup.hub.open("a", state: CountingState())
        let neighbour = try await connected(setup)
        _ = try await neighbour.subscribe("a")
        let seeds = [
            #"{"id":2,"subscribe":{"channel":"a","recover":true,"epoch":"x","offset":18446744073709551615}}"#,
            #"{"id":3,"publish":{"channel":"a","data":{"b":[1,"\ud83d\ude00"]}}}"#,
            #"{"id":4,"rpc":{"method":"echo","data":1}}"#,
            #"{"id":5,"unsubscribe":{"channel":"a"}}"#, "{}", #"{"send":{"data":null}}"#,
        ]
        for _ in 0..<40 {
            let client = try await connected(setup)
            var bytes = Array(seeds.shuffled(using: &random).joined(separator: "\n").utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            var frame = ByteBuffer()
            FrameEncoder.writeMasked(.text, payload: ByteBuffer(bytes: bytes), key: 1, into: &frame)
            if Bool.random(using: &random) {
                frame.setInteger(UInt8.random(in: 0...255, using: &random), at: Int.random(in: 0..<6, using: &random))
            }
            try await client.sendRaw(frame)
            try await client.finish()
        }
        channel.publish(CountingEvent(value: 1))
        #expect(try await neighbour.reply()["push"]["pub"]["data"]["value"].int == 1, "seed \(seed)")
        #expect(setup.hub.metrics.connections == 1)
    }
}
