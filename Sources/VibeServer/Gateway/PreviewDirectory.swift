package import Orchestration

/// Knows where the previews of apps are; the orchestrator, or a script in a test.
package protocol PreviewDirectory: Sendable {
    /// Where a preview request goes; a visit starts a sandbox that does not run.
    func previewTarget(appID: String) async -> PreviewTarget

    /// The app's title, for the page shown while it wakes; `nil` for an unknown app.
    func previewTitle(appID: String) async -> String?

    /// The WebSocket of an open preview came (1) or went (-1).
    func previewTunnels(appID: String, _ difference: Int)
}

extension PreviewDirectory {
    package func previewTunnels(appID: String, _ difference: Int) {}
}

extension Orchestrator: PreviewDirectory {
    package func previewTitle(appID: String) async -> String? {
        try? await detail(appID: appID).app.title
    }
}
