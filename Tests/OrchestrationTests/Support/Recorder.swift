import NIOCore
import Realtime
import Synchronization

@testable import Orchestration

/// All publications, in order, with a way to wait for one.
final class Recorder: Sendable {
    struct Publication: Sendable {
        var channel: String
        var event: any Realtime.ChannelEvent
    }

    private struct State {
        var all: [Publication] = []
        var waiters: [(check: @Sendable ([Publication]) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var tap: PublicationTap {
        { [self] channel, event in
            let ready = state.withLock { state in
                state.all.append(Publication(channel: channel, event: event))
                let ready = state.waiters.filter { $0.check(state.all) }.map(\.continuation)
                state.waiters.removeAll { $0.check(state.all) }
                return ready
            }
            for continuation in ready { continuation.resume() }
        }
    }

    var all: [Publication] { state.withLock { $0.all } }

    /// The publications of an app's channel.
    func events(_ appID: String) -> [AppEvent] {
        all.filter { $0.channel == "app:\(appID)" }.compactMap { $0.event as? AppEvent }
    }

    /// The publications of `apps`.
    var appsEvents: [AppsEvent] { all.compactMap { $0.event as? AppsEvent } }

    /// One word or two for each publication but tokens.
    func story(_ appID: String) -> [String] {
        events(appID).compactMap(\.summary)
    }

    func wait(_ check: @escaping @Sendable ([Publication]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if check(state.all) { return true }
                state.waiters.append((check, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    /// Waits for the `count`th publication of an app with this summary.
    func wait(_ appID: String, _ summary: String, count: Int = 1) async {
        let channel = "app:\(appID)"
        await wait { all in
            all.count { $0.channel == channel && ($0.event as? AppEvent)?.summary == summary } >= count
        }
    }

    /// Waits until the code that has been published ends like this.
    func waitForCode(_ appID: String, _ text: String) async {
        let channel = "app:\(appID)"
        await wait { all in
            all.contains { publication in
                guard publication.channel == channel, case .token(let event)? = publication.event as? AppEvent else {
                    return false
                }
                return event.parts.contains { $0.text.hasSuffix(text) }
            }
        }
    }
}

extension AppEvent {
    /// A short name; `nil` for tokens.
    var summary: String? {
        switch self {
        case .token: nil
        case .message(let message): "message \(message.type)"
        case .queue(let items): "queue \(items.count)"
        case .generationStarted(let event): "started \(event.attempt)"
        case .build(let event): "\(event.phase.rawValue) \(event.state.rawValue) \(event.attempt)"
        case .preview(let preview): "preview \(preview.version)"
        case .generationFinished(let event): "finished \(event.outcome.rawValue)"
        case .status(let status): "status \(status.rawValue)"
        case .appChanged: "app changed"
        case .console(let line): "console \(line.entry.level.rawValue) \(line.count)"
        }
    }
}

extension Realtime.ChannelEvent {
    var json: String {
        var writer = JSONWriter()
        write(to: &writer)
        return String(buffer: writer.buffer)
    }
}

extension ChannelState {
    var json: String {
        var writer = JSONWriter()
        writeSnapshot(to: &writer)
        return String(buffer: writer.buffer)
    }
}
