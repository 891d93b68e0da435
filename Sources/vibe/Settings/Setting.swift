/// Every setting of the server: its flag, environment variable and YAML key, default, unit and meaning, in one table.
enum Setting: String, CaseIterable, Sendable {
    case host
    case port
    case publicURL
    case previewURL
    case extraHosts
    case allowedOrigins
    case embedOrigins
    case dataDirectory
    case publicDirectory
    case templateDirectory
    case anthropicKey
    case anthropicToken
    case anthropicBaseURL
    case answers
    case codeModel
    case chatModel
    case sandbox
    case sandboxUIDs
    case maximumSandboxes
    case idleSleep
    case browser
    case stillsAtOnce
    case stillTimeout
    case adminSecret
    case tokenSecret
    case authentication
    case allowOpen
    case logLevel
    case queueLimit
    case maximumGenerations
    case maximumRepairs
    case tokenInterval
    case modelRetries
    case modelIdleTimeout
    case modelConnectTimeout
    case maximumPendingBytes
    case eventLoops
    case drainWindow
    case maximumSubscriptions
    case maximumCommandRate
    case cursorRate
    case maximumConnections
    case maximumConnectionsPerAddress
    case reservedDescriptors
    case maximumFrameBytes
    case maximumMessageBytes
    case connectTimeout
    case pingInterval
    case pongTimeout
    case historyPublications
    case historySeconds
    case historyBytes
    case compression
    case compressionThreshold
    case sandboxMemory
    case sandboxTasks
    case maximumSnapshots
    case maximumSnapshotSize
    case bubblewrap

    /// What `--help` and the table of the README say.
    struct Row: Sendable {
        let environment: String
        let flag: String
        let defaultText: String
        let meaning: String
    }

