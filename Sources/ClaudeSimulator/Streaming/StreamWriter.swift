internal import Hummingbird
internal import NIOCore
internal import ServiceLifecycle

/// Sends one answer as events at a pace.
///
/// Writing waits for the reader, so nothing queues up; a reader that has gone away makes the next write throw.
struct StreamWriter: Sendable {
    /// How the events are worded.
    var events: MessageEvents
    /// What is sent.
    var answer: PreparedAnswer
    /// How fast.
    var pace: Pace
    /// Where it ends early: the connection is dropped or nothing more is said.
    var fault: Fault.Kind?

    /// Writes the whole stream.
    ///
    /// - Throws: `StreamCut` for the drop fault, `CancellationError` at a shutdown, and NIO's errors when the reader
    ///   has gone; the connection is closed in each case.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        let clock = ContinuousClock()
        var buffer = ByteBuffer()
        events.writeStart(to: &buffer)
        try await writer.write(buffer)
        try await clock.sleep(for: pace.firstTokenDelay)

        let early = fault == .dropMidStream || fault == .stall
        let end = early ? (answer.pieces.count + 1) / 2 : answer.pieces.count
        let start = clock.now
        var sent = 0
        while sent < end {
            let due = pace.due(after: clock.now - start, sent: sent, total: end)
            if due > sent {
                buffer.clear()
                for piece in answer.pieces[sent..<due] { events.writeDelta(piece, to: &buffer) }
                try await writer.write(buffer)
                sent = due
            }
            if sent < end {
                if pace.tick > .zero { try await clock.sleep(for: pace.tick) }
                try Self.checkShutdown()
            }
        }
        switch fault {
        case .dropMidStream: throw StreamCut()
        case .stall:
            try await Self.waitForever()
        default:
            buffer.clear()
            events.writeEnd(answer.stop, outputTokens: answer.pieces.count, to: &buffer)
            try await writer.write(buffer)
            try await writer.finish(nil)
        }
    }

    /// Waits until the task is cancelled or the server shuts down.
    ///
    /// - Throws: `CancellationError`, always.
    static func waitForever() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        }
        throw CancellationError()
    }

    private static func checkShutdown() throws {
        try Task.checkCancellation()
        if Task.isShuttingDownGracefully { throw CancellationError() }
    }
}

/// The connection is to be dropped in the middle of an answer.
struct StreamCut: Error {}
