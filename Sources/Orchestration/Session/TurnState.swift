internal import Catalogue
internal import Claude

/// One turn while it runs: a prompt, its texts so far, its steps, and how it shall end.
///
/// No I/O.
struct TurnState: Sendable {
    /// Why a turn ends before its work is done.
    enum Ending: Sendable, Equatable {
        /// Somebody pressed stop.
        case stopped(by: Person)
        /// The app is ended.
        case terminated
        /// The server ends.
        case interrupted
    }

    let prompt: PromptRecord
    /// As stored; outcome and figures are filled in at the end.
    var record: GenerationRecord
    var steps = BuildSteps()
    var usage = TokenUsage()
    /// Why the work was cancelled; the first reason counts.
    var ending: Ending?
    /// Whether the result is being stored: nothing can stop the turn now.
    var isSettling = false
    /// Sandboxes that died in this turn.
    var sandboxDeaths = 0
    /// Whether the sandbox was given code that is not the newest version's.
    var didEdit = false
    /// What the model said when it would not answer.
    var refusal: String?
    /// Why there is no explanation.
    var chatFailed = false
    /// Resolved after `generation.finished` was published.
    let done = OneShot<Void>()
    /// Resolved when the explanation has ended, whichever way.
    let chatDone = OneShot<Void>()

    /// From 1; rises with each text of the file that takes the place of an earlier one.
    private(set) var attempt = 1
    /// Why the attempt began; `nil` for the first.
    private(set) var reason: AttemptReason?
    /// Repairs that have begun.
    private(set) var repairs = 0
    /// Whether a stream that broke was asked for again.
    private(set) var hasRetried = false
    /// Whether the model was asked about a file that lost most of its lines.
    private(set) var hasConfirmed = false
    private var code = StreamedText()
    private var chat = StreamedText()
    /// What is not published yet, and where it begins.
    private var pendingCode = StreamedText()
    private var pendingChat = StreamedText()
    /// The code of the attempt before, as long as the new one has none.
    private var earlierCode = ""

    /// When it began.
    let began: Duration
    private var hasTokens = false

    /// Begins a turn at a time of the clock that measures.
    init(prompt: PromptRecord, record: GenerationRecord, began: Duration) {
        self.prompt = prompt
        self.record = record
        self.began = began
    }

    /// How long the first text took; `nil` when it had come before.
    mutating func waitedForFirstToken(at now: Duration) -> Duration? {
        guard !hasTokens else { return nil }
        hasTokens = true
        return now - began
    }

    /// The file so far.
    var codeText: String { code.text }
    /// The explanation so far.
    var chatText: String { chat.text }
    /// The code to keep when the turn fails; `nil` when none came.
    var partialCode: String? {
        let text = code.text.isEmpty ? earlierCode : code.text
        return text.isEmpty ? nil : text
    }

    /// Takes in a piece of a stream.
    mutating func append(_ text: String, to stream: TokenPart.Stream) {
        guard !text.isEmpty else { return }
        switch stream {
        case .code:
            code.append(text)
            pendingCode.append(text)
        case .chat:
            chat.append(text)
            pendingChat.append(text)
        }
    }

    /// What has come since the last call, as one publication; `nil` when nothing has.
    mutating func takeTokens() -> TokenEvent? {
        var parts: [TokenPart] = []
        if pendingCode.units > 0 {
            parts.append(TokenPart(stream: .code, at: code.units - pendingCode.units, text: pendingCode.text))
        }
        if pendingChat.units > 0 {
            parts.append(TokenPart(stream: .chat, at: chat.units - pendingChat.units, text: pendingChat.text))
        }
        guard !parts.isEmpty else { return nil }
        pendingCode = StreamedText()
        pendingChat = StreamedText()
        return TokenEvent(generation: record.id, attempt: attempt, reason: reason, parts: parts)
    }

    /// Begins the next attempt, whose code takes the place of what there is.
    ///
    /// Code that was not published yet never is.
    mutating func beginAttempt(_ reason: AttemptReason) {
        if !code.text.isEmpty { earlierCode = code.text }
        code = StreamedText()
        pendingCode = StreamedText()
        attempt += 1
        record.attempt = attempt
        self.reason = reason
        switch reason {
        case .repair: repairs += 1
        case .retry: hasRetried = true
        case .confirm: hasConfirmed = true
        case .reread: break
        }
    }

    /// Begins the file anew, because the answer was read anew.
    ///
    /// - Returns: the attempt that this begins; `nil` when nothing of the code was published, so that nobody need be told.
    mutating func restartCode() -> Int? {
        guard pendingCode.units < code.units else {
            code = StreamedText()
            pendingCode = StreamedText()
            return nil
        }
        beginAttempt(.reread)
        return attempt
    }

    /// Shows a file of an earlier attempt in place of what this one has.
    mutating func showAgain(_ text: String) {
        if !code.text.isEmpty { _ = restartCode() }
        append(text, to: .code)
    }

    /// The repair that it is in; `nil` before the first.
    func repair(limit: Int) -> BuildEvent.Repair? {
        repairs > 0 ? BuildEvent.Repair(number: repairs, limit: limit) : nil
    }
}
