import NIOCore
import Testing

@testable import WebSocketCodec

/// A sender that keeps its window unless told otherwise: what it writes is the payload of compressed messages.
struct Compressing {
    let deflater: Deflater
    let keepsContext: Bool

    init(_ parameters: CompressionParameters, sender: WebSocketRole = .client, level: Int = 6) throws {
        let direction = parameters.direction(from: sender)
        deflater = try #require(Deflater(level: level, windowBits: max(9, direction.windowBits)))
        keepsContext = direction.keepsContext
    }

    func payload(_ message: [UInt8]) throws -> [UInt8] {
        defer { if !keepsContext { deflater.reset() } }
        return try #require(deflater.compress([ByteBuffer(bytes: message)]) { Array($0) })
    }
}

/// The four parameters in a row.
func parameters(
    serverTakeover: Bool = true,
    clientTakeover: Bool = true,
    serverBits: Int? = nil,
    clientBits: Int? = nil
) -> CompressionParameters {
    var parameters = CompressionParameters()
    parameters.serverNoContextTakeover = !serverTakeover
    parameters.clientNoContextTakeover = !clientTakeover
    parameters.serverWindowBits = serverBits
    parameters.clientWindowBits = clientBits
    return parameters
}

/// A compressed message cut into fragments.
func compressedFrames(_ opcode: UInt8, _ payload: [UInt8], in fragments: [[UInt8]]? = nil) -> [UInt8] {
    let fragments = fragments ?? [payload]
    return fragments.enumerated().flatMap { index, fragment in
        frame(
            index == 0 ? opcode : 0,
            fragment,
            final: index == fragments.count - 1,
            reserved: index == 0 ? 0x40 : 0
        )
    }
}
