/// Whether and how a server compresses (RFC 7692).
package struct CompressionOptions: Sendable, Equatable {
    /// Whether permessage-deflate is accepted where a client offers it; `true` by default.
    package var isEnabled = true
    /// Messages with fewer bytes go uncompressed; 512 by default.
    ///
    /// A small message saves little, and a single TCP segment carries it either way.
    package var threshold = 512
    /// zlib's level, from 1 (fastest) to 9 (smallest); 1 by default.
    package var level = 1

    package init() {}
}
