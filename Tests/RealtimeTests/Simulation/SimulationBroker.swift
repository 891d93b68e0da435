import NIOCore
import Synchronization

@testable import Realtime

/// The memory broker behind a double that remembers what was published, and that may answer only when told.
final class SimulationBroker: Broker {
    private struct Shared {
        var streams: [String: SimulationStream] = [:]
        var initial = SimulationState()
        var waiting: [@Sendable () -> Void] = []
    }

    private let memory: MemoryBroker
    /// Whether history and presence are answered when `answer` is called, not at once.
    let answersLater: Bool
    private let shared = Mutex(Shared())

    init(answersLater: Bool, now: @escaping @Sendable () -> NIODeadline) {
        self.answersLater = answersLater
        memory = MemoryBroker(now: now)
    }

    /// What the next channel to be opened begins with.
    func begins(with state: SimulationState) { shared.withLock { $0.initial = state } }

    func open(_ channel: String, options: HistoryOptions, receiver: any StreamReceiver) -> any BrokerStream {
        let recorder = Recorder(receiver, initial: shared.withLock { $0.initial })
        let stream = SimulationStream(memory.open(channel, options: options, receiver: recorder), recorder, self)
        shared.withLock { $0.streams[stream.epoch] = stream }
        return stream
    }

    /// The channel's state after the publication at a position; `nil` where there was none.
    func state(at position: StreamPosition) -> SimulationState? {
        shared.withLock { $0.streams[position.epoch] }?.recorder.state(at: position.offset)
    }

    /// Who is on a channel.
    func clients(epoch: String) -> Set<String> {
        shared.withLock { $0.streams[epoch] }?.clients ?? []
    }

    var waiting: Int { shared.withLock { $0.waiting.count } }

    /// Gives the oldest answers.
    func answer(_ count: Int) {
        let ready = shared.withLock { shared in
            defer { shared.waiting.removeFirst(min(count, shared.waiting.count)) }
            return Array(shared.waiting.prefix(count))
        }
        for answer in ready { answer() }
    }

    func later(_ body: @escaping @Sendable () -> Void) {
        if answersLater { shared.withLock { $0.waiting.append(body) } } else { body() }
    }
}

/// Passes publications on, and remembers the state after each.
final class Recorder: StreamReceiver {
    private let receiver: any StreamReceiver
    private let states: Mutex<[SimulationState]>

    init(_ receiver: any StreamReceiver, initial: SimulationState) {
        self.receiver = receiver
        states = Mutex([initial])
    }

    func state(at offset: UInt64) -> SimulationState? {
        states.withLock { offset < UInt64($0.count) ? $0[Int(offset)] : nil }
    }

    func receive(_ draft: Draft, offset: UInt64) -> EncodedPublication {
        states.withLock { states in
            var state = states[Int(offset) - 1]
            if let event = draft.event as? SimulationEvent { state.fold(event) }
            states.append(state)
        }
        return receiver.receive(draft, offset: offset)
    }

    func encode(_ event: any Realtime.ChannelEvent, publisher: ClientIdentity?, offset: UInt64) -> EncodedPublication {
        receiver.encode(event, publisher: publisher, offset: offset)
    }

    func joined(_ client: ClientIdentity) { receiver.joined(client) }

    func left(_ client: ClientIdentity) { receiver.left(client) }
}

/// One channel of the double: every second answer of history is as old as its question, the others are new.
final class SimulationStream: BrokerStream {
    private let memory: any BrokerStream
    let recorder: Recorder
    private unowned let broker: SimulationBroker
    private let questions = Mutex(0)

    init(_ memory: any BrokerStream, _ recorder: Recorder, _ broker: SimulationBroker) {
        self.memory = memory
        self.recorder = recorder
        self.broker = broker
    }

    var epoch: String { memory.epoch }

    var clients: Set<String> {
        let found = Mutex<Set<String>>([])
        memory.presence { result in
            if case .success(let clients) = result { found.withLock { $0 = Set(clients.map(\.client)) } }
        }
        return found.withLock { $0 }
    }

    func publish(_ draft: Draft, whenDone: PublishCompletion?) { memory.publish(draft, whenDone: whenDone) }

    func history(_ request: HistoryRequest, whenDone: @escaping HistoryCompletion) {
        let question = questions.withLock { questions in
            questions += 1
            return questions
        }
        if question % 2 == 0 {
            broker.later { [memory] in memory.history(request, whenDone: whenDone) }
        } else {
            memory.history(request) { [broker] result in broker.later { whenDone(result) } }
        }
    }

    func join(_ client: ClientIdentity) { memory.join(client) }

    func leave(_ client: ClientIdentity) { memory.leave(client) }

    func presence(whenDone: @escaping @Sendable (Result<[ClientIdentity], ClientError>) -> Void) {
        memory.presence { [broker] result in broker.later { whenDone(result) } }
    }

    func expire() { memory.expire() }

    func close() { memory.close() }
}
