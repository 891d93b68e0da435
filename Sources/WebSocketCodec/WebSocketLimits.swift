/// What a peer may send before the connection ends with 1009.
package struct WebSocketLimits: Sendable, Equatable {
    /// Bytes of one frame's payload; 64 KiB by default.
    package var maximumFrameBytes: Int
    /// Bytes of one whole message; 64 KiB by default.
    package var maximumMessageBytes: Int
    /// Fragments of one message; 1,024 by default.
    package var maximumFragments: Int

    package init(maximumFrameBytes: Int = 65_536, maximumMessageBytes: Int = 65_536, maximumFragments: Int = 1_024) {
        self.maximumFrameBytes = maximumFrameBytes
        self.maximumMessageBytes = maximumMessageBytes
        self.maximumFragments = maximumFragments
    }
}
