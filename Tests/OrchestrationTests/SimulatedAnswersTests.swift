import NIOCore
import Testing

@testable import ClaudeSimulator
@testable import Orchestration

/// The simulator's shapes are read as what they are: prose, or the whole file and nothing else.
@Suite struct SimulatedAnswersTests {
    private static let wishes = ["a tea timer", "a to-do list", "markdown notes"]

    private func answer(_ shape: AnswerShape?, _ wish: String, code: String? = nil) throws -> String {
        var text = code.map { "<current_file path=\"src/LLMComponent.tsx\">\n\($0)</current_file>\n\n" } ?? ""
        text += "<request>\n\(wish)\n</request>"
        let call = MessagesCall(
            model: "m",
            system: "src/LLMComponent.tsx",
            turns: [.init(isUser: true, text: text)],
            maximumTokens: 64_000,
            streams: true,
            stopSequences: []
        )
        return Rehearsal(seed: 0).answer(to: RequestReading(call), shape: shape)
    }

    private func read(_ text: String) -> Answer.Outcome {
        var reader = AnswerReader()
        for scalar in text.unicodeScalars { _ = reader.feed(String(scalar)) }
        return reader.finish().answer.outcome
    }

    private func file(_ text: String) throws -> AnswerFile {
        guard case .file(let file) = read(text) else { throw NoFile() }
        return file
    }

    private func lines(of text: String) -> [Substring] { text.split(separator: "\n") }

    private struct NoFile: Error {}

    private static let prose: Set<AnswerShape> = [.question, .refusal, .refusalStop]
    /// Shapes whose file is not the one that was asked for.
    private static let altered: Set<AnswerShape> = [
        .docFence, .stringFence, .commentFence, .apostrophe, .regex, .surrogates, .undefinedName,
        .missingExport, .remoteImport, .nodeImport, .emptyBody,
    ]

    @Test(arguments: AnswerShape.allCases) func isProseOrTheWholeFile(shape: AnswerShape) throws {
        for wish in Self.wishes {
            let text = try answer(shape, wish)
            if Self.prose.contains(shape) {
                guard case .prose = read(text) else {
                    Issue.record("a file in \(shape)")
                    continue
                }
                continue
            }
            let read = try file(text)
            let whole = try file(answer(nil, wish)).text
            #expect(read.hasDefaultExport && !read.isCut && !read.isFragment)
            if Self.altered.contains(shape) {
                #expect(read.text != whole)
                #expect(shape == .emptyBody || read.text.hasSuffix(String(whole.suffix(200))))
                #expect(!read.text.contains("Here is the whole file") && !read.text.contains("That's all of it"))
            } else {
                // The last line end may be lost with the prose behind it.
                #expect(lines(of: read.text) == lines(of: whole))
            }
        }
    }

    @Test(arguments: [AnswerShape.elision, .elisionJSX]) func leavesOutWhatWasThere(shape: AnswerShape) throws {
        for wish in Self.wishes {
            let before = try file(answer(nil, wish)).text
            let after = try file(answer(shape, "make it blue", code: before)).text
            #expect(Elisions.find(in: after, previous: before).count == 1)
            #expect(Elisions.find(in: before, previous: before).isEmpty)
        }
    }

    @Test func shrinksTheFile() throws {
        for wish in Self.wishes {
            let before = try file(answer(nil, wish)).text
            let after = try file(answer(.shrink, "make it blue", code: before)).text
            #expect(Shrinkage.isSuspicious(new: after, previous: before, prompt: "make it blue"))
        }
    }
}
