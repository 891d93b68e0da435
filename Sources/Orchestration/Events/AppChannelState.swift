internal import Catalogue
internal import Realtime
internal import Sandboxes

/// What is known of one app: the fold of all publications of `app:{id}`, from which late joiners get their snapshot.
struct AppChannelState: Sendable, Equatable {
    /// A step of the newest build.
    struct Step: Sendable, Equatable {
        var phase: Phase
        var state: BuildEvent.State
        var startedAt: String
        /// Milliseconds; final once the step is over.
        var elapsed: Int
        var attempt: Int
        /// Why that attempt began.
        var reason: AttemptReason?
        /// Which repair this is.
        var repair: BuildEvent.Repair?
        /// Why it failed, or waits.
        var error: Meaning?
        /// Milliseconds until the model is asked again.
        var retryIn: Int?
        /// Whether the code is served although its names could not be checked.
        var isUnchecked = false
    }

    /// The generation that runs, with its texts so far.
    struct Generation: Sendable, Equatable {
        var id: String
        var messageID: String
        /// The attempt to which the code belongs.
        var attempt: Int
        /// Why that attempt began.
        var reason: AttemptReason?
        /// Of each file its path and text.
        var code: [String: StreamedText] = [:]
        var chat = StreamedText()

        /// Applies a piece of code; a gap changes nothing.
        mutating func apply(_ part: TokenPart) {
            guard part.at == 0 || code[part.file] != nil else { return }
            code[part.file, default: StreamedText()].apply(part.text, at: part.at)
        }
    }

    /// Messages that a snapshot holds at most.
    static let messageLimit = 100

    private(set) var app: AppView
    /// The newest, oldest first.
    private(set) var messages: [MessageView]
    /// Whether there are older messages.
    private(set) var more: Bool
    private(set) var queue: [QueueItemView]
    private(set) var generation: Generation?
    private(set) var steps: [Step] = []
    private(set) var errors: [BuildError] = []
    private(set) var preview: PreviewView?
    /// The attempt of the step that gave the phase.
    private var phaseAttempt = 0

    /// The state with which a channel opens.
    init(
        app: AppView,
        messages: [MessageView],
        more: Bool,
        queue: [QueueItemView],
        errors: [BuildError] = [],
        preview: PreviewView?
    ) {
        self.app = app
        self.messages = messages
        self.more = more
        self.queue = queue
        self.errors = errors
        self.preview = preview
    }

    /// The running generation as it is shown.
    var generationView: GenerationView? {
        generation.map { generation in
            GenerationView(
                id: generation.id,
                messageID: generation.messageID,
                attempt: generation.attempt,
                reason: generation.reason,
                phase: app.phase,
                texts: GenerationView.Texts(
                    code: generation.code.mapValues(\.text).filter { !$0.value.isEmpty },
                    chat: generation.chat.text
                )
            )
        }
    }
}

extension AppChannelState: ChannelState {
    mutating func fold(_ event: AppEvent) {
        switch event {
        case .token(let event): fold(event)
        case .message(let message): fold(message)
        case .queue(let items): queue = items
        case .generationStarted(let event):
            generation = Generation(id: event.generation, messageID: event.messageID, attempt: event.attempt)
            steps = []
            errors = []
            app.phase = .queued
            phaseAttempt = event.attempt
        case .build(let event): fold(event)
        case .preview(let preview):
            self.preview = preview
            app.versions = max(app.versions, preview.version)
        case .generationFinished(let event):
            guard generation?.id == event.generation else { return }
            generation = nil
            if let version = event.version { app.versions = max(app.versions, version) }
        case .status(let status): app.status = status
        case .appChanged(let changed):
            app.title = changed.title
            app.isFeatured = changed.isFeatured
            app.still = changed.still
        case .console: break
        }
    }

