package import Orchestration
internal import Realtime

/// The server's counters as Prometheus reads them (text format 0.0.4).
struct MetricsText {
    /// As `Content-Type` says it.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    init(_ server: ServerMetrics, hub: HubMetrics) {
        gauge("vibe_uptime_seconds", "Seconds since the server's start.", [("", server.uptime)])
        gauge(
            "vibe_apps",
            "Apps that are not ended, by state.",
            [
                ("state=\"live\"", server.live), ("state=\"building\"", server.building),
                ("state=\"asleep\"", server.asleep), ("state=\"failed\"", server.failed),
            ]
        )
        gauge("vibe_viewers", "Connections that look at any app.", [("", server.viewers)])
        gauge("vibe_connections", "Open connections.", [("", hub.connections)])
        counter("vibe_publications_total", "Publications taken by channels.", [("", hub.publications)])
        counter("vibe_deliveries_total", "Publications handed to connections.", [("", hub.deliveries)])
        counter(
            "vibe_disconnects_total",
            "Connections that the server ended, by code.",
            [
                ("code=\"3008\"", hub.slowDisconnects), ("code=\"3012\"", hub.missedPongs),
            ]
        )
        counter("vibe_streamed_units_total", "UTF-16 units of text that models have written.", [("", server.units)])
        counter(
            "vibe_turns_total",
            "Ended turns by outcome.",
            server.turns.map { ("outcome=\"\($0.name)\"", $0.count) }
        )
        counter("vibe_errors_total", "Errors by kind.", server.errors.map { ("code=\"\($0.name)\"", $0.count) })
        histogram("vibe_first_token_seconds", "From the begin of a turn to its first text.", server.firstToken)
        histogram("vibe_build_seconds", "From the begin of a turn to its version on show.", server.build)
    }

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func gauge(_ name: String, _ help: String, _ values: [(labels: String, value: Int)]) {
        head(name, help, "gauge")
        for (labels, value) in values { line(name, labels, "\(value)") }
    }

    private mutating func counter(_ name: String, _ help: String, _ values: [(labels: String, value: UInt64)]) {
        head(name, help, "counter")
        for (labels, value) in values { line(name, labels, "\(value)") }
    }

    private mutating func histogram(_ name: String, _ help: String, _ histogram: ServerMetrics.Histogram) {
        head(name, help, "histogram")
        var sum: UInt64 = 0
        for (index, count) in histogram.counts.enumerated() {
            sum += count
            let bound = index < histogram.bounds.count ? "\(Double(histogram.bounds[index]) / 1000)" : "+Inf"
            line(name + "_bucket", "le=\"\(bound)\"", "\(sum)")
        }
        line(name + "_sum", "", "\(Double(histogram.sum) / 1000)")
        line(name + "_count", "", "\(sum)")
    }

    private mutating func line(_ name: String, _ labels: String, _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }
}
