import Catalogue
import Claude
import Foundation
import Logging
import NIOPosix
import Realtime
import Sandboxes

@testable import Orchestration

/// A server's orchestration with everything around it in a test's hands.
struct World: Sendable {
    let catalogue: any Catalogue
    let model: FakeModel
    let sandboxes: FakeSandboxes
    let clock: ManualClock
    let recorder: Recorder
    let orchestrator: Orchestrator

    let ann = Person(userID: "ann", name: "Ann")
    let ben = Person(userID: "ben", name: "Ben")

    static let component = "export default function App() { return <h1>Hi 👩‍👩‍👧</h1> }\n"

    /// Runs a server until `body` returns.
    @discardableResult
    static func run<Value: Sendable>(
        catalogue: (any Catalogue)? = nil,
        configure: (inout OrchestrationConfiguration) -> Void = { _ in },
        prepare: (FakeModel, FakeSandboxes) -> Void = { _, _ in },
        _ body: @Sendable (World) async throws -> Value
    ) async throws -> Value {
        var configuration = OrchestrationConfiguration()
        configuration.codeModel = "code"
        configuration.chatModel = "chat"
        configuration.tokenInterval = .zero
        // Tests of sleep set it: it waits on the clock, whose sleepers tests count.
        configuration.idleSleep = .zero
        configure(&configuration)
        let model = FakeModel()
        let sandboxes = FakeSandboxes()
        prepare(model, sandboxes)
        let clock = ManualClock()
        let recorder = Recorder()
        let catalogue = try catalogue ?? SQLiteCatalogue.inMemory()
        let orchestrator = Orchestrator(
            configuration: configuration,
            catalogue: catalogue,
            model: model,
            sandboxes: sandboxes,
            hub: Hub(group: MultiThreadedEventLoopGroup.singleton),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            time: Timekeeper(clock: clock),
            tap: recorder.tap
        )
        let world = World(
            catalogue: catalogue,
            model: model,
            sandboxes: sandboxes,
            clock: clock,
            recorder: recorder,
            orchestrator: orchestrator
        )
        let service = Task { try await orchestrator.run() }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(world))
        } catch {
            result = .failure(error)
        }
        service.cancel()
        clock.free()
        try await service.value
        return try result.get()
    }

    /// Makes an app whose first version is live, the model answering by itself.
    func liveApp(_ prompt: String = "a timer") async throws -> String {
        model.answer([World.component])
        let app = try await orchestrator.create(prompt: prompt, author: ann)
        await recorder.wait(app.id, "finished succeeded")
        model.answer([])
        return app.id
    }

    func state(_ appID: String) async throws -> AppChannelState {
        try await orchestrator.session(appID).state
    }

    /// The state together with the number of publications that it holds.
    ///
    /// Read again when something was published meanwhile, which must end. The state has an event a moment before the recorder;
    /// when the session answers, both have it.
    func position(_ appID: String) async throws -> (events: Int, state: AppChannelState) {
        let session = try await orchestrator.session(appID)
        while true {
            let events = recorder.events(appID).count
            let state = session.state
            _ = await session.loop
            if recorder.events(appID).count == events { return (events, state) }
        }
    }

    func history(_ appID: String) async throws -> [MessageView] {
        try await orchestrator.history(appID: appID, before: nil, limit: 500).messages
    }
}
