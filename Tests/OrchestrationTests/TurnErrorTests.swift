import Catalogue
import Claude
import Sandboxes
import Testing

@testable import Orchestration

@Suite("What a turn's error tells")
struct TurnErrorTests {
    private static func service(_ status: Int, _ type: String = "t_ype") -> ModelError {
        .service(status: status, type: type, message: "mess", requestID: "req", retryAfter: nil)
    }

    @Test(
        "each error of the model has a code, and nothing of what the service said",
        arguments: [
            (service(529), .modelBusy), (service(503), .modelBusy), (service(429), .modelRateLimited),
            (service(401), .modelKeyRefused), (service(402), .modelNoCredit), (service(403), .modelNotPermitted),
            (service(404), .modelNotFound), (service(413), .modelRequestTooLarge), (service(408), .modelTimeout),
            (service(504), .modelTimeout), (service(400), .modelRequestRefused), (service(500), .modelFailed),
            (service(302), .modelFailed), (.streamError(type: "overloaded_error", message: "mess"), .modelBusy),
            (.streamError(type: "t_ype", message: "mess"), .modelFailed),
            (.connection(code: 7, message: "mess"), .modelUnreachable), (.idleTimeout, .modelSilent),
            (.truncated, .modelConnectionLost), (.maximumTokens, .answerTooLong), (.refused, .modelDeclined),
            (.malformed("mess"), .modelAnswerMalformed),
        ] as [(ModelError, TurnError)]
    )
    func models(error: ModelError, code: TurnError) {
        #expect(Meaning(error) == Meaning(code))
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
