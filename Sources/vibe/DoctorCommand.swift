internal import ArgumentParser

/// Checks what the machine lacks, one line each with the mend.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check what this machine lacks, one line each with the mend."
    )

    func run() async throws {}
}
