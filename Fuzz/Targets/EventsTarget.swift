@testable internal import Claude

/// A model's event stream: the same events however it was cut, none over the limit, and each one decoded.
enum EventsTarget {
    private static let limit = 256

    static func run(_ bytes: [UInt8]) {
        var input = Input(bytes)
        let pieces = input.pieces()
        let cut = parse(pieces)
        let whole = parse([Array(pieces.joined())])
        precondition(cut.failed == whole.failed)
        precondition(cut.failed || cut.events == whole.events)
        var decoder = MessageStreamDecoder()
        var decoded: [ModelEvent] = []
        for event in cut.events {
            precondition(event.data.count <= limit)
            do throws(ModelError) {
                try decoder.decode(event, into: &decoded)
            } catch {
                return
            }
        }
    }

    private static func parse(_ pieces: [[UInt8]]) -> (events: [ServerSentEvent], failed: Bool) {
        var parser = ServerSentEventParser(maximumEventBytes: limit)
        var events: [ServerSentEvent] = []
        for piece in pieces {
            do throws(ModelError) {
                try parser.feed(piece, into: &events)
            } catch {
                return (events, true)
            }
        }
        return (events, false)
    }
}
