internal import NIOCore
@testable internal import WebSocketCodec

/// Compressed payloads: cut or whole the same, never over the limit, and what came out goes through both ways again.
enum InflateTarget {
    private static let limit = 10_000

    static func run(_ bytes: [UInt8]) {
        var input = Input(bytes)
        let flags = input.byte()
        let windowBits = 8 + Int(flags & 7)
        let pieces = input.pieces()
        let cut = inflate(pieces, windowBits)
        let whole = inflate([Array(pieces.joined())], windowBits)
        // How far back a smaller window reaches depends on the cut, see `Inflater`; what comes out does not.
        precondition(cut.error == whole.error || windowBits < 15)
        precondition(cut.error != nil || whole.error != nil || cut.output == whole.output)
        precondition(cut.output.readableBytes <= limit && cut.output.storageCapacity <= 65_536)
        guard cut.error == nil else { return }
        guard let deflater = Deflater(level: Int(flags >> 3) % 9 + 1, windowBits: max(9, windowBits)) else { return }
        for _ in 0..<2 {
            let payload = deflater.compress(CollectionOfOne(cut.output)) { Array($0) }
            guard let payload else { preconditionFailure("no more memory than the bound is needed") }
            deflater.reset()
            let again = inflate([payload], windowBits)
            precondition(again.error == nil && again.output == cut.output)
        }
    }

    private static func inflate(_ pieces: [[UInt8]], _ windowBits: Int) -> (output: ByteBuffer, error: WebSocketError?)
    {
        var output = ByteBuffer()
        guard let inflater = Inflater(windowBits: max(9, windowBits)) else { return (output, .compressionFailed) }
        for piece in pieces {
            let error = piece.withUnsafeBytes { inflater.inflate($0, into: &output, limit: limit) }
            if let error { return (output, error) }
        }
        return (output, inflater.finish(into: &output, limit: limit))
    }
}
