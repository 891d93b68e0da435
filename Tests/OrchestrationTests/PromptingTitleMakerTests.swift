import Testing

@testable import Orchestration

@Suite struct PromptingTitleMakerTests {
    @Test(arguments: [
        ("make me a todo list", "Todo list"),
        ("Make me a pomodoro timer with sounds!", "Pomodoro timer with sounds"),
        ("build a chess clock", "Chess clock"),
        ("create an app that tracks my water", "Tracks my water"),
        ("Create a simple web app for splitting bills.", "Splitting bills"),
        ("Please, could you build me a bill splitter?", "Bill splitter"),
        ("I'd like a drawing board", "Drawing board"),
        ("I’d like you to make a drawing board", "Drawing board"),
        ("Hi! Can you make a snake game? With sounds.", "Snake game"),
        ("a kanban board", "A kanban board"),
        ("Kanban board", "Kanban board"),
        ("make me an app", "App"),
        ("make", "Make"),
        ("a website for my bakery with a menu", "A website for my bakery with a menu"),
        ("generate the game of life", "Game of life"),
        ("something in C#", "Something in C#"),
        ("éclair recipes", "Éclair recipes"),
        ("bau mir einen Rechner", "Bau mir einen Rechner"),
        ("番茄钟", "番茄钟"),
        ("  \n\n make a clock\nwith hands", "Clock"),
        ("...!?", "Untitled app"),
        ("", "Untitled app"),
        ("\u{200B}\u{202E}\u{0000}", "Untitled app"),
        ("make a \u{202E}kcolc\u{202C} app", "Kcolc app"),
        ("clock\u{0007}\u{200F} app", "Clock"),
        ("👩‍👩‍👧‍👦 family planner", "👩‍👩‍👧‍👦 family planner"),
        ("ßcale", "ßcale"),
    ])
    func makesATitle(prompt: String, title: String) {
        #expect(TitleMaker.title(from: prompt) == title)
    }

    @Test func cutsBetweenWords() {
        let prompt = "A very long description of an application that does many things for many people at once"
        let title = TitleMaker.title(from: prompt)
        #expect(title == "A very long description of an application that does many")
    }

    @Test func cutsAWordThatIsTooLongBetweenCharacters() {
        #expect(TitleMaker.title(from: String(repeating: "👨‍👩‍👧", count: 100)) == String(repeating: "👨‍👩‍👧", count: 60))
        #expect(TitleMaker.title(from: String(repeating: "x", count: 100)) == "X" + String(repeating: "x", count: 59))
    }

    @Test func boundsMarksThatPileUp() {
        let title = TitleMaker.title(from: "a" + String(repeating: "\u{301}", count: 3_000))
        #expect(title.unicodeScalars.count <= 12)
    }

    @Test(arguments: 0..<300)
    func keepsItsPromisesForAnyPrompt(seed: UInt64) {
        var generator = Seeded(state: seed)
        let pieces = [
            "make", "me", "a", "an", "app", "that", "please", "🏳️‍🌈", "\u{202E}", "\u{200D}", "\u{301}", "\r\n", "\n", " ",
            " ", " ", ".",
            "!", "…", "\u{0}", "é", "日本", "create", "\u{E000}", "\u{2028}", "\u{FEFF}", "\"", "<b>", "ﬁ", "\u{E0067}",
        ]
        let prompt = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
            pieces.randomElement(using: &generator) ?? ""
        }.joined()
        let title = TitleMaker.title(from: prompt)
        #expect((1...60).contains(title.count))
        #expect(title.last.map { !".!… \n".contains($0) } ?? false)
        #expect(title == title.trimmingPrefix(" "))
        for scalar in title.unicodeScalars {
            let category = scalar.properties.generalCategory
            #expect(category != .control && category != .lineSeparator && category != .privateUse)
            #expect(category != .format || scalar == "\u{200D}")
        }
        if let first = title.first, first.isLowercase { #expect(String(first).uppercased().count != 1) }
    }
}
