/// What a server makes of an offer of permessage-deflate (RFC 7692 §7.1).
package enum CompressionPolicy: Sendable {
    /// Neither side keeps its window from one message to the next, so that an idle connection holds no compression memory
    /// and one compressed frame serves every receiver.
    ///
    /// An offer that limits the server's window below 15 bits is declined (RFC 7692 §7.1.2.1 allows it): the shared frame is
    /// made with the largest window, whoever receives it.
    case noContextTakeover
    /// Both sides keep their windows unless the client asks for the opposite; every window that zlib has is accepted.
    case contextTakeover
}
