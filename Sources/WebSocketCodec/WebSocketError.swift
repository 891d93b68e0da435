/// Why a peer's bytes end the connection; each maps to the close code it is answered with (RFC 6455 §7.4.1).
package enum WebSocketError: Error, Sendable, Equatable {
    /// The peer broke the protocol; the text says how, for the log.
    case protocolViolation(String)
    /// A text message or close reason was not UTF-8 (RFC 6455 §8.1).
    case invalidUTF8
    /// A frame or message is longer than the limits, or has too many fragments.
    case tooLarge
    /// A compressed message is not whole, sound DEFLATE data (RFC 7692 §7.2.2).
    case invalidDeflateData
    /// zlib had no memory.
    case compressionFailed

    /// 1002, 1007, 1009 or 1011.
    package var closeCode: UInt16 {
        switch self {
        case .protocolViolation: 1002
        case .invalidUTF8, .invalidDeflateData: 1007
        case .tooLarge: 1009
        case .compressionFailed: 1011
        }
    }
}
