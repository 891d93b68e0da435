internal import Logging
internal import Sandboxes

/// Makes the sandbox provider that `VIBE_SANDBOX` names.
enum SandboxFactory {
    /// - Throws: `ConfigurationError` when the machine lacks what it needs.
    static func provider(_ configuration: ServerConfiguration, logger: Logger) throws -> any SandboxProvider {
        throw ConfigurationError("No sandbox provider is built in.")
    }
}
