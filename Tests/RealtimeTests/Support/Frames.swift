import NIOCore
import Testing
import WebSocketCodec

/// The text of a buffer that holds one text frame.
func decodedText(_ frame: ByteBuffer) throws -> String {
    var decoder = MessageDecoder(limits: .init(maximumFrameBytes: 1 << 24, maximumMessageBytes: 1 << 24), role: .client)
    decoder.append(frame)
    guard case .text(let payload)? = try decoder.next() else {
        Issue.record("no whole text frame")
        return ""
    }
    return String(buffer: payload)
}
