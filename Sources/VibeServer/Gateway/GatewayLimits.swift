package import NIOCore

/// What a sandbox's dev server may take and send before an exchange ends.
package struct GatewayLimits: Sendable {
    /// Time to connect; 2 s by default.
    package var connectTimeout: TimeAmount = .seconds(2)
    /// Time from the request to the response's head; 30 s by default (a first bundle can be slow).
    package var headTimeout: TimeAmount = .seconds(30)
    /// Time between two parts of a response's body; 60 s by default.
    package var idleTimeout: TimeAmount = .seconds(60)
    /// Bytes of one header field, name and value; 16 KiB by default.
    package var maximumFieldBytes = 16_384
    /// Bytes of a response's head; 64 KiB by default.
    package var maximumHeadBytes = 65_536
    /// Fields of a response's head; 128 by default.
    package var maximumFields = 128

    package init() {}
}
