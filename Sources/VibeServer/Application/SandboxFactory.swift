internal import FoundationEssentials
internal import Logging
package import Sandboxes

/// Makes the sandbox provider that `VIBE_SANDBOX` names.
package enum SandboxFactory {
    /// That of the data folder, else the one that `scripts/setup` has put beside the program; it may be missing all the same.
    static func toolchain(_ configuration: ServerConfiguration) -> Toolchain {
        let data = SiteLocator.absolute(configuration.dataDirectory)
        let own = FileManager.default.fileExists(atPath: data + "/toolchain/bin/bun") ? data + "/toolchain" : nil
        let beside = SiteLocator.find(".vibe/toolchain", marker: "bin/bun", set: nil)
        return Toolchain(folder: own ?? beside.map(SiteLocator.absolute) ?? data + "/toolchain")
    }

    /// Where sandboxes live and what they run on, as absolute paths.
    ///
    /// - Throws: `ConfigurationError` when the templates are not found.
    package static func settings(_ configuration: ServerConfiguration) throws(ConfigurationError)
        -> SandboxConfiguration
    {
        let marker = "react/server/main.ts"
        guard let templates = SiteLocator.find("Templates", marker: marker, set: configuration.templateDirectory) else {
            throw ConfigurationError("The folder of sandbox templates was not found (VIBE_TEMPLATE_DIR).")
        }
        let data = SiteLocator.absolute(configuration.dataDirectory)
        var settings = SandboxConfiguration(
            dataFolder: data,
            templateFolder: SiteLocator.absolute(templates) + "/react",
            toolchain: toolchain(configuration)
        )
        settings.uids = UIDRange(configuration.sandboxUIDs)
        settings.maximumSandboxes = configuration.maximumSandboxes
        settings.limits = configuration.sandboxLimits
        settings.toolchain.bubblewrap = configuration.bubblewrap
        settings.pictureTimeout = configuration.pictureTimeout
        settings.stillFolder = SiteLocator.absolute(templates) + "/still"
        switch configuration.browser {
        case nil: settings.browser = Browser.find()
        case "off"?: break
        case let path?:
            guard let browser = Browser(path) else {
                throw ConfigurationError(
                    "VIBE_CHROMIUM is the path of a Chromium, or off; there is no program at \"\(path)\"."
                )
            }
            settings.browser = browser
        }
        return settings
    }

    /// - Throws: `ConfigurationError` when the machine lacks what it needs.
    static func provider(_ configuration: ServerConfiguration, logger: Logger) throws -> any SandboxProvider {
        let settings = try settings(configuration)
        let missing = settings.toolchain.missing(needsBubblewrap: configuration.sandbox == .bubblewrap)
        guard missing.isEmpty else { throw ConfigurationError(missing.joined(separator: "\n")) }
        if !settings.toolchain.hasParser {
            logger.warning("Names in new code are not checked", metadata: ["mend": "\(settings.toolchain.parserMend)"])
        }
        do {
            switch configuration.sandbox {
            case .bubblewrap: return try BubblewrapProvider(settings, logger: logger)
            case .process: return try ProcessProvider(settings, logger: logger)
            }
        } catch SandboxError.refused(let text), SandboxError.unavailable(let text) {
            throw ConfigurationError(text)
        } catch SandboxError.system(let operation, _, let message) {
            throw ConfigurationError("Sandboxes cannot be set up: \(operation): \(message) (VIBE_DATA_DIR)")
        }
    }
}
