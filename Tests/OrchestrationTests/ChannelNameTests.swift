import Testing

@testable import Orchestration

@Suite("Names of channels")
struct ChannelNameTests {
    @Test(
        "are read and written",
        arguments: [
            ("apps", ChannelName(.apps)),
            ("app:app-b2k7qm3xw5zt4dha", ChannelName(.app, appID: "app-b2k7qm3xw5zt4dha")),
            ("app:app-b2k7qm3xw5zt4dha:cursors", ChannelName(.cursors, appID: "app-b2k7qm3xw5zt4dha")),
            ("stats", ChannelName(.stats)),
            ("app:x", ChannelName(.app, appID: "x")),
        ]
    )
    func known(text: String, name: ChannelName) {
        #expect(ChannelName(text) == name)
        #expect(name.text == text)
    }

    @Test(
        "of no kind",
        arguments: [
            "", "app", "app:", "apps:", "appsx", "apps:cursors", "app::cursors", "app:x:", "app:x:y", ":cursors",
            "App:x", "stats:x", "statsx",
        ]
    )
    func unknown(text: String) {
        #expect(ChannelName(text) == nil)
    }

    @Test("are written as their patterns say", arguments: ChannelName.Kind.allCases)
    func patterns(kind: ChannelName.Kind) {
        #expect(ChannelName(kind, appID: kind.isAboutApp ? "{id}" : "").text == kind.rawValue)
    }
}
