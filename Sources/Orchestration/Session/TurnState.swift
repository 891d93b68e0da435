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
    /// Why there is no explanation.
    var chatFailed = false
    /// Resolved after `generation.finished` was published.
    let done = OneShot<Void>()
    /// Resolved when the explanation has ended, whichever way.
    let chatDone = OneShot<Void>()

    /// From 1; rises with each answer of the code model that takes the place of an earlier one.
    private(set) var attempt = 1
    /// Repairs that have begun.
    private(set) var repairs = 0
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
        return TokenEvent(generation: record.id, attempt: attempt, parts: parts)
    }

    /// Begins a repair.
    ///
    /// All tokens must have been taken.
    mutating func beginRepair() {
        if !code.text.isEmpty { earlierCode = code.text }
        code = StreamedText()
        repairs += 1
        attempt += 1
        record.attempt = attempt
    }

    /// The repair that it is in; `nil` before the first.
    func repair(limit: Int) -> BuildEvent.Repair? {
        repairs > 0 ? BuildEvent.Repair(number: repairs, limit: limit) : nil
    }
}
