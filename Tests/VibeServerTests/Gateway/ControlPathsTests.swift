import Testing

@testable import VibeServer

@Suite struct ControlPathsTests {
    @Test(arguments: [
        "/edit", "/edit/", "//edit", "/./edit", "/a/../edit", "/EDIT", "/%65dit", "/%2565dit", "/edit?x=1",
        "/heartbeat", "/%2fedit",
        "/\\edit", "/edit;x", "/edit%20", "/edit%00", "/edit/x", "/a/%2e%2e/edit", "/edit#x",
    ])
    func matchesEverySpelling(path: String) {
        #expect(ControlPaths.matches(path))
    }

    @Test(arguments: ["/", "/editor", "/src/edit", "/edits", "/_bun/hmr", "/index.html?edit", "/%", "/%zz"])
    func leavesOthers(path: String) {
        #expect(!ControlPaths.matches(path))
    }
}
