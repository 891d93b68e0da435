internal import ArgumentParser
internal import ClaudeSimulator
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

/// `vibe simulate-claude`: the Messages API with a rehearsed model, on a port of its own.
struct SimulateClaudeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate-claude",
        abstract: "Speak Claude's Messages API with a rehearsed model.",
        discussion: """
            Answers POST /v1/messages, plain and streaming, with working React components and short replies, without any \
            account. Equal requests get equal answers.

            Faults hit the first COUNT requests, or all without a count: 429, 529, 500, drop-mid-stream, stall, max-tokens, \
            bad-component. bad-component counts code requests; without a count it spoils the first code answer of each \
            conversation.

            Answers give the first answers with code the shapes that those of real models have, one after the other: \
            \(AnswerShape.allCases.map(\.rawValue).joined(separator: ", ")). elision, elision-jsx and shrink change the file \
            that an app has already.
            """
    )

    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 picks a free one.")
    var port = 0

    @Option(help: "Tokens a second and stream, up to 1000000; 0 is as fast as possible.")
    var tokensPerSecond = 120.0

    @Option(help: ArgumentHelp("A fault, as 429:2; may be given several times.", valueName: "name[:count]"))
    var fault: [Fault] = []

    @Option(help: ArgumentHelp("The shape of an answer; may be given several times.", valueName: "name"))
    var answer: [AnswerShape] = []

    @Option(help: "Equal seeds give equal answers.")
    var seed: UInt64 = 0

    @Option(help: "The one API key or token that is taken; any without it.")
    var apiKey: String?

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port must be between 0 and 65535.") }
        guard tokensPerSecond.isFinite, (0...1_000_000).contains(tokensPerSecond) else {
            throw ValidationError("--tokens-per-second must be between 0 and 1000000.")
        }
    }

    func run() async throws {
        var logger = Logger(label: "vibe.simulator") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .notice
        let host = host
        let simulator = ClaudeSimulator(
            configuration: .init(
                host: host,
                port: port,
                tokensPerSecond: tokensPerSecond,
                faults: fault,
                answers: answer,
                seed: seed,
                apiKey: apiKey
            ),
            logger: logger,
            onServerRunning: { port in
                print("listening on http://\(host):\(port)")
                fflush(nil)
            }
        )
        let group = ServiceGroup(
            configuration: .init(
                services: [simulator],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }
}

extension AnswerShape: ExpressibleByArgument {}

extension Fault: ExpressibleByArgument {
    init?(argument: String) {
        self.init(argument)
    }

    static var allValueStrings: [String] { Kind.allCases.map(\.rawValue) }
}
