internal import Catalogue
internal import Realtime
internal import Synchronization

/// The channel `stats`: puts together once a second what hub, board and meter have counted.
final class StatsBoard: Sendable {
    private struct State {
        var feed: Feed<StatsChannelState>?
        var before: Sample?
    }

    /// What rates are made of.
    private struct Sample {
        var time: Duration
        var deliveries: UInt64
        var units: UInt64
        var slowDisconnects: UInt64
    }

    private let hub: Hub
    private let apps: AppsBoard
    private let meter: ServerMeter
    private let time: Timekeeper
    private let state = Mutex(State())

    init(hub: Hub, apps: AppsBoard, meter: ServerMeter, time: Timekeeper) {
        self.hub = hub
        self.apps = apps
        self.meter = meter
        self.time = time
    }

    /// Opens the channel, empty.
    func open(tap: PublicationTap?) {
        var options = ChannelOptions()
        options.history.maximumPublications = StatsPoints.limit
        options.history.maximumAge = .seconds(StatsPoints.limit)
        let channel = hub.open(ChannelName(.stats).text, state: StatsChannelState(), options: options)
        state.withLock { $0.feed = Feed(channel: channel, tap: tap) }
    }

    /// Measures and publishes; nothing happens before `open`.
    func publish() {
        let metrics = hub.metrics
        let sample = Sample(
            time: time.now(),
            deliveries: metrics.deliveries,
            units: meter.streamedUnits,
            slowDisconnects: metrics.slowDisconnects
        )
        state.withLock { state in
            guard let feed = state.feed else { return }
            let before = state.before ?? sample
            state.before = sample
            noteSlow(sample.slowDisconnects - before.slowDisconnects)
            feed.publish(event(sample, since: before, connections: metrics.connections))
        }
    }

    private func event(_ sample: Sample, since before: Sample, connections: Int) -> StatsEvent {
        let measured = meter.state
        let tally = apps.tally
        var point = StatsPoint(time: time.timestamp)
        point.live = tally.counts.live
        point.building = tally.counts.building
        point.viewers = tally.counts.viewers
        point.asleep = tally.asleep
        point.failed = tally.failed
        point.connections = connections
        let seconds = (sample.time - before.time) / .seconds(1)
        point.deliveriesPerSecond = Self.rate(sample.deliveries - before.deliveries, over: seconds)
        point.tokensPerSecond = Self.rate(
            (sample.units - before.units) / UInt64(ServerMeter.unitsPerToken),
            over: seconds
        )
        point.firstToken = measured.firstToken.summary
        point.build = measured.build.summary
        return StatsEvent(
            point: point,
            uptime: sample.time.milliseconds / 1000,
            builds: measured.builds.values.sorted { ($0.startedAt, $0.appID) < ($1.startedAt, $1.appID) },
            errors: measured.errors
        )
    }

    /// Tenths are enough.
    private static func rate(_ count: UInt64, over seconds: Double) -> Double {
        seconds > 0 ? (Double(count) / seconds * 10).rounded() / 10 : 0
    }

    private func noteSlow(_ count: UInt64) {
        guard count > 0 else { return }
        let error = Meaning(note: .slowConsumer, ["connections": .number(Int(clamping: count))])
        meter.note(ErrorNote(time: time.timestamp, code: .slowConsumer, error: error))
    }
}