    /// As clients apply parts: a higher attempt empties the code, a lower one is ignored, an overlap is dropped.
    private mutating func fold(_ event: TokenEvent) {
        guard generation?.id == event.generation, let held = generation?.attempt, event.attempt >= held else { return }
        if event.attempt > held {
            generation?.attempt = event.attempt
            generation?.reason = event.reason
            generation?.code = [:]
        }
        for part in event.parts {
            switch part.stream {
            case .code: generation?.apply(part)
            case .chat: generation?.chat.apply(part.text, at: part.at)
            }
        }
    }

    private mutating func fold(_ message: MessageView) {
        messages.append(message)
        if messages.count > Self.messageLimit {
            messages.removeFirst(messages.count - Self.messageLimit)
            more = true
        }
        app.updatedAt = max(app.updatedAt, message.createdAt)
        if let version = message.version { app.versions = max(app.versions, version) }
        guard message.type == "user" else { return }
        if let index = app.authors.firstIndex(where: { $0.userID == message.userID }) {
            app.authors[index].name = message.name
        } else {
            app.authors.append(AuthorView(userID: message.userID, name: message.name))
        }
    }

    private mutating func fold(_ event: BuildEvent) {
        // Outside of a turn a build is a waking: its steps take the place of the last turn's.
        if generation == nil, event.phase == .sandbox, event.state == .started { steps = [] }
        let step = Step(
            phase: event.phase,
            state: event.state,
            startedAt: event.startedAt,
            elapsed: event.elapsed,
            attempt: event.attempt,
            reason: event.reason,
            repair: event.repair,
            error: event.error,
            retryIn: event.retryIn,
            isUnchecked: event.isUnchecked
        )
        if let index = steps.firstIndex(where: { $0.phase == step.phase && $0.attempt == step.attempt }) {
            steps[index] = step
        } else {
            steps.append(step)
        }
        if !event.errors.isEmpty { errors = event.errors }
        if event.phase == .live, event.state == .done { errors = [] }
        advance(to: event)
    }

    /// The phase is the furthest step begun: of the newest attempt, in the order of `Phase.rank`.
    private mutating func advance(to event: BuildEvent) {
        if let rank = event.phase.rank, let held = app.phase.rank, generation != nil {
            guard (event.attempt, rank) > (phaseAttempt, held) else { return }
        }
        app.phase = event.phase
        phaseAttempt = event.attempt
    }

    func writeSnapshot(to json: inout JSONWriter) {
        json.beginObject()
        json.key("app")
        app.write(to: &json)
        json.key("messages")
        json.array(messages) { message, json in message.write(to: &json) }
        json.member("more", more)
        json.key("queue")
        json.array(queue) { item, json in item.write(to: &json) }
        json.key("generation")
        if let view = generationView { view.write(to: &json) } else { json.null() }
        writeBuild(to: &json)
        json.key("preview")
        if let preview {
            json.beginObject()
            preview.writeMembers(to: &json)
            json.endObject()
        } else {
            json.null()
        }
        json.endObject()
    }

    private func writeBuild(to json: inout JSONWriter) {
        json.key("build")
        json.beginObject()
        json.member("phase", app.phase.rawValue)
        json.key("steps")
        json.array(steps) { step, json in
            json.beginObject()
            json.member("phase", step.phase.rawValue)
            json.member("state", step.state.rawValue)
            json.member("started_at", step.startedAt)
            json.member("elapsed_ms", step.elapsed)
            json.member("attempt", step.attempt)
            json.member("reason", ifPresent: step.reason?.rawValue)
            json.member("repair", ifPresent: step.repair)
            json.member("error", ifPresent: step.error)
            if let retryIn = step.retryIn { json.member("retry_in_ms", retryIn) }
            if step.isUnchecked { json.member("unchecked", true) }
            json.endObject()
        }
        json.key("errors")
        json.array(errors) { error, json in error.write(to: &json) }
        json.endObject()
    }
}

extension Phase {
    /// The place of a step in an attempt; `nil` for ends, which always count.
    ///
    /// A repair stands where generating stood.
    var rank: Int? {
        switch self {
        case .queued: 0
        case .sandbox: 1
        case .generating, .repairing: 2
        case .writing: 3
        case .bundling: 4
        case .live, .answered, .failed, .asleep: nil
        }
    }
}
