import NIOCore
import NIOEmbedded

@testable import Realtime

/// The client that has nothing but HTTP: Server-Sent Events, and `Last-Event-ID` to come back with.
extension SimulationClient {
    /// Opens a one-way stream; `recovers` with the channels and the last event's id of the one before.
    func open(_ hub: Hub, loop: EmbeddedEventLoop, jobs: JobQueue, channels: [String], recovers: Bool) {
        recovering = [:]
        if recovers, !streamChannels.isEmpty {
            recovering = OneWayWriter.positions(id: lastEventID, channels: streamChannels)
        } else {
            streamChannels = channels
        }
        lastEventID = ""
        var request = OneWayRequest(format: .eventStream, channels: streamChannels)
        request.positions = recovering
        stream = SimulationStreamLink(request, hub, SimulationApplication(), loop: loop, jobs: jobs)
    }

    /// Takes in what the stream has brought; false when there was nothing.
    func readStream() -> Bool {
        let events = stream?.take() ?? []
        for event in events where stream != nil {
            switch event {
            case .opened: break
            case .refused(let code):
                note("\(name): error \(code)")
                // A channel is closed, or the server wants the connection's end.
                if code != 102, code < 3_000 { fail("\(name): error \(code)") }
                cut()
            case .ended: cut()
            case .text(let text): for block in text.split(separator: "\n\n") { take(block: block) }
            }
        }
        return !events.isEmpty
    }

    private func take(block: Substring) {
        var isData = false
        for line in block.split(separator: "\n") {
            if line.hasPrefix("id: ") {
                lastEventID = String(line.dropFirst(4))
            } else if line.hasPrefix("data: "), let push = PlainJSON.read(line.dropFirst(6)) {
                isData = true
                take(streamPush: push)
            } else if line != ":" {
                fail("\(name): no event: \(line)")
            }
        }
        if isData, block.hasPrefix("id: ") { checkPositions() }
    }

    private func take(streamPush push: Parsed) {
        if let code = push["disconnect"]["code"].int {
            note("\(name) is told \(code)")
            counts.closed[UInt16(code), default: 0] += 1
        } else if let client = push["connect"]["client"].string {
            connected(client, push["connect"]["subs"])
        } else {
            take(push: push)
        }
    }

    private func connected(_ client: String, _ subscriptions: Parsed) {
        id = client
        if Set(subscriptions.keys) != Set(streamChannels) { fail("\(name): subscribed to \(subscriptions.keys)") }
        for channel in subscriptions.keys {
            let position = recovering[channel]
            if position != nil, subscriptions[channel]["recovered"].bool == true { counts.streamRecoveries += 1 }
            subscribed(
                channel,
                subscriptions[channel],
                isRecovering: position != nil,
                hasMovedOn: position != self[channel].position
            )
        }
    }

    /// The last event's id says where the client stands: with it alone it could come back.
    private func checkPositions() {
        let positions = OneWayWriter.positions(id: lastEventID, channels: streamChannels)
        for channel in streamChannels where self[channel].isSubscribed && positions[channel] != self[channel].position {
            let held = self[channel].position
            fail(
                "\(name): the id says \(String(describing: positions[channel])) of \(channel), not \(String(describing: held))"
            )
        }
    }
}
