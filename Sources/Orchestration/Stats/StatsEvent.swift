internal import Realtime

/// The numbers of one second: what charts are drawn from.
struct StatsPoint: Sendable, Equatable {
    /// RFC 3339 UTC with milliseconds.
    var time: String
    var live = 0
    var building = 0
    var asleep = 0
    var failed = 0
    var viewers = 0
    var connections = 0
    var deliveriesPerSecond = 0.0
    var tokensPerSecond = 0.0
    var firstToken = LatencySummary()
    var build = LatencySummary()

    /// Without what only the newest second tells.
    var past: StatsPoint {
        var point = self
        point.firstToken.buckets = []
        point.build.buckets = []
        return point
    }
}

/// The one publication of `stats`.
struct StatsEvent: Sendable, Equatable {
    /// What `type` says.
    static let kind = "stats"

    var point: StatsPoint
    /// Whole seconds since the server's start.
    var uptime = 0
    /// Turns that run, those that began first first.
    var builds: [RunningBuild] = []
    /// Newest first.
    var errors: [ErrorNote] = []
}

extension StatsEvent: ChannelEvent {
    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("type", Self.kind)
        point.writeMembers(to: &json)
        json.member("uptime_s", uptime)
        json.key("builds")
        json.array(builds) { build, json in build.write(to: &json) }
        json.key("errors")
        json.array(errors) { error, json in error.write(to: &json) }
        json.endObject()
    }
}

/// How much of the past `stats` holds.
package enum StatsPoints {
    /// Seconds, a point each.
    package static let limit = 900
}

/// The last quarter of an hour, and the newest second whole.
struct StatsChannelState: ChannelState, Equatable {
    /// Oldest first.
    private(set) var points: [StatsPoint] = []
    private(set) var last: StatsEvent?

    mutating func fold(_ event: StatsEvent) {
        points.append(event.point.past)
        if points.count > StatsPoints.limit { points.removeFirst(points.count - StatsPoints.limit) }
        last = event
    }

    func writeSnapshot(to json: inout JSONWriter) {
        json.beginObject()
        json.key("bounds")
        json.beginObject()
        for (name, bounds) in Latencies.bounds {
            json.key(name)
            json.array(bounds) { bound, json in json.value(bound) }
        }
        json.endObject()
        json.key("points")
        json.array(points) { point, json in
            json.beginObject()
            point.writeMembers(to: &json)
            json.endObject()
        }
        json.key("last")
        if let last { last.write(to: &json) } else { json.null() }
        json.endObject()
    }
}

extension StatsPoint {
    fileprivate func writeMembers(to json: inout JSONWriter) {
        json.member("time", time)
        json.member("live", live)
        json.member("building", building)
        json.member("asleep", asleep)
        json.member("failed", failed)
        json.member("viewers", viewers)
        json.member("connections", connections)
        json.key("deliveries_per_s")
        json.value(deliveriesPerSecond)
        json.key("tokens_per_s")
        json.value(tokensPerSecond)
        json.key("first_token_ms")
        firstToken.write(to: &json)
        json.key("build_ms")
        build.write(to: &json)
    }
}

extension LatencySummary {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("p50", p50)
        json.member("p90", p90)
        json.member("p99", p99)
        if !buckets.isEmpty {
            json.key("buckets")
            json.array(buckets) { count, json in json.value(count) }
        }
        json.endObject()
    }
}

extension RunningBuild {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("app_id", appID)
        json.member("title", title)
        json.member("user_id", person.userID)
        json.member("name", person.name)
        json.member("phase", phase.rawValue)
        json.member("attempt", attempt)
        json.member("reason", ifPresent: reason?.rawValue)
        json.member("repair", ifPresent: repair)
        json.member("started_at", startedAt)
        json.endObject()
    }
}

extension ErrorNote {
    fileprivate func write(to json: inout JSONWriter) {
        json.beginObject()
        json.member("time", time)
        json.member("code", code.rawValue)
        if let appID {
            json.member("app_id", appID)
            json.member("title", title)
        }
        json.member("error", ifPresent: error)
        json.member("text", ifPresent: text)
        json.endObject()
    }
}
