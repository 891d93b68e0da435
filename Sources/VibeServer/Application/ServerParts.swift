package import Claude
package import NIOCore
package import Sandboxes

/// Parts that a test brings itself; what is `nil` is made from the configuration.
package struct ServerParts: Sendable {
    /// Instead of `ClaudeClient` and the built-in simulator.
    package var model: (any ModelClient)?
    /// Instead of the provider that `VIBE_SANDBOX` names.
    package var sandboxes: (any SandboxProvider)?
    /// Instead of the machine's clock, for when the files of pages were last looked at.
    package var pageClock: (@Sendable () -> NIODeadline)?

    package init(
        model: (any ModelClient)? = nil,
        sandboxes: (any SandboxProvider)? = nil,
        pageClock: (@Sendable () -> NIODeadline)? = nil
    ) {
        self.model = model
        self.sandboxes = sandboxes
        self.pageClock = pageClock
    }
}
