/// Where sandboxes live, what they run on, and what each may use.
package struct SandboxConfiguration: Sendable {
    /// The server's data folder; apps lie in `sandboxes/` below it.
    package var dataFolder: String
    /// The folder that goes into each sandbox read-only: `Templates/react` of the repository.
    package var templateFolder: String
    package var toolchain: Toolchain
    /// Host user ids, one a sandbox; used only when the server runs as root.
    package var uids = UIDRange(2_000_000_000...2_000_065_535)
    package var limits = SandboxLimits()
    /// How long a start may take until the first heartbeat.
    package var startTimeout = Duration.seconds(15)
    /// How long an edit may take.
    package var editTimeout = Duration.seconds(15)
    package var heartbeatTimeout = Duration.seconds(2)
    /// How long processes that were killed may take to be gone.
    package var stopTimeout = Duration.seconds(5)
    /// Sandboxes at a time (`VIBE_MAX_SANDBOXES`).
    package var maximumSandboxes = 64

    /// The Chromium that takes pictures; `nil` for none.
    package var browser: Browser?
    /// What one picture's browser may use.
    package var browserLimits = SandboxLimits.browser
    /// The folder with what drives it, which goes into its sandbox read-only: `Templates/still` of the repository.
    package var stillFolder = ""
    /// How long a picture may take.
    package var pictureTimeout = Duration.seconds(20)
    /// Bytes of a picture.
    package var maximumPictureBytes = 2 << 20

    package init(dataFolder: String, templateFolder: String, toolchain: Toolchain) {
        self.dataFolder = dataFolder
        self.templateFolder = templateFolder
        self.toolchain = toolchain
    }

    /// The usual layout: the toolchain lies in the data folder, where `scripts/setup-toolchain` puts it.
    package init(dataFolder: String, templateFolder: String) {
        self.init(
            dataFolder: dataFolder,
            templateFolder: templateFolder,
            toolchain: Toolchain(folder: dataFolder + "/toolchain")
        )
    }
}
