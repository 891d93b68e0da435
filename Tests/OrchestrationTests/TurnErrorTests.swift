import Catalogue
import Claude
import Logging
import Sandboxes
import Testing

@testable import Orchestration

@Suite("What a turn's error tells")
struct TurnErrorTests {
    private static func service(_ status: Int, _ type: String = "t_ype") -> ModelError {
        .service(status: status, type: type, message: "mess", requestID: "req", retryAfter: nil)
    }

    @Test(
        "each error of the model has a code",
        arguments: [
            (service(529), .modelBusy), (service(503), .modelBusy), (service(429), .modelRateLimited),
            (service(401), .modelKeyRefused), (service(402), .modelNoCredit), (service(403), .modelNotPermitted),
            (service(404), .modelNotFound), (service(413), .modelRequestTooLarge), (service(408), .modelTimeout),
            (service(504), .modelTimeout), (service(400), .modelRequestRefused), (service(500), .modelFailed),
            (service(302), .modelFailed), (.streamError(type: "overloaded_error", message: "mess"), .modelBusy),
            (.streamError(type: "t_ype", message: "mess"), .modelFailed),
            (.connection(code: 7, message: "mess"), .modelUnreachable), (.idleTimeout, .modelSilent),
            (.truncated, .modelConnectionLost), (.maximumTokens, .answerTooLong), (.refused(), .modelDeclined),
            (.malformed("mess"), .modelAnswerMalformed),
        ] as [(ModelError, TurnError)]
    )
    func models(error: ModelError, code: TurnError) {
        #expect(Meaning(error).code == code.rawValue)
        #expect(Meaning(error).members.keys.allSatisfy(code.members.contains))
    }

    @Test("an error of the service tells its own words and the request's name")
    func words() {
        let told: [String: Meaning.Value] = ["text": .text("mess"), "request_id": .text("req")]
        #expect(Meaning(Self.service(400)) == Meaning(.modelRequestRefused, told))
        let sent = ModelError.streamError(type: "x", message: " mess\u{2028}", requestID: "req")
        #expect(Meaning(sent) == Meaning(.modelFailed, told))
        #expect(Meaning(.refused(explanation: "mess", requestID: "req")) == Meaning(.modelDeclined, told))
        #expect(Meaning(.streamError(type: "x", message: " ")) == Meaning(.modelFailed))
        #expect(Meaning(.connection(code: 7, message: "mess")) == Meaning(.modelUnreachable))
        let logged: Logger.Metadata = [
            "error.type": "model_request_refused", "error.message": "mess", "claude.request_id": "req",
        ]
        #expect(Meaning(Self.service(400)).logged == logged)
    }

    @Test("the service's words are cut to a length", arguments: [200, 201, 5_000])
    func longWords(length: Int) {
        let text = Meaning(.streamError(type: "x", message: String(repeating: "é", count: length))).text("text")
        #expect(text?.unicodeScalars.count == 200)
        #expect(text?.last == (length > 200 ? "…" : "é"))
    }

    @Test(
        "each error of a sandbox has a code",
        arguments: [
            (.timeout("x"), Meaning(.sandboxTimeout)), (.died("x"), Meaning(.sandboxDied)),
            (.badAnswer("x"), Meaning(.sandboxBadAnswer)), (.refused("x"), Meaning(.codeRefused)),
            (.full, Meaning(.sandboxesFull)),
            (.unavailable("bun"), Meaning(.sandboxUnavailable, ["text": .text("bun")])),
            (
                .system(operation: "mkdir", code: 13, message: "denied"),
                Meaning(.sandboxFailed, ["operation": .text("mkdir"), "text": .text("denied")])
            ),
        ] as [(SandboxError, Meaning)]
    )
    func sandboxes(error: SandboxError, meaning: Meaning) {
        #expect(Meaning(error) == meaning)
    }

    @Test("a build that failed tells how many repairs it had, of how many")
    func builds() {
        let failure = TurnFailure.build([RepairTests.error], repairs: 1, limit: 3)
        #expect(failure.meaning == Meaning(.buildFailed, ["repairs": 1, "repair_limit": 3]))
        #expect(TurnFailure(CatalogueErrorSample.full).meaning == Meaning(.storageFull))
        #expect(TurnFailure(CatalogueErrorSample.other).meaning == Meaning(.storageFailed))
    }

    private enum CatalogueErrorSample {
        static let full = CatalogueError.full
        static let other = CatalogueError.sqlite(code: 1, message: "x")
    }
}
