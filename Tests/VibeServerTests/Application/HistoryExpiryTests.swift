import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Realtime
@testable import VibeServer

@Suite struct HistoryExpiryTests {
    /// A broker whose streams only count how often they were told to let go of what is old.
    private struct CountingBroker: Broker {
        let expired = Counter()

        func open(_ channel: String, options: HistoryOptions, receiver: any StreamReceiver) -> any BrokerStream {
            Stream(expired: expired)
        }
    }

    private final class Counter: Sendable {
        private let held = Mutex(0)
        var count: Int { held.withLock { $0 } }
        func add() { held.withLock { $0 += 1 } }
    }

    private final class Stream: BrokerStream {
        let epoch = "e"
        let expired: Counter

        init(expired: Counter) {
            self.expired = expired
        }

        func publish(_ draft: Draft, whenDone: PublishCompletion?) {}
        func history(_ request: HistoryRequest, whenDone: @escaping HistoryCompletion) {}
        func join(_ client: ClientIdentity) {}
        func leave(_ client: ClientIdentity) {}
        func presence(whenDone: @escaping @Sendable (Result<[ClientIdentity], ClientError>) -> Void) {}
        func expire() { expired.add() }
        func close() {}
    }

    private struct Over: Error {}

    @Test func everyPauseEndsWithALookAtAllChannels() async {
        let broker = CountingBroker()
        let hub = Hub(group: MultiThreadedEventLoopGroup.singleton, broker: broker)
        for name in ["a", "b"] { _ = hub.open(name, state: RawChannelState()) }
        let pauses = Counter()
        let expiry = HistoryExpiry(hub: hub) {
            pauses.add()
            guard pauses.count <= 3 else { throw Over() }
            #expect(broker.expired.count == 2 * (pauses.count - 1))
        }
        await expiry.run()
        #expect(broker.expired.count == 6)
    }

    @Test func silentChannelsForgetWhatIsTooOld() async throws {
        let time = Mutex(NIODeadline.uptimeNanoseconds(1))
        let hub = Hub(
            group: MultiThreadedEventLoopGroup.singleton,
            broker: MemoryBroker(now: { time.withLock { $0 } })
        )
        weak var kept: Payload?
        let channel = hub.open("a", state: KeepingNothing())
        do {
            let payload = Payload()
            kept = payload
            channel.publish(PayloadEvent(payload: payload))
        }
        #expect(kept != nil, "the history holds it")
        time.withLock { $0 = $0 + .seconds(301) }
        #expect(kept != nil, "nothing happens on the channel")
        let once = Counter()
        let expiry = HistoryExpiry(hub: hub) {
            once.add()
            guard once.count == 1 else { throw Over() }
        }
        await expiry.run()
        #expect(kept == nil)
    }

    private final class Payload: Sendable {}

    private struct PayloadEvent: Realtime.ChannelEvent {
        let payload: Payload
        func write(to json: inout JSONWriter) { json.value(1) }
    }

    private struct KeepingNothing: ChannelState {
        mutating func fold(_ event: PayloadEvent) {}
        func writeSnapshot(to json: inout JSONWriter) { json.value(0) }
    }
}
