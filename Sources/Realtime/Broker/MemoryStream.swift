internal import NIOCore
internal import Synchronization

/// One channel in memory: the next offset, what is kept, and who is here.
///
/// Publishing calls the receiver under the stream's lock, which is what makes the receiver's order the order of offsets; the
/// receiver takes microseconds and calls nothing of the stream.
final class MemoryStream: BrokerStream {
    private struct Core {
        var offset: UInt64 = 0
        var log: HistoryLog
        var isClosed = false
        var clients: [String: ClientIdentity] = [:]
        /// The last answer to somebody who had been away: many ask for the same one after a common cut.
        var recent: (after: UInt64, page: HistoryPage)?
    }

    private enum Reading {
        case ready(Result<HistoryPage, ClientError>)
        case entries([HistoryLog.Entry], StreamPosition)
    }

    let epoch = RandomID.token()
    private let core: Mutex<Core>
    private let receiver: any StreamReceiver
    private let now: @Sendable () -> NIODeadline

    init(options: HistoryOptions, receiver: any StreamReceiver, now: @escaping @Sendable () -> NIODeadline) {
        core = Mutex(Core(log: HistoryLog(options: options)))
        self.receiver = receiver
        self.now = now
    }

    func publish(_ draft: Draft, whenDone: PublishCompletion?) {
        let time = now()
        let offset = core.withLock { core -> UInt64? in
            guard !core.isClosed else { return nil }
            core.offset += 1
            core.recent = nil
            core.log.append(draft, receiver.receive(draft, offset: core.offset), now: time)
            return core.offset
        }
        whenDone?(offset.map { .success($0) } ?? .failure(.unknownChannel))
    }

    func history(_ request: HistoryRequest, whenDone: @escaping HistoryCompletion) {
        let time = now()
        switch core.withLock({ read(request, from: &$0, now: time) }) {
        case .ready(let result):
            whenDone(result)
        case .entries(let entries, let position):
            let page = HistoryPage(publications: entries.map(encoded), position: position)
            remember(page, for: request)
            whenDone(.success(page))
        }
    }

    func join(_ client: ClientIdentity) {
        core.withLock { core in
            guard !core.isClosed, core.clients.updateValue(client, forKey: client.client) == nil else { return }
            receiver.joined(client)
        }
    }

    func leave(_ client: ClientIdentity) {
        core.withLock { core in
            guard !core.isClosed, let known = core.clients.removeValue(forKey: client.client) else { return }
            receiver.left(known)
        }
    }

    func presence(whenDone: @escaping @Sendable (Result<[ClientIdentity], ClientError>) -> Void) {
        whenDone(.success(core.withLock { Array($0.clients.values) }))
    }

    func expire() {
        let time = now()
        core.withLock { core in
            core.log.trim(now: time)
            core.recent = nil
        }
    }

    func close() {
        core.withLock { core in
            core.isClosed = true
            core.log.removeAll()
            core.recent = nil
            core.clients = [:]
        }
    }

    private func read(_ request: HistoryRequest, from core: inout Core, now: NIODeadline) -> Reading {
        core.log.trim(now: now)
        let position = StreamPosition(epoch: epoch, offset: core.offset)
        guard let since = request.since else {
            let entries = core.log.page(from: nil, limit: request.limit, isReverse: request.isReverse)
            return .entries(entries, position)
        }
        guard since.epoch == epoch, since.offset <= core.offset else {
            return .ready(.failure(.unrecoverablePosition))
        }
        if request.isReverse {
            return .entries(core.log.page(from: since.offset, limit: request.limit, isReverse: true), position)
        }
        // What has become too old since it was encoded is not to be told again.
        if request.limit == nil, let recent = core.recent, recent.after == since.offset,
            since.offset >= core.log.lostThrough
        {
            return .ready(.success(recent.page))
        }
        guard let runs = core.log.runs(after: since.offset) else { return .ready(.failure(.unrecoverablePosition)) }
        guard let limit = request.limit else { return .entries(runs, position) }
        return .entries(core.log.page(from: since.offset, limit: limit, isReverse: false), position)
    }

    private func remember(_ page: HistoryPage, for request: HistoryRequest) {
        guard let since = request.since, request.limit == nil, !request.isReverse, !page.publications.isEmpty else {
            return
        }
        core.withLock { core in
            if core.offset == page.position.offset, !core.isClosed { core.recent = (since.offset, page) }
        }
    }

    private func encoded(_ entry: HistoryLog.Entry) -> EncodedPublication {
        entry.encoded ?? receiver.encode(entry.event, publisher: entry.publisher, offset: entry.offset)
    }
}
