import NIOCore
import Synchronization
import Testing

@testable import Realtime

/// The hub with real sockets, several event loops and publishers on other threads.
@Suite(.serialized) struct HubSocketTests {
    /// What a subscriber has seen: the snapshot's values, then those of the publications.
    private func values(
        of messages: inout AsyncStream<String>.Iterator,
        upTo last: Int
    ) async throws -> [Int] {
        var values: [Int] = []
        while values.last != last {
            guard let message = await messages.next() else { throw Missing() }
            let parsed = try Parsed(message)
            if let snapshot = parsed["subscribe"]["data"]["values"].ints {
                values += snapshot
            } else if let value = parsed["push"]["pub"]["data"]["value"].int {
                #expect(parsed["push"]["pub"]["offset"].int == value + 1)
                values.append(value)
            }
        }
        return values
    }

    @Test(
        "subscribers that come while publications run see each exactly once, in order",
        arguments: [1, 2] as [UInt64],
        [true, false]
    )
    func exactlyOnce(seed: UInt64, writesDirectly: Bool) async throws {
        let server = try await SocketServer(writesDirectly: writesDirectly)
        var random = Seeded(seed)
        let rounds = 3
        for round in 0..<rounds {
            let name = "app:\(round)"
            let channel = server.hub.open(name, state: CountingState())
            let total = Int.random(in: 50...250, using: &random)
            let pauses = (0..<total).map { _ in Int.random(in: 0...20, using: &random) }
            let delays = (0..<8).map { _ in Int.random(in: 0...200, using: &random) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for value in 0..<total {
                        channel.publish(CountingEvent(value: value))
                        for _ in 0..<pauses[value] { await Task.yield() }
                    }
                }
                for delay in delays {
                    group.addTask {
                        let client = try await server.client()
                        var messages = client.messages.makeAsyncIterator()
                        try await client.send(#"{"id":1,"connect":{}}"#)
                        for _ in 0..<delay { await Task.yield() }
                        try await client.send(#"{"id":2,"subscribe":{"channel":"\#(name)"}}"#)
                        let seen = try await self.values(of: &messages, upTo: total - 1)
                        #expect(seen == Array(0..<total), "seed \(seed), round \(round)")
                        // And again on the same connection, while nothing runs.
                        try await client.send(#"{"id":3,"unsubscribe":{"channel":"\#(name)"}}"#)
                        try await client.send(#"{"id":4,"subscribe":{"channel":"\#(name)"}}"#)
                        let again = try await self.values(of: &messages, upTo: total - 1)
                        #expect(again == Array(0..<total), "seed \(seed), round \(round)")
                        try await client.channel.close()
                    }
                }
                try await group.waitForAll()
            }
        }
        try await server.stop()
    }

    @Test func severalPublishersNeverShareAnOffset() async throws {
        let server = try await SocketServer()
        let channel = server.hub.open("a", state: CountingState())
        let client = try await server.client()
        var messages = client.messages.makeAsyncIterator()
        try await client.send("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}")
        _ = await messages.next()
        _ = await messages.next()
        await withTaskGroup(of: Void.self) { group in
            for publisher in 0..<4 {
                group.addTask {
                    for number in 0..<250 { channel.publish(CountingEvent(value: publisher * 1_000 + number)) }
                }
            }
        }
        var values: [Int] = []
        for offset in 1...1_000 {
            let push = try Parsed(try await messages.next().unwrapped())["push"]["pub"]
            #expect(push["offset"].int == offset)
            values.append(push["data"]["value"].int ?? -1)
        }
        #expect(values == channel.withState { $0.values })
        for publisher in 0..<4 {
            let own = values.filter { $0 / 1_000 == publisher }
            #expect(own == (0..<250).map { publisher * 1_000 + $0 })
        }
        try await server.stop()
    }

    @Test("where nothing is merged a reader that stalls is ended as slow and delays nobody", arguments: [true, false])
    func stalledReader(writesDirectly: Bool) async throws {
        var options = HubOptions()
        options.maximumPendingBytes = 100_000
        let server = try await SocketServer(options: options, sendBufferBytes: 16_384, writesDirectly: writesDirectly)
        var channelOptions = ChannelOptions()
        channelOptions.mergesBacklog = false
        let channel = server.hub.open("a", state: CountingState(), options: channelOptions)
        let stalled = try await server.client()
        var stalledMessages = stalled.messages.makeAsyncIterator()
        let connectAndSubscribe = "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}"
        try await stalled.send(connectAndSubscribe)
        _ = await stalledMessages.next()
        _ = await stalledMessages.next()
        try await stalled.stopReading()

        let count = 20
        var readers: [(SocketClient, AsyncStream<String>.Iterator)] = []
        for _ in 0..<count {
            let client = try await server.client()
            var messages = client.messages.makeAsyncIterator()
            try await client.send(connectAndSubscribe)
            _ = await messages.next()
            _ = await messages.next()
            readers.append((client, messages))
        }
        // Each publication waits until all who read have it, so that only the stalled one falls behind.
        var published = 0
        while server.hub.metrics.slowDisconnects == 0 {
            channel.publish(CountingEvent(value: published, padding: 20_000))
            published += 1
            for index in readers.indices {
                let push = try Parsed(try await readers[index].1.next().unwrapped())["push"]["pub"]
                #expect(push["offset"].int == published)
            }
            try #require(published < 5_000)
        }
        #expect(server.hub.metrics.slowDisconnects == 1)
        #expect(channel.subscriberCount == count)
        try await stalled.resumeReading()
        var last = ""
        var offsets: [Int] = []
        while let message = await stalledMessages.next() {
            last = message
            if message.hasPrefix("{") { offsets.append(try Parsed(message)["push"]["pub"]["offset"].int ?? -1) }
        }
        #expect(last == "close 3008")
        #expect(offsets == Array(1...offsets.count))
        try await server.stop()
    }

    @Test("a large snapshot is exempt from the limit", arguments: [true, false])
    func largeSnapshot(writesDirectly: Bool) async throws {
        var options = HubOptions()
        options.maximumPendingBytes = 50_000
        let server = try await SocketServer(options: options, sendBufferBytes: 16_384, writesDirectly: writesDirectly)
        let channel = server.hub.open("a", state: PaddedState())
        channel.publish(CountingEvent(value: 0))
        let client = try await server.client()
        var messages = client.messages.makeAsyncIterator()
        try await client.send(#"{"id":1,"connect":{}}"#)
        _ = await messages.next()
        try await client.stopReading()
        try await client.send(#"{"id":2,"subscribe":{"channel":"a"}}"#)
        // A call behind the subscription is answered after it, so the snapshot is on its way.
        while channel.subscriberCount == 0 { await Task.yield() }
        for value in 1...10 { channel.publish(CountingEvent(value: value)) }
        try await client.resumeReading()
        let snapshot = try Parsed(try await messages.next().unwrapped())["subscribe"]
        #expect(snapshot["data"].string?.count == 3_000_000)
        let first = try #require(snapshot["offset"].int)
        for offset in (first + 1)..<12 {
            #expect(try Parsed(try await messages.next().unwrapped())["push"]["pub"]["offset"].int == offset)
        }
        #expect(server.hub.metrics.slowDisconnects == 0)
        try await server.stop()
    }

    @Test func shutdownTellsEverybodyAfterWhatWasPublished() async throws {
        let server = try await SocketServer()
        let channel = server.hub.open("a", state: CountingState())
        var readers: [AsyncStream<String>.Iterator] = []
        for _ in 0..<20 {
            let client = try await server.client()
            var messages = client.messages.makeAsyncIterator()
            try await client.send("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}")
            _ = await messages.next()
            _ = await messages.next()
            readers.append(messages)
        }
        channel.publish(CountingEvent(value: 1))
        await server.hub.shutdown(deadline: .seconds(10))
        #expect(server.hub.metrics.connections == 0)
        for index in readers.indices {
            var seen: [String] = []
            while let message = await readers[index].next() { seen.append(message) }
            #expect(seen.count == 2)
            #expect(seen.last == "close 3001")
        }
        let late = try await server.client()
        var messages = late.messages.makeAsyncIterator()
        #expect(await messages.next() == "close 3001")
        try await server.stop()
    }

    @Test func connectionsCutByResetLeaveNothingBehind() async throws {
        let server = try await SocketServer()
        let channel = server.hub.open("a", state: CountingState())
        for _ in 0..<50 {
            let client = try await server.client()
            var messages = client.messages.makeAsyncIterator()
            try await client.send("{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}")
            _ = await messages.next()
            _ = await messages.next()
            let provider = try (client.channel as? any SocketOptionProvider).unwrapped()
            try await provider.unsafeSetSocketOption(level: .socket, name: .so_linger, value: Linger()).get()
            try await client.channel.close()
        }
        while server.hub.metrics.connections > 0 {
            channel.publish(CountingEvent(value: 1))
            await Task.yield()
        }
        #expect(channel.subscriberCount == 0)
        try await server.stop()
    }
}

/// A state with a long snapshot.
private struct PaddedState: ChannelState {
    mutating func fold(_ event: CountingEvent) {}

    func writeSnapshot(to json: inout JSONWriter) {
        json.value(String(repeating: "s", count: 3_000_000))
    }
}

/// `struct linger` with a time of 0: closing resets the connection.
private struct Linger {
    var isOn: Int32 = 1
    var seconds: Int32 = 0
}
