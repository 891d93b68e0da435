internal import Claude
internal import ClaudeSimulator
internal import Logging

/// The model that answers: the one at `ANTHROPIC_BASE_URL`, or the built-in simulator on a loopback port.
///
/// With the simulator the same client speaks the same protocol; there is no second path.
struct ModelSource: Sendable {
    let model: any ModelClient
    /// To be run beside the server, and to be ended after it.
    let simulator: ClaudeSimulator?
    private let client: ClaudeClient?
    private let reservation: PortReservation?

    /// - Throws: `ConfigurationError` for a key or address that cannot be used.
    init(_ configuration: ServerConfiguration, model: (any ModelClient)?, logger: Logger) throws {
        if let model {
            self.model = model
            simulator = nil
            client = nil
            reservation = nil
            return
        }
        var settings = configuration.model
        if configuration.usesSimulator {
            let reservation = try PortReservation(host: "127.0.0.1", port: 0)
            self.reservation = reservation
            simulator = ClaudeSimulator(
                configuration: SimulatorConfiguration(port: reservation.port, answers: configuration.answers),
                logger: logger
            )
            settings.baseURL = "http://127.0.0.1:\(reservation.port)"
            settings.apiKey = Secret("simulator")
            logger.notice("No API key is set: answers come from the built-in simulator")
        } else {
            guard configuration.answers.isEmpty else {
                throw ConfigurationError("VIBE_ANSWER is for the built-in simulator, and another model answers here.")
            }
            reservation = nil
            simulator = nil
            settings.apiKey = configuration.anthropicKey
            settings.authToken = configuration.anthropicToken
            if let baseURL = configuration.anthropicBaseURL { settings.baseURL = baseURL }
        }
        do {
            let client = try ClaudeClient(configuration: settings, logger: logger)
            self.client = client
            self.model = client
        } catch let error as ClaudeConfigurationError {
            throw ConfigurationError("\(error) (ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, ANTHROPIC_BASE_URL)")
        }
    }

    /// Ends the client's requests and its thread.
    func shutdown() async {
        await client?.shutdown()
    }
}
