import Logging
import NIOCore
import NIOEmbedded
import Synchronization

@testable import Realtime

/// A one-way stream as the task that writes an HTTP response's body sees it: it takes what there is when a test says so.
final class SimulationStreamLink {
    /// How far the stream has come.
    enum Event {
        /// It has begun.
        case opened
        /// It is not to be, with the code of the error.
        case refused(code: Int)
        /// Whole events.
        case text(String)
        /// Nothing will follow.
        case ended
    }

    private struct Inbox {
        var events: [Event] = []
        var stream: OneWayStream?
        var isTaking = false
        var isCut = false
    }

    private let jobs: JobQueue
    private let inbox = Inboxes()
    /// Whether nothing more is taken.
    var isShut = false

    private final class Inboxes: Sendable {
        let held = Mutex(Inbox())
        func add(_ event: Event) { held.withLock { $0.events.append(event) } }
    }

    init(
        _ request: OneWayRequest,
        _ hub: Hub,
        _ application: any RealtimeApplication,
        loop: EmbeddedEventLoop,
        jobs: JobQueue
    ) {
        self.jobs = jobs
        let inbox = inbox
        let promise = loop.makePromise(of: Result<OneWayStream, ClientError>.self)
        promise.futureResult.whenSuccess { result in
            switch result {
            case .success(let stream):
                inbox.add(.opened)
                let isCut = inbox.held.withLock { held in
                    held.stream = stream
                    return held.isCut
                }
                if isCut { Self.end(stream) }
            case .failure(let error):
                inbox.add(.refused(code: Int(error.code)))
            }
        }
        hub.begin(
            request,
            application,
            loop,
            Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() },
            { inbox.add(.ended) },
            promise
        )
    }

    /// What has come since; asks for more unless it is shut.
    func take() -> [Event] {
        let (events, stream) = inbox.held.withLock { held -> ([Event], OneWayStream?) in
            defer { held.events = [] }
            guard !isShut, !held.isTaking, !held.isCut, let stream = held.stream else { return (held.events, nil) }
            held.isTaking = true
            return (held.events, stream)
        }
        if let stream {
            Task(executorPreference: jobs) { [inbox] in
                let bytes = await stream.next()
                inbox.held.withLock { held in
                    held.isTaking = false
                    held.events.append(bytes.map { .text(String(buffer: $0)) } ?? .ended)
                }
            }
        }
        return events
    }

    /// The peer has gone: the response ends with its connection.
    func cut() {
        let stream = inbox.held.withLock { held in
            held.isCut = true
            return held.stream
        }
        if let stream { Self.end(stream) }
    }

    private static func end(_ stream: OneWayStream) {
        stream.finish()
        stream.ended()
    }
}
