import Claude
import Synchronization

/// A model whose answers a test writes.
final class FakeModel: ModelClient {
    /// One request, answered by the test.
    struct Call: Sendable {
        let request: MessagesRequest
        let source: ScriptedSource

        func text(_ text: String) { source.put(.text(text)) }
        func retrying(_ reason: ModelError, delay: Duration) {
            source.put(.retrying(attempt: 1, delay: delay, reason: reason))
        }
        func finish(input: Int = 0, output: Int = 0) {
            source.put(.finished(TokenUsage(inputTokens: input, outputTokens: output)))
            source.end()
        }
        func fail(_ error: ModelError) { source.fail(error) }
    }

    /// Calls that the test has not taken, the code model's and the chat model's apart.
    let codeCalls = Mailbox<Call>()
    let chatCalls = Mailbox<Call>()
    /// Answers of the code model in turn, when the test writes none itself.
    private let script = Mutex<[String]?>(nil)
    private let codeModel = "code"

    /// Answers all calls by itself: the code model with these files in turn, the last one again and again.
    func answer(_ files: [String]) {
        script.withLock { $0 = files }
    }

    func stream(_ request: MessagesRequest) -> ModelStream {
        let source = ScriptedSource()
        let call = Call(request: request, source: source)
        let isCode = request.model == codeModel
        let file = script.withLock { script -> String? in
            guard let files = script, let first = files.first else { return nil }
            if isCode, files.count > 1 { script?.removeFirst() }
            return first
        }
        if let file {
            call.text(isCode ? file : "Made it.")
            call.finish(input: 10, output: 20)
        } else if isCode {
            codeCalls.put(call)
        } else {
            chatCalls.put(call)
        }
        return ModelStream(source: source)
    }
}

/// Events as a test puts them.
final class ScriptedSource: ModelStreamSource {
    private enum Item: Sendable {
        case event(ModelEvent)
        case end
        case failure(ModelError)
    }

    private let items = Mailbox<Item>()
    private let cancelled = Mutex(false)

    var isCancelled: Bool { cancelled.withLock { $0 } }

    func put(_ event: ModelEvent) { items.put(.event(event)) }
    func end() { items.put(.end) }
    func fail(_ error: ModelError) { items.put(.failure(error)) }

    func nextBatch() async throws -> [ModelEvent]? {
        switch try await items.take() {
        case .event(let event):
            var batch = [event]
            while case .event(let next)? = items.takeNow(if: { if case .event = $0 { true } else { false } }) {
                batch.append(next)
            }
            return batch
        case .end: return nil
        case .failure(let error): throw error
        }
    }

    func cancel() {
        cancelled.withLock { $0 = true }
        items.put(.failure(.cancelled))
    }
}
