import Catalogue
import Foundation

@testable import Orchestration

extension AppView {
    static let sample = AppView(
        id: "app-aaaaaaaaaaaaaaaa",
        url: "http://localhost/app/app-aaaaaaaaaaaaaaaa",
        title: "Timer",
        prompt: "a timer",
        authors: [],
        versions: 0,
        isFeatured: false,
        status: .created,
        phase: .queued,
        viewers: 0,
        createdAt: "2026-01-01T00:00:00.000Z",
        updatedAt: "2026-01-01T00:00:00.000Z"
    )

    func with(_ change: (inout AppView) -> Void) -> AppView {
        var view = self
        change(&view)
        return view
    }
}

extension MessageView {
    static func sample(_ id: String) -> MessageView {
        MessageView(
            id: id,
            type: "user",
            content: "x",
            userID: "ann",
            createdAt: "2026-01-01T00:00:00.000Z",
            version: nil,
            name: "Ann"
        )
    }
}

extension TurnState {
    static var sample: TurnState {
        let date = Date(timeIntervalSince1970: 0)
        return TurnState(
            prompt: PromptRecord(messageID: "m", appID: "a", text: "t", authorID: "", authorName: "", createdAt: date),
            record: GenerationRecord(id: "g", appID: "a", messageID: "m", model: "code", startedAt: date),
            began: .zero
        )
    }
}
