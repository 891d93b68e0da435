import Dispatch
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Realtime

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The hub with many real sockets: crowds, stalled readers, and everything at once.
@Suite(.serialized) struct CrowdSocketTests {
    private static let join = "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"a\"}}"

    /// How many connections, with both ends in this process, the limit of open files allows; raised as far as it goes.
    private static func room(for wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 100 }
        let needed = rlim_t(wanted * 2 + 200)
        if limit.rlim_cur < needed {
            limit.rlim_cur = min(needed, limit.rlim_max)
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return min(wanted, (Int(limit.rlim_cur) - 200) / 2)
    }

    private func token(_ at: Int) -> SimulationEvent {
        let part = SimulationEvent.Part(stream: "code", at: at, text: "x")
        return .token(SimulationEvent.Token(generation: 1, attempt: 1, parts: [part]))
    }

    /// What waits in the sockets' queues of a client's connections.
    private func waitingBytes(_ hub: Hub, _ client: String) async -> Int {
        await withCheckedContinuation { continuation in
            let found = Mutex((shards: 0, bytes: 0))
            hub.onEveryShard { shard in
                let bytes = shard.connections(of: .client(client)).reduce(0) { $0 + $1.wire.waitingBytes }
                let total = found.withLock { found -> Int? in
                    found.shards += 1
                    found.bytes += bytes
                    return found.shards == 2 ? found.bytes : nil
                }
                if let total { continuation.resume(returning: total) }
            }
        }
    }

    @Test("one that stalls among a thousand costs nothing more, delays nobody, and catches up in fewer steps")
    func stalledAmongMany() async throws {
        let count = Self.room(for: 1_000) - 1
        try #require(count >= 10)
        var hubOptions = HubOptions()
        // Nobody here answers pings.
        hubOptions.pingInterval = .seconds(3_600)
        let server = try await SocketServer(options: hubOptions, sendBufferBytes: 16_384, writesDirectly: true)
        let channel = server.hub.open("a", state: SimulationState())
        var options = Realtime.ChannelOptions()
        options.mergesBacklog = false
        let filler = server.hub.open("filler", state: CountingState(), options: options)
        channel.publish(.started(generation: 1))

        let stalled = try await server.client()
        var stalledMessages = stalled.messages.makeAsyncIterator()
        try await stalled.send(Self.join + "\n{\"id\":3,\"subscribe\":{\"channel\":\"filler\"}}")
        let id = try Parsed(try await stalledMessages.next().unwrapped())["connect"]["client"].string.unwrapped()
        for _ in 0..<2 { _ = await stalledMessages.next() }
        var readers: [(SocketClient, AsyncStream<String>.Iterator)] = []
        for _ in 0..<count {
            let client = try await server.client()
            var messages = client.messages.makeAsyncIterator()
            try await client.send(Self.join)
            for _ in 0..<2 { _ = await messages.next() }
            readers.append((client, messages))
        }
        // Its socket is filled by a channel of its own.
        try await stalled.stopReading()
        while await waitingBytes(server.hub, id) < 100_000 {
            filler.publish(CountingEvent(value: 0, padding: 200_000))
        }
        let waiting = await waitingBytes(server.hub, id)

        let bursts = 5
        let burst = 20
        for start in stride(from: 0, to: bursts * burst, by: burst) {
            for at in start..<start + burst { channel.publish(token(at)) }
            for index in readers.indices {
                for at in start..<start + burst {
                    // The first publication said that the generation has started.
                    let isNext = try await readers[index].1.next().unwrapped().hasSuffix(",\"offset\":\(at + 2)}}}")
                    #expect(isNext)
                }
            }
        }
        #expect(await waitingBytes(server.hub, id) <= waiting)
        #expect(server.hub.metrics.slowDisconnects == 0)

        try await stalled.resumeReading()
        var state = SimulationState()
        state.fold(.started(generation: 1))
        var steps = 0
        while state != channel.withState({ $0 }) {
            let push = try PlainJSON.read(try await stalledMessages.next().unwrapped()).unwrapped()["push"]
            guard push["channel"].string == "a" else { continue }
            let event = try SimulationEvent(push["pub"]["data"]).unwrapped()
            let isApplied = state.apply(event)
            #expect(isApplied)
            steps += 1
        }
        #expect(steps < 5)
        try await server.stop()
    }

    @Test("those that go while a publication is handed out keep it from nobody")
    func goneInTheMiddle() async throws {
        let server = try await SocketServer(threads: 1, writesDirectly: true)
        let clientGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let address = try server.channel.localAddress.unwrapped()
        let channel = server.hub.open("a", state: CountingState())
        var staying: [(SocketClient, AsyncStream<String>.Iterator)] = []
        var leaving: [SocketClient] = []
        for number in 0..<20 {
            let client = try await SocketClient(to: address, group: clientGroup)
            var messages = client.messages.makeAsyncIterator()
            try await client.send(Self.join)
            for _ in 0..<2 { _ = await messages.next() }
            if number % 4 == 0 { staying.append((client, messages)) } else { leaving.append(client) }
        }
        // The server learns of their end by the send that fails: its loop stands still meanwhile.
        let standing = DispatchSemaphore(value: 0)
        await withCheckedContinuation { continuation in
            server.group.next().execute {
                continuation.resume()
                standing.wait()
            }
        }
        for client in leaving {
            // The peer hears of a reset, not of an end.
            let socket = try (client.channel as? any SocketOptionProvider).unwrapped()
            try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
            try await client.channel.close()
        }
        channel.publish(CountingEvent(value: 0))
        channel.publish(CountingEvent(value: 1))
        standing.signal()
        for index in staying.indices {
            for offset in 1...2 {
                let push = try Parsed(try await staying[index].1.next().unwrapped())["push"]["pub"]
                #expect(push["offset"].int == offset)
            }
        }
        try await server.stop()
        try await clientGroup.shutdownGracefully()
    }