    var row: Row {
        switch self {
        case .host: Row("VIBE_HOST", "127.0.0.1", "Listening address")
        case .port: Row("VIBE_PORT", "8080", "Listening port; 0 picks a free one")
        case .publicURL: Row("VIBE_PUBLIC_URL", "from host and port", "How people reach the pages")
        case .previewURL:
            Row("VIBE_PREVIEW_URL", "http://*.vibe.localhost:PORT", "Where previews answer; * is the app id")
        case .extraHosts: Row("VIBE_EXTRA_HOSTS", "none", "Further Host names answered, separated by commas")
        case .allowedOrigins:
            Row("VIBE_ALLOWED_ORIGINS", "own origin", "Further origins that may call, separated by commas")
        case .embedOrigins:
            Row("VIBE_EMBED_ORIGINS", "none", "Sites that may show apps in a frame, separated by commas; * for all")
        case .dataDirectory: Row("VIBE_DATA_DIR", ".vibe", "Folder of catalogue, sandboxes and toolchain")
        case .publicDirectory: Row("VIBE_PUBLIC_DIR", "Public beside the program", "Folder of the pages")
        case .templateDirectory:
            Row("VIBE_TEMPLATE_DIR", "Templates beside the program", "Folder of what goes into a sandbox")
        case .anthropicKey: Row("ANTHROPIC_API_KEY", "unset: the built-in simulator", "Key of the Messages API")
        case .anthropicToken: Row("ANTHROPIC_AUTH_TOKEN", "unset", "Bearer token of the Messages API")
        case .anthropicBaseURL: Row("ANTHROPIC_BASE_URL", "https://api.anthropic.com", "Address of the Messages API")
        case .answers:
            Row(
                "VIBE_ANSWER",
                "none",
                "Shapes of the simulator's first answers, separated by commas, as vibe simulate-claude --help lists them"
            )
        case .codeModel: Row("VIBE_CODE_MODEL", "claude-sonnet-4-6", "Model that writes the code")
        case .chatModel: Row("VIBE_CHAT_MODEL", "claude-haiku-4-5-20251001", "Model that explains")
        case .sandbox: Row("VIBE_SANDBOX", "bubblewrap", "bubblewrap, or process: no isolation, on loopback only")
        case .sandboxUIDs:
            Row("VIBE_SANDBOX_UIDS", "2000000000-2000065535", "User ids of sandboxes, one each, when started as root")
        case .maximumSandboxes: Row("VIBE_MAX_SANDBOXES", "64", "Sandboxes that may run at once")
        case .idleSleep:
            Row("VIBE_IDLE_SLEEP", "900", "Seconds without visitors after which an app is put to sleep; 0 for never")
        case .browser:
            Row("VIBE_CHROMIUM", "where it is found", "The Chromium that takes pictures of apps; off for none")
        case .stillsAtOnce: Row("VIBE_MAX_STILLS", "1", "Pictures of apps taken at once; 0 for none")
        case .stillTimeout: Row("VIBE_STILL_TIMEOUT", "20", "Seconds for one picture; then its browser is ended")
        case .adminSecret: Row("VIBE_ADMIN_SECRET", "unset: admin calls answer 503", "Secret of admin calls")
        case .tokenSecret: Row("VIBE_TOKEN_SECRET", "unset: tokens are ignored", "Secret of HS256 tokens (JWT)")
        case .authentication: Row("VIBE_AUTH", "open", "Who may call: open")
        case .allowOpen: Row("VIBE_ALLOW_OPEN", "0", "1 lets an open server listen beyond this machine")
        case .logLevel: Row("VIBE_LOG_LEVEL", "info", "trace, debug, info, notice, warning, error or critical")
        case .queueLimit: Row("VIBE_QUEUE_LIMIT", "8", "Prompts that may wait for one app")
        case .maximumGenerations: Row("VIBE_MAX_GENERATIONS", "16", "Generations at once; others wait as queued")
        case .maximumRepairs: Row("VIBE_MAX_REPAIRS", "2", "Repairs of one generation")
        case .tokenInterval: Row("VIBE_TOKEN_INTERVAL_MS", "16", "Milliseconds for which token deltas are merged")
        case .modelRetries: Row("VIBE_MODEL_RETRIES", "3", "Attempts after the first, before the first token")
        case .modelIdleTimeout:
            Row("VIBE_MODEL_IDLE_TIMEOUT", "60", "Seconds without a byte after which the model counts as stalled")
        case .modelConnectTimeout: Row("VIBE_MODEL_CONNECT_TIMEOUT", "10", "Seconds to reach the model")
        case .maximumPendingBytes:
            Row("VIBE_MAX_PENDING_BYTES", "1048576", "Bytes that may wait for one connection before 3008 slow")
        case .eventLoops:
            Row("VIBE_EVENT_LOOPS", "half of the cores, at least 1", "Threads that serve connections")
        case .drainWindow:
            Row("VIBE_DRAIN_WINDOW_MS", "2000", "Milliseconds over which connections are ended when the server stops")
        case .maximumSubscriptions: Row("VIBE_MAX_SUBSCRIPTIONS", "128", "Channels of one connection")
        case .maximumCommandRate: Row("VIBE_MAX_COMMANDS_PER_SECOND", "500", "Commands a second of one connection")
        case .cursorRate: Row("VIBE_CURSOR_RATE", "60", "Publications a second of one connection on cursors")
        case .maximumConnections:
            Row("VIBE_MAX_CONNECTIONS", "100000", "Connections in all, WebSockets and one-way streams; then 503")
        case .maximumConnectionsPerAddress:
            Row("VIBE_MAX_CONNECTIONS_PER_ADDRESS", "0", "Connections of one address, then 429; 0 for any number")
        case .reservedDescriptors:
            Row(
                "VIBE_RESERVED_DESCRIPTORS",
                "256",
                "Open files left to catalogue and sandboxes, at most half of the limit"
            )
        case .maximumFrameBytes: Row("VIBE_MAX_FRAME_BYTES", "65536", "Bytes of a client's WebSocket frame")
        case .maximumMessageBytes: Row("VIBE_MAX_MESSAGE_BYTES", "65536", "Bytes of a client's WebSocket message")
        case .connectTimeout: Row("VIBE_CONNECT_TIMEOUT", "10", "Seconds from the upgrade to the connect command")
        case .pingInterval: Row("VIBE_PING_INTERVAL", "25", "Seconds between pings")
        case .pongTimeout: Row("VIBE_PONG_TIMEOUT", "8", "Seconds for a pong before 3012 no pong")
        case .historyPublications:
            Row("VIBE_HISTORY_PUBLICATIONS", "1024", "Publications of an app that are kept for those who come back")
        case .historySeconds: Row("VIBE_HISTORY_SECONDS", "300", "Seconds for which they are kept")
        case .historyBytes: Row("VIBE_HISTORY_BYTES", "4194304", "Bytes of an app's publications that are kept")
        case .compression: Row("VIBE_COMPRESSION", "on", "on, or off: WebSocket messages are never compressed")
        case .compressionThreshold:
            Row("VIBE_COMPRESSION_THRESHOLD", "512", "Bytes from which a WebSocket message is compressed")
        case .sandboxMemory: Row("VIBE_SANDBOX_MEMORY_MIB", "512", "Memory of one sandbox in MiB")
        case .sandboxTasks: Row("VIBE_SANDBOX_TASKS", "128", "Processes and threads of one sandbox")
        case .maximumSnapshots: Row("VIBE_MAX_SNAPSHOTS", "20", "Snapshots of apps that are kept; the oldest goes")
        case .maximumSnapshotSize: Row("VIBE_MAX_SNAPSHOT_MIB", "64", "Size of one snapshot in MiB")
        case .bubblewrap: Row("VIBE_BUBBLEWRAP", "/usr/bin/bwrap", "The program that makes sandboxes")
        }
    }

    var environment: String { row.environment }

    /// Without the leading hyphens.
    var flag: String { row.flag }

    /// In the file of `--config`.
    var key: String { String(flag.map { $0 == "-" ? "_" : $0 }) }

    /// One line of `--help`.
    var help: String { "\(row.meaning). (\(row.environment); default: \(row.defaultText))" }
}

extension Setting.Row {
    /// The flag follows from the variable: `VIBE_DATA_DIR` is `--data-dir`.
    fileprivate init(_ environment: String, _ defaultText: String, _ meaning: String) {
        let name = environment.hasPrefix("VIBE_") ? environment.dropFirst(5) : environment[...]
        self.init(
            environment: environment,
            flag: String(name.lowercased().map { $0 == "_" ? "-" : $0 }),
            defaultText: defaultText,
            meaning: meaning
        )
    }
}
