/// Cuts an input as its first bytes say, so that libFuzzer chooses where a socket would have cut it.
struct Input {
    private(set) var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    /// The next byte, or 0 at the end.
    mutating func byte() -> UInt8 {
        bytes.popFirst() ?? 0
    }

    /// The rest in pieces of the lengths that four of its bytes give, over and over.
    mutating func pieces() -> [[UInt8]] {
        let lengths = (0..<4).map { _ in Int(byte() % 33) + 1 }
        var pieces: [[UInt8]] = []
        var rest = bytes
        while !rest.isEmpty {
            let piece = rest.prefix(lengths[pieces.count % 4])
            pieces.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}
