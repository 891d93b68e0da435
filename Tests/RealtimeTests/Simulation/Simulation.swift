import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import WebSocketCodec

@testable import Realtime

/// One random schedule of everything that can happen to a hub with two event loops, on one thread and without real time: the
/// same seed gives the same schedule.
final class Simulation {
    private static let withHistory = ["app", "apps"]
    private static let withoutHistory = "cursors"

    private var random: Seeded
    private let clock = ManualClock()
    private let loops = [EmbeddedEventLoop(), EmbeddedEventLoop()]
    private let jobs = JobQueue()
    private let later = Later()
    private let broker: SimulationBroker
    private let hub: Hub
    private let options: [String: Realtime.ChannelOptions]
    private var channels: [String: Realtime.Channel<SimulationState>] = [:]
    private var clients: [SimulationClient] = []
    /// Always there, on each loop one: see everybody come and go.
    private var watchers: [SimulationClient] = []
    private var number = 0

    private(set) var trace: [String] = []
    private(set) var failures: [String] = []

    init(seed: UInt64) {
        random = Seeded(seed)
        var hubOptions = HubOptions()
        hubOptions.maximumCommandsPerSecond = nil
        hubOptions.maximumWaitingCommands = .max
        hubOptions.maximumBacklogBytes = [300, 3_000, 524_288].randomElement(using: &random) ?? 0
        hubOptions.maximumPendingBytes = [4_000, 1_048_576].randomElement(using: &random) ?? 0
        hubOptions.compression.threshold = [1, 200, 512].randomElement(using: &random) ?? 0
        for loop in loops { loop.advanceTime(to: clock.now) }
        broker = SimulationBroker(answersLater: Bool.random(using: &random)) { [clock] in clock.now }
        hub = Hub(
            group: loops[0],
            options: hubOptions,
            broker: broker,
            taskExecutor: jobs,
            encodeSnapshot: later.executor
        )
        var options: [String: Realtime.ChannelOptions] = [:]
        for name in Self.withHistory { options[name] = Self.historyOptions(name, &random) }
        var cursors = Realtime.ChannelOptions()
        cursors.hasHistory = false
        cursors.clientsMayPublish = true
        cursors.writeDelay = .milliseconds(16)
        options[Self.withoutHistory] = cursors
        self.options = options
        for name in Self.withHistory { open(name, state: SimulationState()) }
        open(Self.withoutHistory, state: SimulationState())
        clients = (0..<5).map { client(named: "client \($0)") }
        clients += (0..<2).map { client(named: "stream \($0)", isOneWay: true) }
        watchers = (0..<2).map { client(named: "watcher \($0)", isStrict: true) }
    }

    private static func historyOptions(_ name: String, _ random: inout Seeded) -> Realtime.ChannelOptions {
        var options = Realtime.ChannelOptions()
        options.history.maximumPublications = [5, 50, 1_024, 1_024].randomElement(using: &random) ?? 0
        options.history.maximumAge = [.seconds(1), .seconds(20), .seconds(300)].randomElement(using: &random) ?? .zero
        options.history.maximumBytes = [1_500, 8_000, 4_194_304, 4_194_304].randomElement(using: &random) ?? 0
        options.history.maximumMerged = [1, 3, 32].randomElement(using: &random) ?? 0
        options.writeDelay = [.zero, .zero, .milliseconds(16)].randomElement(using: &random) ?? .zero
        options.mergesBacklog = Int.random(in: 0..<4, using: &random) > 0
        options.hasPresence = name == "app"
        options.countsViewers = name == "app"
        return options
    }

    private func client(named name: String, isStrict: Bool = false, isOneWay: Bool = false) -> SimulationClient {
        SimulationClient(
            name: name,
            isStrict: isStrict,
            isOneWay: isOneWay,
            broker: broker,
            note: { [unowned self] in trace.append($0) },
            fail: { [unowned self] in failures.append($0) }
        )
    }

    /// What has happened.
    var counts: SimulationCounts {
        (clients + watchers).reduce(into: SimulationCounts()) { $0 += $1.counts }
    }

