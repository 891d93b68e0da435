import NIOCore
@testable import WebSocketCodec

/// What a decoder made of some bytes: the events, and the error at their end.
struct Decoded: Equatable {
    var events: [WebSocketEvent] = []
    var error: WebSocketError?
}

/// Feeds the pieces one after the other and drains the decoder after each.
func decode(
    _ pieces: [[UInt8]],
    limits: WebSocketLimits = WebSocketLimits(),
    role: WebSocketRole = .server,
    compression: CompressionParameters? = nil
) -> Decoded {
    var decoder = MessageDecoder(limits: limits, role: role, compression: compression)
    var decoded = Decoded()
    for piece in pieces {
        decoder.append(ByteBuffer(bytes: piece))
        drain(&decoder, into: &decoded)
    }
    return decoded
}

func drain(_ decoder: inout MessageDecoder, into decoded: inout Decoded) {
    do throws(WebSocketError) {
        while let event = try decoder.next() {
            decoded.events.append(event)
        }
    } catch {
        decoded.error = error
    }
}

/// Cuts bytes at random places into pieces; some are empty.
func cut(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [[UInt8]] {
    let cuts = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        Int.random(in: 0...bytes.count, using: &generator)
    }
    let places = [0] + cuts.sorted() + [bytes.count]
    return zip(places, places.dropFirst()).map { Array(bytes[$0..<$1]) }
}

/// A client's frame, written byte by byte without the encoder, so that wrong ones can be made too.
func frame(
    _ opcode: UInt8,
    _ payload: [UInt8] = [],
    final: Bool = true,
    reserved: UInt8 = 0,
    key: UInt32? = 0x1234_5678
) -> [UInt8] {
    var bytes = [(final ? 0x80 : 0) | reserved | opcode]
    let mask: UInt8 = key == nil ? 0 : 0x80
    switch payload.count {
    case ..<126: bytes.append(mask | UInt8(payload.count))
    case ...0xFFFF: bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
    default: bytes += [mask | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - $0 * 8)) }
    }
    guard let key else { return bytes + payload }
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: key >> ($0 * 8)) }
    return bytes + Masking.reference(payload, key: key)
}

/// A close frame's payload.
func closeBody(_ code: UInt16, _ reason: [UInt8] = []) -> [UInt8] {
    [UInt8(code >> 8), UInt8(code & 0xFF)] + reason
}
