import Testing

@testable import ClaudeSimulator

struct EditTests {
    @Test(arguments: [
        ("make it red", [Edit.colour(.red)]), ("green accent", [.colour(.green)]),
        ("use a dark background", [.dark(true, black: false)]), ("dark mode", [.dark(true, black: false)]),
        ("make the background blue", [.ground(.blue)]), ("white text on a navy background", [.ground(.blue)]),
        ("make the title purple", [.heading(.purple)]), ("bigger text", [.scale(15)]),
        ("rounded corners", [.corners(.round)]), ("make the corners square", [.corners(.square)]),
        ("rename it to Fish and Chips", [.title("Fish and Chips")]), ("call it Steep", [.title("Steep")]),
        (#"change the title to "Salt and make Pepper, then go""#, [.title("Salt and make Pepper, then go")]),
        ("add a footer", [.add(.footer, heading: nil)]), ("add a reset button", [.add(.reset, heading: nil)]),
        ("add an about section", [.add(.about, heading: nil)]),
        ("add a dark mode toggle", [.add(.lights, heading: nil)]),
        (#"add a section titled "Our bees""#, [.note("Our bees")]),
        ("count by 5", [.number(constant: "STEP", value: 5)]),
        ("remove the footer", [.remove(.footer)]), ("sing it to me in French", [.note("Sing it to me in French")]),
        ("make the button green and the background dark", [.colour(.green), .dark(true, black: false)]),
        (
            "Rename the app to Nonna's kitchen and add a footer",
            [.title("Nonna's kitchen"), .add(.footer, heading: nil)]
        ),
        (
            "add a FAQ and a contact section and make it orange",
            [.add(.faq, heading: nil), .add(.contact, heading: nil), .colour(.orange)]
        ),
    ])
    func readsFollowUps(wish: String, edits: [Edit]) {
        #expect(EditParser.edits(for: wish) == edits)
    }

    static let wishes =
        [
            "make it red", "use a dark background", "bigger text", "make the corners square", "a serif font",
            "make the title purple",
            "make the background blue", "rename it to \"Foo\"", "something nobody has rehearsed",
        ] + Section.allCases.map { "add \($0.noun)" }

    @Test(arguments: ComponentTests.names)
    func changesWhatIsNamedAndNothingElse(name: String) throws {
        let code = try ComponentTests.code(name)
        for wish in Self.wishes {
            let edited = try Requests.component(Requests.reading(wish, code: code))
            #expect(edited != code, "\(wish)")
            // The main component up to its JSX, and so its hooks, are the same bytes.
            #expect(logic(edited) == logic(code), "\(wish)")
            #expect(edited.contains(EditApplier.anchor))
            #expect(Look(code: edited) != nil)
            #expect(edited.hasSuffix("\n};\n"))
        }
    }

    @Test func sectionsOnlyInsert() throws {
        let code = try ComponentTests.code("counter")
        for section in Section.allCases {
            let edited = EditApplier.apply([.add(section, heading: nil)], to: code, wish: "")
            var rest = edited.split(separator: "\n", omittingEmptySubsequences: false)[...]
            for line in code.split(separator: "\n", omittingEmptySubsequences: false).dropFirst() {
                let found = rest.firstIndex(of: line)
                #expect(found != nil, "\(section): \(line)")
                rest = rest[((found ?? rest.startIndex) + 1)...]
            }
        }
    }

    @Test func namesEverySectionByItsOwnNoun() {
        for section in Section.allCases {
            #expect(EditParser.edits(for: "add \(section.noun)") == [.add(section, heading: nil)])
        }
    }

    @Test func resetsWithTheComponentsOwnFunction() throws {
        let edited = EditApplier.apply(
            [.add(.reset, heading: nil)],
            to: try ComponentTests.code("counter"),
            wish: "add a reset button"
        )
        #expect(edited.contains("<button onClick={reset} "))
    }

    @Test func removesASectionThatWasAdded() throws {
        let code = try ComponentTests.code("counter")
        let added = EditApplier.apply([.add(.footer, heading: nil)], to: code, wish: "")
        #expect(EditApplier.apply([.remove(.footer)], to: added, wish: "") == code)
    }

    @Test func alwaysShowsSomething() throws {
        let code = try Requests.component("a red counter")
        let edited = try Requests.component(Requests.reading("make it red", code: code))
        #expect(edited.contains("{\"Make it red\"}"))
    }

    @Test func editsCodeThatItDidNotWrite() {
        let code = """
            export default function Hello() {
              return (
                <main className="bg-blue-600">
                  <h1>Hello</h1>
                </main>
              );
            }

            """
        #expect(EditApplier.apply([.colour(.red)], to: code, wish: "").contains("bg-red-600"))
        #expect(EditApplier.apply([.title("Bye")], to: code, wish: "").contains("<h1>{\"Bye\"}</h1>"))
        let added = EditApplier.apply([.add(.footer, heading: nil)], to: code, wish: "")
        #expect(added.contains("<footer"))
        #expect(!added.contains("theme."))
    }

    private func logic(_ code: String) -> Substring? {
        guard let start = code.byteRange(of: "export default function")?.lowerBound,
            let end = code.byteRange(of: "\n  return (\n    <main", from: start)
        else { return nil }
        return code[start..<end.lowerBound]
    }
}