    /// Runs the schedule until it ends or something is wrong.
    func run(steps: Int = 120) throws {
        for (index, watcher) in watchers.enumerated() {
            try watcher.connect(
                hub,
                loop: loops[index],
                isCompressing: index == 0,
                serverChannels: [],
                recovers: false
            )
        }
        for client in clients {
            try connect(client)
            for name in Self.withHistory where Bool.random(using: &random) { subscribe(client, name) }
        }
        try settle()
        for _ in 0..<steps where failures.isEmpty {
            try step()
            for watcher in watchers { try attend(watcher) }
        }
        try check()
        guard failures.isEmpty else { return }
        for client in clients + watchers { client.cut() }
        try settle()
        advance(by: .seconds(3))
        if hub.metrics.connections != 0 { failures.append("\(hub.metrics.connections) connections are left") }
        if hub.viewers != 0 { failures.append("\(hub.viewers) viewers are left") }
        for (name, channel) in channels {
            if channel.subscriberCount != 0 {
                failures.append("\(channel.subscriberCount) subscribers of \(name) are left")
            }
            if !broker.clients(epoch: channel.epoch).isEmpty { failures.append("somebody is left on \(name)") }
        }
        for name in channels.keys { hub.close(name, code: .server) }
        for loop in loops { loop.run() }
    }

    // MARK: Steps