    /// A client that comes, goes and is cut at random until it is told that the server goes, or `rounds` are over.
    private func wander(_ server: SocketServer, seed: UInt64, rounds: Int) async throws {
        var random = Seeded(seed)
        for _ in 0..<rounds {
            let client = try await server.client()
            var messages = client.messages.makeAsyncIterator()
            let last = Int.random(in: 2...9, using: &random)
            do {
                try await client.send(Self.join)
                for id in 3..<max(3, last + 1) {
                    let method = Bool.random(using: &random) ? "subscribe" : "unsubscribe"
                    try await client.send(#"{"id":\#(id),"\#(method)":{"channel":"a"}}"#)
                }
            } catch {
                // The server has ended the connection: that is heard below.
            }
            var offset: Int?
            var isAnswered = false
            var publications = Int.random(in: 0...20, using: &random)
            // Until the last command is answered, and some publications more where they come.
            while !isAnswered || offset != nil && publications > 0 {
                guard let message = await messages.next() else { break }
                if message == "close 3001" { return }
                guard let parsed = PlainJSON.read(message) else {
                    Issue.record("seed \(seed): \(message)")
                    break
                }
                if parsed["id"].int == last { isAnswered = true }
                if let started = parsed["subscribe"]["offset"].int { offset = started }
                if !parsed["unsubscribe"].isAbsent { offset = nil }
                guard let next = parsed["push"]["pub"]["offset"].int else { continue }
                // Of tokens that waited several may stand as one.
                if let offset { #expect(next > offset, "seed \(seed)") } else { Issue.record("seed \(seed)") }
                offset = next
                publications -= 1
            }
            client.channel.close(promise: nil)
            if case .failure(let error) = await Result(catching: { try await client.channel.closeFuture.get() }) {
                Issue.record(error)
            }
        }
    }

    private func present(_ channel: Realtime.Channel<SimulationState>) -> Int {
        let count = Mutex(0)
        channel.presence { result in
            if case .success(let clients) = result { count.withLock { $0 = clients.count } }
        }
        return count.withLock { $0 }
    }

    private func open(_ server: SocketServer) -> Realtime.Channel<SimulationState> {
        var options = Realtime.ChannelOptions()
        options.hasPresence = true
        options.countsViewers = true
        options.leaveDelay = .milliseconds(1)
        return server.hub.open("a", state: SimulationState(), options: options)
    }

    private func publish(on channel: Realtime.Channel<SimulationState>, until end: End) async {
        channel.publish(.started(generation: 1))
        var at = 0
        while !end.hasCome {
            channel.publish(token(at))
            at += 1
            for _ in 0..<20 { await Task.yield() }
        }
    }

    @Test("joins and leaves at random, with publications, leave nothing behind", arguments: [true, false])
    func wandering(writesDirectly: Bool) async throws {
        let server = try await SocketServer(writesDirectly: writesDirectly)
        let channel = open(server)
        let end = End()
        defer { end.come() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seed in 1...12 as ClosedRange<UInt64> {
                group.addTask { try await self.wander(server, seed: seed, rounds: 8) }
            }
            let publisher = Task { await publish(on: channel, until: end) }
            try await group.waitForAll()
            end.come()
            await publisher.value
        }
        while server.hub.metrics.connections > 0 || present(channel) > 0 { await Task.yield() }
        #expect(channel.subscriberCount == 0)
        #expect(server.hub.viewers == 0)
        try await server.stop()
    }

    @Test func shutdownInTheMiddleOfEverythingEndsEverybody() async throws {
        var options = HubOptions()
        options.drainWindow = .zero
        let server = try await SocketServer(options: options)
        let channel = open(server)
        let end = End()
        defer { end.come() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seed in 1...12 as ClosedRange<UInt64> {
                // They come until they are told.
                group.addTask { try await self.wander(server, seed: seed, rounds: .max) }
            }
            let publisher = Task { await publish(on: channel, until: end) }
            while server.hub.metrics.deliveries < 500 { await Task.yield() }
            await server.hub.shutdown(deadline: .seconds(10))
            try await group.waitForAll()
            end.come()
            await publisher.value
        }
        while server.hub.metrics.connections > 0 { await Task.yield() }
        #expect(channel.subscriberCount == 0)
        #expect(server.hub.viewers == 0)
        try await server.stop()
    }
}

/// Told to those who publish until then.
private final class End: Sendable {
    private let state = Mutex(false)

    var hasCome: Bool { state.withLock { $0 } }

    func come() { state.withLock { $0 = true } }
}

extension Result where Failure == any Error {
    fileprivate init(catching body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
