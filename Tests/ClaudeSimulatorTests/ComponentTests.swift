import Testing

@testable import ClaudeSimulator

struct ComponentTests {
    static let names = ComponentLibrary.all.map(\.name)

    static func code(_ name: String) throws -> String {
        let archetype = try #require(ComponentLibrary.all.first { $0.name == name })
        let look = Look(hash: StableHash(seed: 7), grounds: archetype.grounds)
        return archetype.render(title: "A title", words: Words("a \(name)"), look: look)
    }

    @Test func knowsManyApps() {
        #expect(Set(Self.names).count == ComponentLibrary.all.count)
        #expect(ComponentLibrary.all.count >= 24)
    }

    @Test(arguments: names)
    func hasWhatEditsHoldOnTo(name: String) throws {
        let code = try Self.code(name)
        #expect(code.hasPrefix("import {"))
        #expect(code.hasSuffix("\n};\n"))
        #expect(count("export default", in: code) == 1)
        #expect(count(EditApplier.anchor, in: code) == 1)
        #expect(count("{TITLE}</h1>", in: code) == 1)
        #expect(count("function reset() {", in: code) == 1)
        #expect(count("const TITLE = \"A title\";\n", in: code) == 1)
        #expect(Look(code: code) != nil)
        #expect(!code.contains("__"))
        #expect(code.utf8.count < 12_000)
        for line in code.split(separator: "\n") where line.hasPrefix("import ") {
            #expect(line.hasSuffix(" from \"react\";"))
        }
    }

    @Test(arguments: [
        ("A tea timer with five teas", "timer"), ("a stopwatch", "stopwatch"), ("Pomodoro please", "pomodoro"),
        ("build me a to-do list", "todo"), ("shopping list", "todo"), ("kanban board", "kanban"),
        ("Sales dashboard with charts", "dashboard"), ("calculator", "calculator"), ("Quiz me on capitals", "quiz"),
        ("A landing page for a tea timer", "landing"), ("a bill splitter that remembers who never pays", "bill"),
        ("habit tracker", "habits"), ("A recipe page with a timer on every step", "recipe"),
        ("A drum machine", "drums"),
        ("Chess clock for two", "chess-clock"), ("typing test", "typing"), ("Five colours from a photo", "palette"),
        ("a memory card game", "memory"), ("Tic-Tac-Toe", "tic-tac-toe"), ("the weather tomorrow", "tide"),
        ("markdown notes", "notes"), ("unit converter", "converter"), ("a counter", "counter"),
        ("calendar for the choir", "calendar"), ("Household expenses", "expenses"), ("a poll", "poll"),
        ("drawing canvas", "canvas"), ("my book collection", "collection"),
    ])
    func choosesByTheWish(wish: String, name: String) {
        #expect(ComponentLibrary.archetype(for: Words(wish), hash: StableHash(seed: 0)).name == name)
    }

    @Test func answersUnknownWishesWithAGeneralApp() throws {
        let code = try Requests.component("zxq blorf wibble")
        #expect(code.contains("const TITLE = \"Zxq blorf wibble\";"))
        #expect(code.contains("export default"))
    }

    @Test func isTheSameForTheSameSeedOnly() throws {
        let wish = "A tea timer with five teas"
        #expect(try Requests.component(wish, seed: 1) == Requests.component(wish, seed: 1))
        let looks = try (0..<12).map { try Requests.component(wish, seed: UInt64($0)) }
        #expect(Set(looks).count > 3)
    }

    @Test func looksDifferentForDifferentPrompts() throws {
        let prompts = ["a timer", "a timer for tea", "my timer", "timer for the gym", "egg timer", "timer again"]
        let looks = try prompts.map { try Look(code: Requests.component($0))?.line ?? "" }
        #expect(Set(looks).count > 2)
    }

    @Test func takesColoursAndNumbersFromThePrompt() throws {
        let code = try Requests.component("a red counter that counts by two on a dark background")
        #expect(code.contains("const STEP = 2;"))
        #expect(Look(code: code)?.accent == .red)
        #expect(Look(code: code)?.isDark == true)
        #expect(try Requests.component("a 7 minute egg timer").contains("{ name: \"Yours\", seconds: 420 },"))
    }

    @Test func counterCanBeFoundByItsNames() throws {
        let code = try Requests.component("a counter")
        #expect(code.contains("data-testid=\"count\""))
        #expect(code.contains("Count up"))
    }

    private func count(_ needle: String, in text: String) -> Int {
        var count = 0
        var start = text.startIndex
        while let found = text.byteRange(of: needle, from: start) {
            count += 1
            start = found.upperBound
        }
        return count
    }
}
