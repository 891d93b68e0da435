import NIOCore
import NIOEmbedded
import Testing
import WebSocketCodec

@testable import Realtime

/// Random input; random schedules of what is well formed are in `SimulationTests`.
@Suite struct RandomInputTests {
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
