internal import ArgumentParser
internal import Catalogue
internal import Foundation
internal import Sandboxes
internal import VibeServer

/// Checks what the machine lacks, one line each with the mend.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what this machine lacks, one line each with the mend.",
        discussion: "Takes the settings of `vibe serve`. Ends with 1 when something is lacking that the server needs."
    )

    @Option(help: "YAML file of settings.") var config: String?
    @OptionGroup(title: "Settings") var flags: SettingFlags

    func run() async throws {
        let configuration: ServerConfiguration
        let sandboxes: SandboxConfiguration
        do {
            let file = try config.map(SettingsFile.read) ?? [:]
            let environment = ProcessInfo.processInfo.environment
            configuration = try Settings(flags: flags.values, environment: environment, file: file).configuration()
            sandboxes = try SandboxFactory.settings(configuration)
        } catch let error as ConfigurationError {
            print("lacking  settings: \(error)")
            throw ExitCode(1)
        }
        var isWell = true
        for check in await SandboxDoctor.checks(sandboxes, isIsolated: configuration.sandbox == .bubblewrap) {
            isWell = isWell && check.isOK
            report(check.name, check.isOK, check.finding, mend: check.mend)
        }
        report("browser", true, browserFinding(sandboxes, configuration))
        isWell = checkDataFolder(configuration.dataDirectory) && isWell
        report("sqlite", true, try SQLiteCatalogue.libraryVersion())
        report(
            "model",
            true,
            configuration.usesSimulator
                ? "no API key: the built-in simulator answers (set ANTHROPIC_API_KEY for Claude)"
                : "a key or an address is set"
        )
        if !isWell { throw ExitCode(1) }
    }

    private func report(_ name: String, _ isOK: Bool, _ finding: String, mend: String = "") {
        print("\(isOK ? "ok      " : "lacking ") \(name): \(finding)\(mend.isEmpty ? "" : "; \(mend)")")
    }

    /// Never lacking: cards without pictures have drawn covers.
    private func browserFinding(_ sandboxes: SandboxConfiguration, _ configuration: ServerConfiguration) -> String {
        guard configuration.sandbox == .bubblewrap else { return "no pictures of apps without isolation" }
        guard let browser = sandboxes.browser else {
            return "no Chromium, so no pictures of apps (apt-get install chromium-headless-shell, or set VIBE_CHROMIUM)"
        }
        return "\(browser.program) takes pictures of apps"
    }

    private func checkDataFolder(_ folder: String) -> Bool {
        let files = FileManager.default
        var parent = URL(fileURLWithPath: folder).standardizedFileURL
        while !files.fileExists(atPath: parent.path), parent.path != "/" { parent.deleteLastPathComponent() }
        let isWritable = files.isWritableFile(atPath: parent.path)
        report(
            "data folder",
            isWritable,
            isWritable ? "\(folder) can be written" : "\(parent.path) cannot be written",
            mend: isWritable ? "" : "choose another with VIBE_DATA_DIR, or change its owner"
        )
        return isWritable
    }
}
