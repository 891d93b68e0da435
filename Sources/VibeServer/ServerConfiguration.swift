package import Claude
package import ClaudeSimulator
internal import NIOCore
package import Orchestration
package import Realtime
package import Sandboxes

/// Everything that can be set, checked and typed; the command line target fills it from flags, environment and file.
package struct ServerConfiguration: Sendable {
    /// How sandboxes are kept apart (`VIBE_SANDBOX`).
    package enum SandboxKind: String, Sendable, CaseIterable { case bubblewrap, process }
    /// Who may call (`VIBE_AUTH`).
    package enum Authentication: String, Sendable, CaseIterable { case open, required }

    /// Listening address (`VIBE_HOST`, `VIBE_PORT`); port 0 picks a free one.
    package var host = "127.0.0.1"
    package var port = 8080
    /// How people reach the pages (`VIBE_PUBLIC_URL`); from host and port when `nil`.
    package var publicURL: String?
    /// Where previews answer, with `*` for the app id (`VIBE_PREVIEW_URL`); below `vibe.localhost` when `nil`.
    package var previewURL: String?
    /// Further `Host` names (`VIBE_EXTRA_HOSTS`) and origins (`VIBE_ALLOWED_ORIGINS`).
    package var extraHosts: [String] = []
    package var allowedOrigins: [String] = []
    /// Origins of sites that may show apps in a frame, or `*` (`VIBE_EMBED_ORIGINS`).
    package var embedOrigins: [String] = []
    /// Catalogue, sandboxes' folders, toolchain (`VIBE_DATA_DIR`).
    package var dataDirectory = ".vibe"
    /// The folder of pages; found beside the program or in the working directory when `nil`.
    package var publicDirectory: String?
    /// The folder of sandbox templates; found likewise when `nil`.
    package var templateDirectory: String?

    /// `ANTHROPIC_API_KEY`, `ANTHROPIC_AUTH_TOKEN`, `ANTHROPIC_BASE_URL`.
    package var anthropicKey: Secret?
    package var anthropicToken: Secret?
    package var anthropicBaseURL: String?
    /// Shapes of the simulator's first answers (`VIBE_ANSWER`).
    package var answers: [AnswerShape] = []
    /// `VIBE_CODE_MODEL`, `VIBE_CHAT_MODEL`.
    package var codeModel = "claude-sonnet-4-6"
    package var chatModel = "claude-haiku-4-5-20251001"

    /// `VIBE_SANDBOX`.
    package var sandbox = SandboxKind.bubblewrap
    /// `VIBE_SANDBOX_UIDS`: one for each sandbox when started as root.
    package var sandboxUIDs: ClosedRange<UInt32> = 2_000_000_000...2_000_065_535
    /// `VIBE_MAX_SANDBOXES`: sandboxes that may run at once.
    package var maximumSandboxes = 64

    /// `VIBE_CHROMIUM`: the browser that takes pictures; looked for when `nil`, none when `off`.
    package var browser: String?
    /// For one picture; then its browser is ended.
    package var pictureTimeout = Duration.seconds(20)

    /// `VIBE_ADMIN_SECRET`; admin calls answer 503 without.
    package var adminSecret: Secret?
    /// `VIBE_TOKEN_SECRET`: key of HS256 tokens; without it tokens are ignored.
    package var tokenSecret: Secret?
    /// `VIBE_AUTH`, `VIBE_ALLOW_OPEN`.
    package var authentication = Authentication.open
    package var allowOpen = false

    /// Limits of the parts; names and addresses in them are filled in from the settings above.
    package var orchestration = OrchestrationConfiguration()
    package var model = ClaudeConfiguration()
    package var hub: HubOptions = {
        var options = HubOptions()
        options.maximumPublicationsPerSecond = 60
        return options
    }()
    package var connections = ConnectionLimits()
    /// `VIBE_EVENT_LOOPS`: threads that serve connections; half as many as there are cores by default, at least one.
    ///
    /// More of them wake each other for every publication, and the other half is wanted by apps, models and the catalogue.
    package var eventLoops = max(1, System.coreCount / 2)
    /// Deadlines and limits before an upgrade, and compression (`VIBE_COMPRESSION`, `VIBE_COMPRESSION_THRESHOLD`).
    package var upgrade = UpgradeOptions()
    package var sandboxLimits = SandboxLimits()
    /// `VIBE_MAX_SNAPSHOTS`, `VIBE_MAX_SNAPSHOT_MIB`.
    package var snapshots = ArchiveLimits()
    /// The program that makes sandboxes (`VIBE_BUBBLEWRAP`).
    package var bubblewrap = "/usr/bin/bwrap"

    package init() {}

    /// Whether the built-in simulator answers: no key, no token and no other service are set.
    package var usesSimulator: Bool { anthropicKey == nil && anthropicToken == nil && anthropicBaseURL == nil }
}
