internal import NIOCore
internal import Synchronization
internal import WebSocketCodec

/// The half of a channel that a broker calls: takes publications in, keeps the state, and knows which shards listen.
///
/// Under its lock, for microseconds: fold, end the frame that was encoded before, hand it to the event loops that have
/// subscribers.
final class ChannelCore<State: ChannelState>: Sendable {
    private struct Locked {
        var state: State
        /// The last publication that was folded.
        var offset: UInt64 = 0
        var isClosed = false
        /// The state's copy at `offset`, made by the first who asked.
        var snapshot: Snapshot?
        /// Shards with subscribers, and how many each has.
        var shards: [(shard: Shard, subscribers: Int)] = []
    }

    private let name: String
    private let hasHistory: Bool
    private let writeDelay: TimeAmount?
    private let compressor: SharedFrameCompressor
    private let compressFrom: Int
    private let locked: Mutex<Locked>
    private let prefix: ByteBuffer
    private let bodyStart: Int

    init(name: String, state: State, options: ChannelOptions, compression: HubCompression) {
        self.name = name
        compressor = compression.compressor
        compressFrom = compression.threshold
        hasHistory = options.hasHistory
        writeDelay = options.writeDelay > .zero ? TimeAmount(options.writeDelay) : nil
        locked = Mutex(Locked(state: state))
        prefix = PushWriter.publicationPrefix(channel: name)
        bodyStart = PushWriter.bodyStart(prefix: prefix)
    }

    /// The state as of the last publication: a copy.
    var state: State { locked.withLock { $0.state } }

    /// Encodes all of a publication that does not depend on its offset.
    func draft(_ event: some ChannelEvent, from client: ClientIdentity?, key: String? = nil) -> Draft {
        let (begun, data) = PushWriter.beginPublication(prefix: prefix, event: event, publisher: client)
        return Draft(event: event, publisher: client, coalescingKey: key, begun: begun, data: begun.slice(data))
    }

    /// Adds one subscriber on a shard; `nil` when the channel is closed.
    func attach(_ shard: Shard) -> Attachment? {
        locked.withLock { locked -> Attachment? in
            guard !locked.isClosed else { return nil }
            if let index = locked.shards.firstIndex(where: { $0.shard === shard }) {
                locked.shards[index].subscribers += 1
            } else {
                locked.shards.append((shard, 1))
            }
            guard hasHistory else { return Attachment(offset: locked.offset) }
            let snapshot = locked.snapshot ?? Self.snapshot(of: locked.state)
            locked.snapshot = snapshot
            return Attachment(offset: locked.offset, snapshot: snapshot)
        }
    }

    /// Takes one subscriber of a shard away.
    func detach(_ shard: Shard) {
        locked.withLock { locked in
            guard let index = locked.shards.firstIndex(where: { $0.shard === shard }) else { return }
            locked.shards[index].subscribers -= 1
            if locked.shards[index].subscribers == 0 { locked.shards.remove(at: index) }
            // Nobody watches: the encoded state need not be kept.
            if locked.shards.isEmpty { locked.snapshot = nil }
        }
    }

    /// Tells the subscribers of the end; what comes later goes nowhere.
    func close(code: UnsubscribeCode) {
        let toWake = locked.withLock { locked -> [Shard] in
            guard !locked.isClosed else { return [] }
            locked.isClosed = true
            locked.snapshot = nil
            return enqueue(.closed(code), locked)
        }
        wake(toWake)
    }

    /// Hands something to every shard that has subscribers; called under the lock.
    ///
    /// - Returns: the shards that are to be woken when the lock is released.
    private func enqueue(_ kind: Delivery.Kind, _ locked: Locked) -> [Shard] {
        guard !locked.shards.isEmpty else { return [] }
        let delivery = Delivery(channel: ObjectIdentifier(self), kind: kind)
        let shards = locked.shards.map(\.shard)
        return writeDelay == nil
            ? shards.filter { $0.enqueue(delivery) } : shards.filter { $0.enqueueDelayed(delivery) }
    }

    private func wake(_ shards: [Shard]) {
        for shard in shards {
            if let writeDelay { shard.wake(after: writeDelay) } else { shard.wake() }
        }
    }

    private func tell(_ change: PresenceChange, of client: ClientIdentity) {
        let frame = PushWriter.presence(change, of: client, channel: name)
        let toWake = locked.withLock { locked -> [Shard] in
            locked.isClosed ? [] : enqueue(.presence(frame, client: client.client), locked)
        }
        wake(toWake)
    }

    private static func snapshot(of state: State) -> Snapshot {
        Snapshot {
            var json = JSONWriter()
            state.writeSnapshot(to: &json)
            return json.finish()
        }
    }
}

extension ChannelCore: StreamReceiver {
    func receive(_ draft: Draft, offset: UInt64) -> EncodedPublication {
        var draft = draft
        if draft.begun.readableBytes == 0 { complete(&draft) }
        let event = draft.event as? State.Event
        let publication = publication(&draft, offset: offset)
        let toWake = locked.withLock { locked -> [Shard] in
            guard !locked.isClosed else { return [] }
            locked.offset = offset
            if let event { locked.state.fold(event) }
            locked.snapshot = nil
            return enqueue(.publication(publication, key: draft.coalescingKey), locked)
        }
        wake(toWake)
        return publication
    }

    func encode(_ event: any ChannelEvent, publisher: ClientIdentity?, offset: UInt64) -> EncodedPublication {
        var draft = draft(event, from: publisher)
        return publication(&draft, offset: offset)
    }

    private func publication(_ draft: inout Draft, offset: UInt64) -> EncodedPublication {
        var frame = PushWriter.endPublication(&draft.begun, offset: hasHistory ? offset : nil)
        if frame.bytes.readableBytes >= compressFrom {
            frame.compression = SharedCompression(payload: frame.payload, compressor: compressor)
        }
        return EncodedPublication(offset: offset, frame: frame, bodyStart: bodyStart)
    }

    func joined(_ client: ClientIdentity) { tell(.joined, of: client) }

    func left(_ client: ClientIdentity) { tell(.left, of: client) }

    /// Reads and encodes what a broker has brought as bytes.
    private func complete(_ draft: inout Draft) {
        if let event = State.event(encoded: draft.data) {
            draft = self.draft(event, from: draft.publisher)
        } else {
            draft = self.draft(RawEvent(data: draft.data), from: draft.publisher)
        }
    }
}
