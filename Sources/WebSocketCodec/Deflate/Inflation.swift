/// Where a connection's inflaters come from: its own where the sender keeps its window, else one for each message.
struct Inflation {
    /// Without takeover nothing is held between messages.
    ///
    /// As many as cores can be inflating at once, roughly; 40 KiB each.
    private static let spares = SparePool<Inflater>(limit: 8)

    private let keepsContext: Bool
    private let windowBits: Int
    private var kept: Inflater?

    /// - Parameters:
    ///   - parameters: What was negotiated.
    ///   - sender: The side whose messages are inflated.
    init(_ parameters: CompressionParameters, sender: WebSocketRole) {
        let direction = parameters.direction(from: sender)
        keepsContext = direction.keepsContext
        // Senders whose zlib cannot do 8 use 9 in its place.
        windowBits = max(9, direction.windowBits)
    }

    /// The inflater for the message that begins.
    ///
    /// - Throws: `compressionFailed` when zlib has no memory.
    mutating func begin() throws(WebSocketError) -> Inflater {
        if let kept { return kept }
        guard keepsContext else {
            guard let inflater = Self.spares.take() ?? Inflater(windowBits: 15) else { throw .compressionFailed }
            return inflater
        }
        guard let inflater = Inflater(windowBits: windowBits) else { throw .compressionFailed }
        kept = inflater
        return inflater
    }

    /// The message has ended soundly.
    func end(_ inflater: Inflater) {
        guard !keepsContext else { return }
        inflater.reset()
        Self.spares.give(inflater)
    }
}
