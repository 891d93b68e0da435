/// What the simulator listens on and how it behaves.
package struct SimulatorConfiguration: Sendable {
    /// The address to bind; a loopback address unless somebody asks otherwise.
    package var host: String
    /// The port to bind; 0 picks a free one.
    package var port: Int
    /// Output tokens a second and stream, 0 to 1,000,000; 0 is as fast as the reader takes them.
    package var tokensPerSecond: Double
    /// Faults in the order in which they are used up.
    package var faults: [Fault]
    /// Shapes of the first answers with code, in order; those after the last are as they should be.
    package var answers: [AnswerShape]
    /// Equal seeds give equal answers to equal requests.
    package var seed: UInt64
    /// The one key or token that is taken; `nil` for any.
    package var apiKey: String?

    /// Creates a configuration; a rate out of range is moved to the nearest end of it.
    package init(
        host: String = "127.0.0.1",
        port: Int = 0,
        tokensPerSecond: Double = 120,
        faults: [Fault] = [],
        answers: [AnswerShape] = [],
        seed: UInt64 = 0,
        apiKey: String? = nil
    ) {
        self.host = host
        self.port = port
        self.tokensPerSecond = tokensPerSecond.isFinite ? min(max(tokensPerSecond, 0), 1_000_000) : 0
        self.faults = faults
        self.answers = answers
        self.seed = seed
        self.apiKey = apiKey
    }
}
