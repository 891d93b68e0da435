internal import Catalogue
internal import Logging
internal import Realtime
internal import Sandboxes

/// The life of one app: its queue, the turn that runs, its sandbox, and its channel.
///
/// What it publishes is durable before, and what it answers is published before. Its public face is the channel's state; what
/// stands here are the decisions. After every `await` the state is looked at again.
actor AppSession {
    /// Whether the session takes work.
    enum Life: Sendable, Equatable {
        case open
        /// The server ends: what runs is ended as interrupted, nothing begins.
        case closing
        case terminated
    }

    nonisolated let id: String
    /// Who made the app; empty for somebody who named no user.
    let ownerID: String
    let services: Services
    nonisolated let feed: Feed<AppChannelState>

    var life = Life.open
    /// Number of versions; the newest one's number.
    var versions: Int
    /// Waiting prompts, oldest first, all of them durable.
    ///
    /// The first one leaves when its turn begins.
    var queue: [PromptRecord]
    /// Prompts that are being stored.
    var reservations = 0
    /// Keeps the order of the queue equal to that of the catalogue.
    let enqueueing = GenerationLimiter(limit: 1)
    /// Keeps what is told of title and mark equal to what is stored.
    let describing = GenerationLimiter(limit: 1)
    var turn: TurnState?
    /// The work of the turn, so that it can be cancelled.
    var work: Task<Result<TurnProduct, TurnFailure>, Never>?
    /// Runs turns as long as prompts wait.
    var loop: Task<Void, Never>?
    /// The pause before something is tried again.
    var backoff: Task<Void, Never>?
    var lastTurn: AppSeed.LastTurn?
    /// What the version on show threw in somebody's browser, oldest first.
    var runtimeErrors: [BuildError] = []
    /// Whether the operator was told that the queue is full, and no prompt was taken since.
    var hasNotedFullQueue = false
    /// What viewers' browsers report, on its way to the channel.
    var console = ConsoleBuffer()
    var isReverting = false
    /// When the last token publication was made.
    var lastTokens: Duration?
    /// Those who wait for the first version.
    var firstVersion = OneShot<FirstVersion>()

    var box = SandboxSlot()
    /// How often the sandbox was given code.
    var sandboxEdits = 0
    /// Whether a picture is being taken.
    var isPosing = false
    /// The newest version of which there is a picture; 0 for none.
    var stillVersion: Int
    /// The steps of a waking, outside of turns.
    var wakeSteps = BuildSteps()

    init(seed: AppSeed, services: Services, open: (AppChannelState) -> Feed<AppChannelState>) {
        id = seed.app.id
        ownerID = seed.app.authorID
        self.services = services
        versions = seed.app.versionCount
        stillVersion = seed.app.stillVersion ?? 0
        queue = seed.queue
        lastTurn = seed.lastTurn
        let url = services.previewURL(seed.app.id)
        let waiting = seed.queue.enumerated().map { QueueItemView($1, position: $0 + 1) }
        feed = open(
            AppChannelState(
                app: AppView(seed.app, url: services.pageURL(seed.app.id), phase: seed.startPhase),
                messages: seed.messages.map(MessageView.init),
                more: seed.hasMore,
                queue: waiting,
                errors: seed.app.isAnswered ? [] : seed.lastTurn?.errors ?? [],
                preview: versions > 0 ? PreviewView(url: url, version: versions) : nil
            )
        )
    }

    /// The channel's state now.
    nonisolated var state: AppChannelState { feed.channel.withState { $0 } }

    /// The app as lists show it.
    nonisolated var view: AppView { feed.channel.withState { $0.app } }

    var logger: Logger {
        var logger = services.logger
        logger[metadataKey: "app.id"] = "\(id)"
        return logger
    }

    /// Both clocks now.
    var moment: BuildSteps.Moment {
        BuildSteps.Moment(time: services.time.now(), timestamp: services.time.timestamp)
    }

    /// Whether a generation runs or waits.
    var isBuilding: Bool { turn != nil || !queue.isEmpty }

    /// The prompts that wait: the first one does not when its turn is about to begin.
    var waiting: ArraySlice<PromptRecord> {
        turn == nil && loop != nil ? queue.dropFirst() : queue[...]
    }

    /// Publishes one event, and tells the board what changed by it.
    func publish(_ event: AppEvent) {
        feed.publish(event)
        switch event {
        case .token, .console: return
        default: break
        }
        let view = view
        services.board.changed(view, isBuilding: isBuilding)
        let repairLimit = services.configuration.maximumRepairs
        services.meter.show(turn.map { RunningBuild(view, $0, repairLimit: repairLimit) }, of: id)
    }

    /// Publishes the event if there is one.
    func publish(ifPresent event: AppEvent?) {
        if let event { publish(event) }
    }

    /// Publishes the prompts that wait.
    func publishQueue() {
        publish(.queue(waiting.enumerated().map { QueueItemView($1, position: $0 + 1) }))
    }

    /// Publishes the status when it is another one than before.
    func publishStatus() {
        // The end of the app is told by whoever ends it, after the turn that it cut.
        guard life != .terminated else { return }
        let status: AppStatus =
            if versions == 0 { .created } else if box.isRunning { .active } else { .ready }
        if view.status != status { publish(.status(status)) }
    }
}
