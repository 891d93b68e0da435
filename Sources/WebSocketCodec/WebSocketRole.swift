/// Which side of a connection reads or writes; it decides who masks (RFC 6455 §5.1).
package enum WebSocketRole: Sendable {
    /// Takes masked frames only, and writes unmasked ones.
    case server
    /// Takes unmasked frames only, and writes masked ones.
    case client
}
