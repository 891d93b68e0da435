package import Realtime

/// Limits and names of the orchestration, with their defaults.
package struct OrchestrationConfiguration: Sendable {
    /// Writes the code (`VIBE_CODE_MODEL`).
    package var codeModel = "claude-sonnet-4-6"
    /// Explains it (`VIBE_CHAT_MODEL`).
    package var chatModel = "claude-haiku-4-5-20251001"
    /// Prompts that may wait for one app; 8 by default.
    package var queueLimit = 8
    /// Generations at once; others wait as `queued`.
    ///
    /// 16 by default.
    package var maximumGenerations = 16
    /// Time for which adjacent token deltas are merged into one publication; 16 ms by default.
    package var tokenInterval: Duration = .milliseconds(16)
    /// Repairs of one generation; 2 by default.
    package var maximumRepairs = 2
    /// Output tokens of the code model; 16,384 by default.
    package var maximumCodeTokens = 16_384
    /// Output tokens of the chat model; 300 by default.
    package var maximumChatTokens = 300
    /// Characters of a prompt, 1 to this; 4,000 by default.
    package var maximumPromptCharacters = 4_000
    /// Characters of a title that somebody gives, 1 to this; 80 by default.
    package var maximumTitleCharacters = 80
    /// Sandboxes started at once after a restart; 4 by default.
    package var restartConcurrency = 4
    /// How long an app may be without visitors until it is put to sleep; 15 minutes by default, zero for ever.
    package var idleSleep: Duration = .seconds(900)
    /// Pictures of versions that are taken at once; 1 by default, 0 for no pictures.
    package var stillsAtOnce = 1
    /// How much of the past of `app:{id}` is kept; 1,024 publications, 5 minutes and 4 MiB by default.
    package var history = HistoryOptions()
    /// A preview's address with `*` for the app id (`VIBE_PREVIEW_URL`).
    package var previewURL = "http://*.vibe.localhost:8080"
    /// How people reach the pages (`VIBE_PUBLIC_URL`), without a slash at the end.
    package var publicURL = "http://localhost:8080"

    package init() {}
}
