internal import Catalogue
internal import Realtime
internal import Sandboxes

/// A publication of `app:{id}`.
enum AppEvent: Sendable, Equatable {
    /// A message entered the history.
    case message(MessageView)
    /// The prompts that wait, all of them.
    case queue([QueueItemView])
    case generationStarted(GenerationStarted)
    case token(TokenEvent)
    case build(BuildEvent)
    case preview(PreviewView)
    case generationFinished(GenerationFinished)
    case status(AppStatus)
    /// Title or featured mark changed; `app` as in the list.
    case appChanged(AppView)
    /// What the app logged or threw in somebody's browser; nothing of it is part of the state.
    case console(ConsoleLine)

    /// What `type` says.
    enum Kind: String, Sendable, CaseIterable {
        case message, queue
        case generationStarted = "generation.started"
        case token, build, preview
        case generationFinished = "generation.finished"
        case status
        case appChanged = "app.changed"
        case console
    }

    var kind: Kind {
        switch self {
        case .message: .message
        case .queue: .queue
        case .generationStarted: .generationStarted
        case .token: .token
        case .build: .build
        case .preview: .preview
        case .generationFinished: .generationFinished
        case .status: .status
        case .appChanged: .appChanged
        case .console: .console
        }
    }
}

/// A turn begins.
struct GenerationStarted: Sendable, Equatable {
    var generation: String
    /// The prompt that it answers.
    var messageID: String
    var model: String
    var attempt: Int
}

/// Why an attempt takes the place of the one before.
enum AttemptReason: String, Sendable, Codable, CaseIterable {
    /// The code has errors, and the model mends them.
    case `repair`
    /// The answer was read anew: another of its pieces is the file.
    case reread
    /// The stream broke, and the model is asked again.
    case retry
    /// The answer left out most of the file, and the model was asked whether it meant that.
    case confirm
}

/// Pieces of the model's answers, since the last ones.
struct TokenEvent: Sendable, Equatable {
    var generation: String
    var attempt: Int
    /// Why that attempt began; `nil` for the first.
    var reason: AttemptReason?
    var parts: [TokenPart]
}

/// A piece of one stream: never splits a surrogate pair.
struct TokenPart: Sendable, Equatable {
    /// What a piece belongs to.
    enum Stream: String, Sendable, CaseIterable {
        /// The component's source.
        case code
        /// The explanation.
        case chat
    }
    var stream: Stream
    /// The file that a piece of code belongs to; `nil` for the component's.
    var path: String?
    /// UTF-16 units of the stream, or of the file, before this piece.
    var at: Int
    var text: String

    /// The file that it belongs to, named or not.
    var file: String { path ?? PromptBuilder.componentPath }

    /// Whether both belong to one text.
    func isOfText(of other: TokenPart) -> Bool {
        stream == other.stream && (stream == .chat || file == other.file)
    }
}

/// A step of the build begins, ends or fails.
struct BuildEvent: Sendable, Equatable {
    /// Where a step stands.
    enum State: String, Sendable, CaseIterable { case started, done, failed }
    /// Which repair of how many.
    struct Repair: Sendable, Equatable {
        /// From 1.
        var number: Int
        var limit: Int
    }
    var phase: Phase
    var state: State
    /// From 1; rises with each answer of the code model that takes the place of an earlier one.
    var attempt: Int
    /// Why that attempt began; `nil` for the first.
    var reason: AttemptReason?
    /// Which repair this is; only of `repairing`.
    var repair: Repair?
    /// RFC 3339 UTC with milliseconds.
    var startedAt: String
    /// Milliseconds since the step began.
    var elapsed: Int
    /// Why it failed, or waits.
    var error: Meaning?
    /// Milliseconds until the model is asked again.
    var retryIn: Int?
    var errors: [BuildError] = []
    /// Whether the code is served although its names could not be checked; only of `bundling`.
    var isUnchecked = false
}

/// Where the preview of which version is seen.
struct PreviewView: Sendable, Equatable {
    var url: String
    var version: Int
}

/// A turn ended.
struct GenerationFinished: Sendable, Equatable {
    /// How a turn ended.
    enum Outcome: String, Sendable, CaseIterable {
        case succeeded
        /// The model wrote no code but an answer, which is the assistant message.
        case answered
        case failed, stopped, interrupted
    }
    var generation: String
    var outcome: Outcome
    /// Who stopped it: a user's id or name.
    var stoppedBy: String?
    var version: Int?
    var inputTokens: Int
    var outputTokens: Int
    /// Why there is no version; `nil` for a stop and an answer.
    var error: Meaning?
}
