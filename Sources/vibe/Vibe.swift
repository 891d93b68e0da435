internal import ArgumentParser

/// The command line: `vibe serve` is what most people need.
@main
struct Vibe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vibe",
        abstract: "Turns a sentence into a running web app while everybody watches.",
        subcommands: [ServeCommand.self, DoctorCommand.self, SimulateClaudeCommand.self]
    )
}
