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
    /// How it ends.
    var ending = StreamEnding.whole
    /// Whether characters of two UTF-16 units are cut between two deltas.
    var cutsCharacters = false

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

        let end = ending.isEarly ? (answer.pieces.count + 1) / 2 : answer.pieces.count
        let start = clock.now
        var sent = 0
        while sent < end {
            let due = pace.due(after: clock.now - start, sent: sent, total: end)
            if due > sent {
                buffer.clear()
                for piece in answer.pieces[sent..<due] {
                    if cutsCharacters {
                        events.writeHalves(piece, to: &buffer)
                    } else {
                        events.writeDelta(piece, to: &buffer)
                    }
                }
                try await writer.write(buffer)
                sent = due
            }
            if sent < end {
                if pace.tick > .zero { try await clock.sleep(for: pace.tick) }
                try Self.checkShutdown()
            }
        }
        switch ending {
        case .cut: throw StreamCut()
        case .stall:
            try await Self.waitForever()
        case .whole, .withoutStop, .doneMarker:
            buffer.clear()
            events.writeEnd(answer.stop, outputTokens: answer.pieces.count, to: &buffer)
            switch ending {
            case .doneMarker: buffer.writeString("data: [DONE]\n\n")
            case .withoutStop: break
            default: events.writeStop(to: &buffer)
            }
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

/// How a stream ends.
enum StreamEnding: Sendable, Equatable {
    /// With all its events.
    case whole
    /// Without `message_stop`.
    case withoutStop
    /// With `[DONE]` in place of `message_stop`.
    case doneMarker
    /// In the middle, with its connection.
    case cut
    /// In the middle, on a connection that stays open.
    case stall

    init(_ fault: Fault.Kind?, _ shape: AnswerShape?) {
        self =
            switch (fault, shape) {
            case (.dropMidStream, _), (_, .brokenStream): .cut
            case (.stall, _): .stall
            case (_, .noMessageStop): .withoutStop
            case (_, .doneMarker): .doneMarker
            default: .whole
            }
    }

    /// Whether half of the answer never comes.
    var isEarly: Bool { self == .cut || self == .stall }
}

/// The connection is to be dropped in the middle of an answer.
struct StreamCut: Error {}
