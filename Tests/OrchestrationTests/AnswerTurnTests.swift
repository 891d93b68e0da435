import Catalogue
import Claude
import Sandboxes
import Testing

@testable import Orchestration

/// Every answer of the corpus as a whole turn: what is stored is the file, and so is what viewers hold who apply the parts.
@Suite("Answers of the corpus in a turn")
struct AnswerTurnTests {
    @Test(arguments: AnswerCase.all)
    func turn(_ example: AnswerCase) async throws {
        try await World.run(configure: { $0.maximumRepairs = 0 }) { world async throws in
            var random = SplitMix(state: UInt64(example.answer.utf8.count))
            let app = try await world.orchestrator.create(prompt: "a timer", author: world.ann)
            try await world.model.chatCalls.take().finish()
            let call = try await world.model.codeCalls.take()
            let (start, state) = try await world.position(app.id)
            for piece in SnapshotTests.chunks(example.answer, &random) {
                call.text(piece)
                if Int.random(in: 0..<8, using: &random) == 0 { _ = try await world.position(app.id) }
            }
            call.finish()
            await world.recorder.wait { all in
                all.contains { ($0.event as? AppEvent)?.summary?.hasPrefix("finished") ?? false }
            }
            let generation = try #require(try await world.catalogue.generations(app: app.id).last)
            let shown = try code(of: world, app.id, from: start, state)
            switch expected(example) {
            case .succeeded:
                #expect(generation.outcome == .succeeded)
                let stored = try await world.orchestrator.code(appID: app.id, version: 1).files.values.first
                #expect(stored.map { Array($0.utf8) } == Array(example.text.utf8))
                #expect(Array(shown.utf8) == Array(example.text.utf8))
            case .answered:
                #expect(generation.outcome == .answered)
                #expect(try await world.history(app.id).last?.content == example.text)
            default:
                #expect(generation.outcome == .failed && generation.error?.code == TurnError.buildFailed.rawValue)
                let own = example.isFile ? BuildError.Code.noDefaultExport : .noComponent
                #expect(generation.errors.last?.code == own.rawValue)
                if example.isFile { #expect(generation.partialCode == example.text && shown == example.text) }
            }
        }
    }

    private func expected(_ example: AnswerCase) -> GenerationRecord.Outcome {
        guard !example.isFile else { return example.values["export"] == "none" ? .failed : .succeeded }
        let isTry = example.text.isEmpty || example.values["skipped"] == "html"
        return isTry ? .failed : .answered
    }

    /// What somebody holds before the end who was there all the time.
    private func code(of world: World, _ id: String, from start: Int, _ state: AppChannelState) throws -> String {
        var viewer = try Viewer(snapshot: state.json)
        for event in world.recorder.events(id)[start...] {
            if case .generationFinished = event { break }
            try viewer.apply(event.json)
            #expect(!viewer.hasGap)
        }
        return viewer.code
    }
}
