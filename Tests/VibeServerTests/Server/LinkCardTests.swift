import Testing

@testable import Orchestration
@testable import VibeServer

/// What other sites show of a link, whatever somebody has named their app.
@Suite struct LinkCardTests {
    private static func app(title: String, prompt: String = "a list", still: String? = nil) -> AppView {
        AppView(
            id: "app-aaaaaaaaaaaaaaaa",
            url: "",
            title: title,
            prompt: prompt,
            authors: [],
            versions: 1,
            still: still,
            isFeatured: false,
            status: .ready,
            phase: .asleep,
            viewers: 0,
            createdAt: "",
            updatedAt: ""
        )
    }

    @Test func namesTitleDescriptionAndPicture() {
        let still = "/api/app/app-aaaaaaaaaaaaaaaa/still?version=3"
        let page = LinkCard(app: Self.app(title: "Tea", still: still), origin: "https://vibe.example")
            .filled("<head>\n</head>\n<body></head></body>")
        #expect(page.contains("<meta property=\"og:title\" content=\"Tea\">\n"))
        #expect(page.contains("<meta property=\"og:description\" content=\"a list\">\n"))
        #expect(page.contains("content=\"https://vibe.example/app/app-aaaaaaaaaaaaaaaa\">"))
        #expect(page.contains("<meta property=\"og:image\" content=\"https://vibe.example\(still)\">\n"))
        #expect(page.contains("<meta name=\"twitter:card\" content=\"summary_large_image\">\n"))
        #expect(page.hasSuffix("</head>\n<body></head></body>"), "once, in the head")
        #expect(!LinkCard(app: Self.app(title: "Tea"), origin: "o").html.contains("og:image"))
    }

    @Test(arguments: [
        "\"><script>alert(1)</script>", "'><img src=x onerror=alert(1)>", "a\r\n<meta http-equiv=refresh>",
        "</head><body>",
        "\u{202E}gnp.exe\u{2066}", "\u{0}\u{1}\u{7F}\u{85}", "&quot;&#34;", "\u{FEFF}\u{200B}x",
    ])
    func hostileTitlesAreText(title: String) {
        let html = LinkCard(app: Self.app(title: title, prompt: title), origin: "https://vibe.example").html
        for line in html.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            #expect(line.hasPrefix("<meta ") && line.hasSuffix("\">"), "\(line)")
            let inside = line.dropFirst().dropLast()
            #expect(!inside.contains("<") && !inside.contains(">"))
            #expect(line.filter { $0 == "\"" }.count == 4)
        }
        let hidden = html.unicodeScalars.contains { scalar in
            scalar != "\n" && [.control, .format].contains(scalar.properties.generalCategory)
        }
        #expect(!hidden)
    }

    @Test func longTextsAreCutBetweenCharacters() {
        let family = String(repeating: "👩‍👩‍👧", count: 4_000)
        let html = LinkCard(app: Self.app(title: family, prompt: family), origin: "o").html
        #expect(html.utf8.count < 20_000 && html.contains("…") && !html.contains("\u{FFFD}"))
    }

    @Test func thePageOfAnAppHasThemAndItsOwnTag() async throws {
        try await ServerHarness.run {
            $0.publicURL = "https://vibe.example"
            $0.previewURL = "https://*.vibe-apps.example"
            $0.publicDirectory = ServerHarness.publicFolder
        } _: { server in
            let html = [("Accept", "text/html")]
            let created = try await server.json("POST", "/api/create?wait=ready", #"{"prompt":"a \"<b>list</b>\""}"#)
            let path = "/app/" + (try created.member("app_id"))
            let page = try await server.request("GET", path, host: "vibe.example", fields: html)
            #expect(page.status == 200 && page.body.contains("og:url\" content=\"https://vibe.example\(path)\""))
            #expect(page.body.contains("&lt;b&gt;list&lt;/b&gt;") && !page.body.contains("<b>list"))
            let tag = try #require(page["etag"])
            let again = try await server.request("GET", path, host: "vibe.example", fields: [("If-None-Match", tag)])
            #expect(again.status == 304)
            let other = try await server.json("POST", "/api/create?wait=ready", #"{"prompt":"other"}"#)
            let otherPage = try await server.request("GET", "/app/" + other.member("app_id"), host: "vibe.example")
            #expect(otherPage["etag"] != tag)
            let call = "/api/app/\(try created.member("app_id"))/terminate"
            _ = try await server.json("POST", call, #"{"admin_secret":"s3cret"}"#)
            let ended = try await server.request("GET", path, host: "vibe.example", fields: html)
            #expect(ended.status == 200 && !ended.body.contains("og:title"))
        }
    }

    @Test func aPictureThatIsNotThereIs404() async throws {
        try await ServerHarness.run { server in
            let id = try await server.makeApp()
            for path in ["/api/app/\(id)/still?version=1", "/api/app/\(id)/still", "/api/app/app-none/still?version=1"]
            {
                #expect(try await server.request("GET", path).status == 404)
            }
            #expect(try await server.request("GET", "/api/app/\(id)/still?version=x").status == 422)
            #expect(try await server.request("POST", "/api/app/\(id)/still").status == 405)
        }
    }
}
