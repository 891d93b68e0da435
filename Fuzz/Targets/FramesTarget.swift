internal import NIOCore
@testable internal import WebSocketCodec

/// A peer's bytes: what comes out must not depend on how they were cut, and must keep the limits.
enum FramesTarget {
    private static let limits = WebSocketLimits(
        maximumFrameBytes: 2_048,
        maximumMessageBytes: 4_096,
        maximumFragments: 16
    )

    static func run(_ bytes: [UInt8]) {
        var input = Input(bytes)
        let flags = input.byte()
        let role: WebSocketRole = flags & 1 == 0 ? .server : .client
        var compression: CompressionParameters?
        if flags & 2 != 0 {
            var parameters = CompressionParameters()
            parameters.clientNoContextTakeover = flags & 4 != 0
            parameters.serverNoContextTakeover = flags & 4 != 0
            compression = parameters
        }
        let pieces = input.pieces()
        let cut = decode(pieces, role, compression)
        let whole = decode([Array(pieces.joined())], role, compression)
        precondition(cut.events == whole.events && cut.error?.closeCode == whole.error?.closeCode)
        for event in cut.events { check(event) }
    }

    private static func decode(
        _ pieces: [[UInt8]],
        _ role: WebSocketRole,
        _ compression: CompressionParameters?
    ) -> (events: [WebSocketEvent], error: WebSocketError?) {
        var decoder = MessageDecoder(limits: limits, role: role, compression: compression)
        var events: [WebSocketEvent] = []
        for piece in pieces {
            decoder.append(ByteBuffer(bytes: piece))
            do throws(WebSocketError) {
                while let event = try decoder.next() { events.append(event) }
            } catch {
                return (events, error)
            }
        }
        return (events, nil)
    }

    private static func check(_ event: WebSocketEvent) {
        switch event {
        case .text(let payload):
            precondition(payload.readableBytes <= limits.maximumMessageBytes)
            precondition(String(validating: payload.readableBytesView, as: UTF8.self) != nil)
        case .binary(let payload): precondition(payload.readableBytes <= limits.maximumMessageBytes)
        case .ping(let payload), .pong(let payload): precondition(payload.readableBytes <= 125)
        case .close(let status): precondition(status.map { CloseStatus.isAllowedOnWire($0.code) } ?? true)
        }
    }
}
