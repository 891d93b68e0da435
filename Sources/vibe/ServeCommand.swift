internal import ArgumentParser
internal import Foundation
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import UnixSignals
internal import VibeServer

/// Runs the server until SIGTERM or SIGINT.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server.",
        discussion: """
            Every setting is a flag, an environment variable and a key of the YAML file given with --config (the flag's name \
            with underscores). A flag beats the environment, which beats the file. One line on standard output says when and \
            where the server listens; logs go to standard error.
            """
    )

    @Option(help: "YAML file of settings.") var config: String?
    @OptionGroup(title: "Settings") var flags: SettingFlags

    func run() async throws {
        OpenSSLLifetime.outlastsExitHandlers()
        do {
            let file = try config.map(SettingsFile.read) ?? [:]
            let environment = ProcessInfo.processInfo.environment
            let settings = Settings(flags: flags.values, environment: environment, file: file)
            let level = try settings.logLevel()
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = level
                return handler
            }
            try await serve(settings.configuration())
        } catch let error as ConfigurationError {
            try FileHandle.standardError.write(contentsOf: Data("vibe: \(error)\n".utf8))
            throw ExitCode(1)
        }
    }

    private func serve(_ configuration: ServerConfiguration) async throws {
        NIOSingletons.groupLoopCountSuggestion = configuration.eventLoops
        let logger = Logger(label: "vibe")
        DescriptorLimit.raise()
        let application = try VibeServerApplication(configuration: configuration, logger: logger) { address in
            do {
                try FileHandle.standardOutput.write(contentsOf: Data("listening on \(address)\n".utf8))
            } catch {
                logger.warning("Standard output is closed", metadata: ["error.type": "\(type(of: error))"])
            }
        }
        var group = ServiceGroupConfiguration(
            services: [application],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        group.maximumGracefulShutdownDuration = .seconds(8)
        try await ServiceGroup(configuration: group).run()
    }
}
