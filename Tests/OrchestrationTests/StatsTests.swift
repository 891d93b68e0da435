import Catalogue
import Claude
import NIOCore
import Realtime
import Testing

@testable import Orchestration

@Suite("Numbers of the server")
struct StatsTests {
    @Test(
        "the nearest rank",
        arguments: [
            ([], 0, 0, 0), ([7], 7, 7, 7), ([1, 2], 1, 2, 2), (Array(1...100), 50, 90, 99), (Array(1...10), 5, 9, 10),
            (Array(repeating: 3, count: 100), 3, 3, 3),
        ] as [([Int], Int, Int, Int)]
    )
    func percentiles(samples: [Int], p50: Int, p90: Int, p99: Int) {
        var latencies = Latencies(bounds: [10])
        for sample in samples.reversed() { latencies.add(sample) }
        let summary = latencies.summary
        #expect([summary.p50, summary.p90, summary.p99] == [p50, p90, p99])
        #expect(summary.buckets.reduce(0, +) == samples.count)
    }

    @Test("a bound belongs to its bucket, and what is longer than all to the last")
    func buckets() {
        var latencies = Latencies(bounds: [10, 20])
        for sample in [-5, 0, 10, 11, 20, 21, .max] { latencies.add(sample) }
        #expect(latencies.summary.buckets == [3, 2, 2])
        #expect(latencies.totals == [3, 2, 2])
    }

    @Test("only the newest hundred count, but all are added up")
    func window() {
        var latencies = Latencies(bounds: [10])
        for _ in 0..<150 { latencies.add(5) }
        for _ in 0..<100 { latencies.add(50) }
        #expect(latencies.summary == LatencySummary(p50: 50, p90: 50, p99: 50, buckets: [0, 100]))
        #expect(latencies.totals == [150, 100] && latencies.sum == 150 * 5 + 100 * 50)
    }

    @Test("the snapshot holds 900 seconds without what only the newest tells")
    func snapshot() {
        var state = StatsChannelState()
        for second in 0..<950 {
            var point = StatsPoint(time: "t\(second)")
            point.firstToken.buckets = [1]
            state.fold(StatsEvent(point: point))
        }
        #expect(state.points.count == 900 && state.points.first?.time == "t50")
        #expect(
            state.points.allSatisfy { $0.firstToken.buckets.isEmpty } && state.last?.point.firstToken.buckets == [1]
        )
        var json = JSONWriter()
        StatsChannelState().writeSnapshot(to: &json)
        let snapshot = String(buffer: json.buffer)
        #expect(snapshot.hasPrefix(#"{"bounds":{"first_token_ms":[50,100,"#))
        #expect(snapshot.hasSuffix(#",60000,120000]},"points":[],"last":null}"#))
    }

    private func published(_ world: World) throws -> StatsEvent {
        world.orchestrator.publishStats()
        return try #require(world.recorder.all.last { $0.channel == "stats" }?.event as? StatsEvent)
    }

    @Test("a turn is seen while it runs, and measured when it is done")
    func turn() async throws {
        try await World.run { world in
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            let code = try await world.model.codeCalls.take()
            let chat = try await world.model.chatCalls.take()
            var event = try published(world)
            #expect(event.builds.map(\.appID) == [app.id] && event.builds.first?.person == world.ann)
            #expect(event.point.building == 1 && event.point.live == 0 && event.uptime == 0)
            world.clock.advance(by: .milliseconds(700))
            code.text(World.component)
            code.finish(input: 1, output: 1)
            chat.text("Made it.")
            chat.finish()
            await world.recorder.wait(app.id, "finished succeeded")
            // The session has said all when it answers.
            _ = try await world.orchestrator.detail(appID: app.id)
            world.clock.advance(by: .milliseconds(300))
            event = try published(world)
            #expect(event.builds.isEmpty && event.errors.isEmpty)
            #expect(event.point.live == 1 && event.point.building == 0 && event.point.failed == 0)
            #expect(event.point.firstToken.p50 == 700 && event.point.build.p50 == 700)
            let units = (World.component + "Made it.").utf16.count
            #expect(event.point.tokensPerSecond == Double(units / ServerMeter.unitsPerToken))
            world.clock.advance(by: .seconds(1))
            #expect(try published(world).point.tokensPerSecond == 0)
            #expect(try published(world).uptime == 2)
        }
    }

    @Test(
        "what fails is told, and counted as failed",
        arguments: [
            ModelError.service(status: 529, type: "overloaded_error", message: "busy", requestID: nil, retryAfter: nil),
            .service(status: 503, type: "api_error", message: "busy", requestID: nil, retryAfter: nil),
            .streamError(type: "overloaded_error", message: "busy"),
        ]
    )
    func errors(error: ModelError) async throws {
        try await World.run { world in
            let app = try await world.orchestrator.create(prompt: "<b>bold</b>", author: world.ann)
            try await world.model.codeCalls.take().fail(error)
            await world.recorder.wait(app.id, "finished failed")
            _ = try await world.orchestrator.detail(appID: app.id)
            let event = try published(world)
            #expect(event.errors.map(\.code) == [.modelOverloaded] && event.errors.first?.appID == app.id)
            #expect(
                event.errors.first?.error == Meaning(.modelBusy, ["text": .text("busy")])
                    && event.errors.first?.text == nil
            )
            #expect(event.point.failed == 1 && event.point.live == 0 && event.point.asleep == 0)
            #expect(event.point.build.p50 == 0, "only what succeeded is measured")
        }
    }

    @Test("errors are few, short, and the newest first")
    func errorLimits() {
        let meter = ServerMeter()
        for number in 0..<30 {
            let text = String(repeating: "x", count: 10_000)
            meter.note(ErrorNote(time: "\(number)", code: .bundleFailed, text: text))
        }
        let errors = meter.state.errors
        #expect(errors.count == 20 && errors.first?.time == "29" && errors.allSatisfy { $0.text?.count == 300 })
        #expect(meter.state.errorCounts[.bundleFailed] == 30)
    }

    @Test(
        "the last lines of code",
        arguments: [
            ("", []), ("\n\n", []), ("a", ["a"]), ("a\n\nb\n  \n", ["a", "", "b"]),
            ("1\n2\n3\n4\n5\n6\n7\n8", ["3", "4", "5", "6", "7", "8"]),
            (String(repeating: "é", count: 500), [String(repeating: "é", count: 160)]),
        ] as [(String, [String])]
    )
    func tails(text: String, lines: [String]) {
        #expect(CodeTail.lines(of: text) == lines)
    }
}
