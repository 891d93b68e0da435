import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import ClaudeSimulator

struct AnswerShapeTests {
    private static let headers: HTTPFields = [.contentType: "application/json", .apiKey: "k", .anthropicVersion: "v"]
    private static let wish = Requests.message("a counter")

    /// What a stream holds: its text, its stop reason and its bytes.
    private struct Answer {
        var text = ""
        var stop: String?
        var raw: String

        init(_ body: ByteBuffer) {
            raw = String(buffer: body)
            for line in raw.split(separator: "\n") where line.hasPrefix("data: {") {
                let event = try? JSONSerialization.jsonObject(with: Data(line.utf8.dropFirst(6))) as? [String: Any]
                let delta = event?["delta"] as? [String: Any]
                text += delta?["text"] as? String ?? ""
                stop = delta?["stop_reason"] as? String ?? stop
            }
        }
    }

    private func ask(
        _ client: LiveSimulator,
        _ turns: [String] = [wish],
        system: String = Requests.codeSystem
    ) async throws -> Answer {
        var body = ByteBuffer(string: #"{"model":"m","max_tokens":64000,"stream":true,"system":"#)
        body.writeJSON(system)
        body.writeString(#","messages":["#)
        for (index, turn) in turns.enumerated() {
            body.writeString(index == 0 ? "" : ",")
            body.writeString(#"{"role":"\#(index % 2 == 0 ? "user" : "assistant")","content":"#)
            body.writeJSON(turn)
            body.writeString("}")
        }
        body.writeString("]}")
        return try await client.execute(uri: "/v1/messages", method: .post, headers: Self.headers, body: body) {
            #expect($0.status == .ok)
            return Answer($0.body)
        }
    }

    private func serve(
        _ answers: [AnswerShape],
        _ body: @escaping @Sendable (LiveSimulator) async throws -> Void
    ) async throws {
        try await LiveSimulator.run(.init(tokensPerSecond: 0, answers: answers), body)
    }

    private static func text(_ shape: AnswerShape?, _ reading: RequestReading) -> String {
        Rehearsal(seed: 0).answer(to: reading, shape: shape)
    }

    @Test(arguments: AnswerShape.allCases) func isServedByNameOnce(shape: AnswerShape) async throws {
        let reading = try Requests.reading("a counter")
        let shaped = Self.text(shape, reading)
        let plain = Self.text(nil, reading)
        try await serve([shape]) { client in
            // The explanation has no shape and uses none up.
            #expect(try await ask(client, system: "Explain.").stop == "end_turn")
            switch shape {
            case .brokenStream:
                await #expect(throws: (any Error).self) { try await ask(client) }
            case .maximumTokens, .maximumTokensTwice:
                let answer = try await ask(client)
                #expect(answer.stop == "max_tokens" && shaped.hasPrefix(answer.text) && answer.text != shaped)
            case .surrogates:
                // No decoder of whole events takes these; a half ends one event and begins another.
                let answer = try await ask(client)
                let count = answer.raw.components(separatedBy: "\\ud83c\"}}\n\n").count
                #expect(count == 3 && answer.raw.components(separatedBy: "\"text\":\"\\udf88").count == 2)
            case .bom:
                // Foundation drops the mark.
                let answer = try await ask(client)
                #expect(answer.raw.hasBytes("\"\u{FEFF}") && answer.text == String(shaped.dropFirst()))
            default:
                let answer = try await ask(client)
                #expect(answer.text == shaped)
                #expect(answer.stop == (shape == .refusalStop ? "refusal" : "end_turn"))
                #expect(answer.raw.contains("message_stop") == ![.noMessageStop, .doneMarker].contains(shape))
                #expect(answer.raw.hasSuffix("data: [DONE]\n\n") == (shape == .doneMarker))
            }
            #expect(try await ask(client).text == plain)
        }
    }

    @Test func areServedInOrderThenNoMore() async throws {
        let reading = try Requests.reading("a counter")
        try await serve([.question, .shellFirst, .question]) { client in
            for shape in [AnswerShape.question, .shellFirst, .question, nil, nil] {
                let answer = try await ask(client)
                #expect(answer.text == Self.text(shape, reading))
            }
        }
    }

    @Test func goesOnExactlyWhereItStopped() async throws {
        let whole = Self.text(nil, try Requests.reading("a counter"))
        try await serve([.maximumTokens, .question]) { client in
            let beginning = try await ask(client)
            for asked in [beginning.text, beginning.text.trimmed] {
                let rest = try await ask(client, [Self.wish, asked, "Go on exactly where you stopped."])
                #expect(asked + rest.text == whole)
                #expect(rest.stop == "end_turn")
            }
            #expect(try await ask(client).text == Self.text(.question, try Requests.reading("a counter")))
        }
    }

    @Test func stopsASecondTimeWhenToldTo() async throws {
        let whole = Self.text(nil, try Requests.reading("a counter"))
        try await serve([.maximumTokensTwice]) { client in
            let beginning = try await ask(client)
            let more = try await ask(client, [Self.wish, beginning.text, "Go on."])
            #expect(more.stop == "max_tokens" && whole.hasPrefix(beginning.text + more.text))
            let rest = try await ask(client, [Self.wish, beginning.text + more.text, "Go on."])
            #expect(rest.stop == "end_turn" && beginning.text + more.text + rest.text == whole)
        }
    }

    @Test func answersWhetherItWasMeantWithTheWholeFile() async throws {
        let code = try Requests.component("a counter")
        let message = Requests.message("make it blue", code: code)
        let whole = Self.text(nil, try Requests.reading("make it blue", code: code))
        try await serve([.shrink]) { client in
            let tiny = try await ask(client, [message])
            #expect(tiny.text.utf8.count < 400)
            #expect(try await ask(client, [message, tiny.text, "Is this meant?"]).text == whole)
        }
        try await serve([.shrink, .shrink]) { client in
            let tiny = try await ask(client, [message])
            #expect(try await ask(client, [message, tiny.text, "Is this meant?"]).text == tiny.text)
        }
    }

    @Test(arguments: [Defect.undefinedName, .missingExport, .remoteImport, .nodeImport], ComponentTests.names)
    func aRepairTakesTheDefectOut(defect: Defect, name: String) throws {
        let code = try ComponentTests.code(name)
        let broken = try #require(defect.put(into: code))
        #expect(broken != code)
        let mended = try #require(Defect.mend(broken))
        #expect(Defect.mend(mended) == nil)
        #expect(mended.utf8.count == code.utf8.count)
        #expect(Defect.mend(code) == nil)
    }

    @Test(arguments: Gap.allCases, ComponentTests.names) func aRepairFillsTheGapFromTheLastGoodFile(
        gap: Gap,
        name: String
    ) throws {
        let code = try ComponentTests.code(name)
        let gapped = try #require(gap.put(into: code))
        #expect(Gap.isIn(gapped) && !Gap.isIn(code))
        for (file, expected) in [(code, code), (gapped, nil)] {
            let text =
                "<current_file path=\"x\">\n\(file)</current_file>\n<errors>\nno\n</errors>\n<request>\nmake it blue\n</request>"
            let call = try MessagesCall(body: Requests.body(text))
            var reading = RequestReading(call)
            // What failed is the code to mend.
            reading.code = gapped
            let filled = reading.withoutGap(call)
            #expect(filled.code == expected && !filled.hasErrors && filled.wish == "make it blue")
            reading.hasErrors = false
            #expect(reading.withoutGap(call) == reading)
        }
    }

    @Test func aFollowUpHasNoRequestOfItsOwn() throws {
        func isFollowUp(_ turns: [String]) -> Bool {
            let call = MessagesCall(
                model: "m",
                system: "",
                turns: turns.enumerated().map { .init(isUser: $0.offset % 2 == 0, text: $0.element) },
                maximumTokens: 1,
                streams: true,
                stopSequences: []
            )
            return FollowUp(call) != nil
        }
        #expect(isFollowUp([Self.wish, "a", "b"]) && isFollowUp(["x", "y", Self.wish, "a", "b"]))
        #expect(!isFollowUp([Self.wish]) && !isFollowUp(["a", "b", "c"]) && !isFollowUp([Self.wish, "a", Self.wish]))
    }
}