    private func step() throws {
        let client = clients[Int.random(in: 0..<clients.count, using: &random)]
        let name = Self.withHistory.randomElement(using: &random) ?? ""
        let any = [name, name, Self.withoutHistory].randomElement(using: &random) ?? ""
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<26: publish(name)
        case 26..<35:
            try connect(client)
            subscribe(client, any)
        case 35..<38: act("\(client.name) leaves \(any)") { client.unsubscribe(any) }
        case 38..<42: act("\(client.name) is cut") { client.cut() }
        case 42..<48:
            act("\(client.name) is cut") { client.cut() }
            try connect(client)
            for name in Self.withHistory { subscribe(client, name) }
        case 48..<51: act("\(client.name) stalls") { client.shut(true) }
        case 51..<55: act("\(client.name) reads on") { client.shut(false) }
        case 55..<62: act("a job") { jobs.runOne() }
        case 62..<65: act("snapshots are encoded") { later.runAll() }
        case 65..<69: act("the broker answers") { broker.answer(Int.random(in: 1...3, using: &random)) }
        case 69..<79:
            let loop = Int.random(in: 0..<2, using: &random)
            act("loop \(loop) runs") { loops[loop].run() }
        case 79..<85: advance(by: .milliseconds(Int64.random(in: 1...400, using: &random)))
        case 85: advance(by: .milliseconds(Int64.random(in: 1_000...12_000, using: &random)))
        case 86, 87: if Bool.random(using: &random) { reopen(name) }
        case 88..<91: control(client, any)
        case 91..<95:
            number += 1
            let key = ["pointer", "typing"].randomElement(using: &random) ?? ""
            act("\(client.name) publishes \(number)") { client.publish(Self.withoutHistory, key: key, number: number) }
        case 95: act("\(client.name) asks who is here") { client.ask("presence", name) }
        case 96: act("\(client.name) asks for history") { client.ask("history", name) }
        case 97:
            if Int.random(in: 0..<4, using: &random) == 0 { act("\(client.name) misbehaves") { client.misbehave() } }
        case 98: act("history expires") { hub.expireHistory() }
        default: try check()
        }
        if Bool.random(using: &random) { for client in clients { try attend(client) } }
    }

    private func act(_ what: String, _ body: () -> Void) {
        trace.append(what)
        body()
    }

    /// Lets a client read, and do what clients do of themselves; false when there was nothing to do.
    @discardableResult
    private func attend(_ client: SimulationClient) throws -> Bool {
        var isBusy = try client.read()
        for name in Self.withHistory + [Self.withoutHistory] where client[name].isToBeResubscribed {
            let recovers = Bool.random(using: &random)
            isBusy = true
            act("\(client.name) subscribes to \(name) again") { client.subscribe(name, recovers: recovers) }
        }
        if client.isStrict, client.id != nil, !client.waitsForAnswers, channels["app"] != nil,
            !client["app"].isSubscribed
        {
            isBusy = true
            client.subscribe("app", recovers: true)
        }
        return isBusy
    }

    private func subscribe(_ client: SimulationClient, _ name: String) {
        let recovers = Int.random(in: 0..<4, using: &random) > 0
        act("\(client.name) subscribes to \(name)\(recovers ? ", recovering" : "")") {
            client.subscribe(name, recovers: recovers)
        }
    }

    private func connect(_ client: SimulationClient) throws {
        guard !client.isLinked else { return }
        let loop = Int.random(in: 0..<2, using: &random)
        if client.isOneWay { return openStream(client, loop: loop) }
        let serverChannels = Self.withHistory.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
        trace.append("\(client.name) connects on loop \(loop), \(serverChannels)")
        try client.connect(
            hub,
            loop: loops[loop],
            isCompressing: Bool.random(using: &random),
            serverChannels: serverChannels,
            recovers: Bool.random(using: &random)
        )
    }

    private func openStream(_ client: SimulationClient, loop: Int) {
        let others = (Self.withHistory + [Self.withoutHistory]).filter { _ in Bool.random(using: &random) }
        let channels = others.isEmpty ? Self.withHistory : others
        let recovers = Int.random(in: 0..<4, using: &random) > 0
        trace.append("\(client.name) opens on loop \(loop), \(channels)\(recovers ? ", recovering" : "")")
        client.open(hub, loop: loops[loop], jobs: jobs, channels: channels, recovers: recovers)
    }

    private func open(_ name: String, state: SimulationState) {
        broker.begins(with: state)
        channels[name] = hub.open(name, state: state, options: options[name] ?? Realtime.ChannelOptions())
    }

    private func reopen(_ name: String) {
        let code: UnsubscribeCode = Bool.random(using: &random) ? .server : .insufficient
        let state = channels[name]?.withState { $0 }
        if let state {
            trace.append("\(name) closes with \(code)")
            channels[name] = nil
            hub.close(name, code: code)
            guard Bool.random(using: &random) else { return }
            trace.append("\(name) opens")
            open(name, state: Bool.random(using: &random) ? state : SimulationState())
        } else {
            trace.append("\(name) opens")
            open(name, state: SimulationState())
        }
    }

    private func control(_ client: SimulationClient, _ name: String) {
        guard let id = client.id else { return }
        switch Int.random(in: 0..<8, using: &random) {
        case 0..<4: act("the server subscribes \(client.name) to \(name)") { hub.subscribe(.client(id), to: name) }
        case 4..<6:
            let code: UnsubscribeCode = Bool.random(using: &random) ? .server : .expired
            act("the server unsubscribes \(client.name) from \(name)") {
                hub.unsubscribe(.client(id), from: name, code)
            }
        case 6: act("the server disconnects \(client.name)") { hub.disconnect(.client(id), .forceReconnect) }
        default: act("the server sends") { hub.send(ByteBuffer(string: "1"), to: .user("u")) }
        }
    }

    private func advance(by amount: TimeAmount) {
        trace.append("\(amount.nanoseconds / 1_000_000) ms pass")
        clock.advance(by: amount)
        for loop in loops { loop.advanceTime(to: clock.now) }
    }

    // MARK: Publishing

    private func publish(_ name: String) {
        guard let channel = channels[name] else { return }
        let count = Int.random(in: 1...12, using: &random)
        trace.append("\(name): \(count) events")
        for _ in 0..<count { channel.publish(event(name, after: channel.withState { $0 })) }
    }

    private func event(_ name: String, after state: SimulationState) -> SimulationEvent {
        number += 1
        let generation = state.generations.keys.max() ?? 0
        let key = "thing \(Int.random(in: 0..<3, using: &random))"
        switch Int.random(in: 0..<100, using: &random) {
        case _ where generation == 0, 0..<4: return .started(generation: generation + 1)
        case 4..<9: return .note(number)
        case 9..<18:
            // What is not there does not change: events of one key can stand for those before them.
            return state.things[key] == nil ? .added(key: key, value: number) : .changed(key: key, value: number)
        case 18..<20: return .removed(key: key)
        case 20..<24: return token(state, generation, attempt: 1)
        case 24..<28: return token(state, generation - 1)
        case 28..<32: return token(state, generation, overlap: 3)
        case 32..<35: return token(state, generation, attempt: -1)
        default: return token(state, generation)
        }
    }

    /// The next pieces of a generation's texts, of a later or an earlier attempt by `attempt`.
    private func token(
        _ state: SimulationState,
        _ number: Int,
        attempt: Int = 0,
        overlap: Int = 0
    ) -> SimulationEvent {
        let held = state.generations[number] ?? SimulationState.Generation()
        let streams = [["code"], ["chat"], ["code", "chat"]].randomElement(using: &random) ?? []
        let parts = streams.map { stream -> SimulationEvent.Part in
            let units = attempt > 0 && stream == "code" ? 0 : held[stream].utf16.count
            let text = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                "abcdefghijklmnopqrstuvwxyz\u{1F600}\"\\".randomElement(using: &random) ?? "a"
            }
            // Of what overlaps nothing is applied again, whatever it says.
            let back = min(overlap, units)
            return SimulationEvent.Part(
                stream: stream,
                at: units - back,
                text: String(repeating: "-", count: back) + String(text)
            )
        }
        return .token(SimulationEvent.Token(generation: number, attempt: held.attempt + attempt, parts: parts))
    }

    // MARK: Quiet points

    /// Lets everything that waits happen, but time: of that only what an answer needs that leaves with a delayed publication.
    private func settle() throws {
        var delays = 0
        for client in clients { client.shut(false) }
        for _ in 0..<1_000 {
            var isBusy = false
            while jobs.runOne() { isBusy = true }
            later.runAll()
            broker.answer(.max)
            for loop in loops { loop.run() }
            for client in clients + watchers where try attend(client) { isBusy = true }
            if jobs.count + later.count + broker.waiting > 0 { isBusy = true }
            if !isBusy, !failures.isEmpty || !(clients + watchers).contains(where: \.waitsForAnswers) { return }
            guard !isBusy else { continue }
            guard delays < 2 else { break }
            delays += 1
            advance(by: .milliseconds(16))
        }
        let waiting = (clients + watchers).filter(\.waitsForAnswers).map(\.name)
        failures.append("it does not come to rest: \(waiting) wait for answers")
    }

    /// At a quiet point everybody has everything.
    private func check() throws {
        trace.append("quiet")
        try settle()
        advance(by: .milliseconds(16))
        try settle()
        guard failures.isEmpty else { return }
        for (name, channel) in channels {
            let subscribed = (clients + watchers).filter { $0[name].isSubscribed }
            if channel.subscriberCount != subscribed.count {
                failures.append("\(channel.subscriberCount) subscribers of \(name), not \(subscribed.count)")
            }
            guard name != Self.withoutHistory else { continue }
            let state = channel.withState { $0 }
            for client in subscribed {
                client.compare(name, "at rest")
                if client[name].state != state { failures.append("\(client.name): \(name) is behind at rest") }
            }
        }
        try checkCursors()
        try checkPresence()
        let viewers = (clients + watchers).count { $0["app"].isSubscribed }
        if hub.viewers != viewers { failures.append("\(hub.viewers) viewers, not \(viewers)") }
        let linked = (clients + watchers).count(where: \.isLinked)
        if hub.metrics.connections != linked {
            failures.append("\(hub.metrics.connections) connections, not \(linked)")
        }
    }

    private func checkCursors() throws {
        let subscribed = clients.filter { $0[Self.withoutHistory].isSubscribed }
        let publishers = subscribed.filter { !$0.isOneWay }
        guard !publishers.isEmpty else { return }
        for client in publishers {
            number += 1
            client.publish(Self.withoutHistory, key: "last", number: number)
        }
        try settle()
        advance(by: .milliseconds(16))
        try settle()
        for client in subscribed where client.isLinked {
            let found = Set(client[Self.withoutHistory].newest.filter { $0.key.hasSuffix("/last") }.values)
            let expected = Set((number - publishers.count + 1)...number)
            if !found.isSuperset(of: expected) { failures.append("\(client.name) has not got all cursors") }
        }
    }

    private func checkPresence() throws {
        guard let channel = channels["app"], failures.isEmpty else { return }
        // The leaves, then what waits for a write delay.
        for amount in [TimeAmount.seconds(3), .milliseconds(16)] {
            advance(by: amount)
            try settle()
        }
        guard failures.isEmpty else { return }
        let subscribed = (clients + watchers).filter { $0["app"].isSubscribed }
        let here = broker.clients(epoch: channel.epoch)
        if here != Set(subscribed.compactMap(\.id)) {
            failures.append("\(here.count) are present, \(subscribed.count) are subscribed")
        }
        for client in subscribed {
            for (other, isPresent) in client["app"].present where isPresent != here.contains(other) {
                failures.append("\(client.name) thinks that \(other) is \(isPresent ? "here" : "gone")")
            }
        }
    }
}
