internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Asks a sandbox's dev server.
///
/// Nothing that it answers is believed before it is measured and parsed.
struct RelayClient: Sendable {
    let endpoint: SandboxEndpoint
    /// Longer answers are refused.
    var maximumAnswerBytes = 1 << 20
    private static let maximumErrors = 100
    private static let maximumTextBytes = 4096

    /// - Throws: `SandboxError`.
    func heartbeat(timeout: Duration) async throws {
        let answer = try await ask(.GET, "/heartbeat", body: nil, timeout: timeout)
        guard answer.status == .ok, try parse(answer).status == "ok" else {
            throw SandboxError.badAnswer("a heartbeat with status \(answer.status.code)")
        }
    }

    /// - Throws: `SandboxError`.
    func edit(files: [String: String], checksNames: Bool = false, timeout: Duration) async throws -> EditOutcome {
        let body = try JSONEncoder().encode(EditRequest(files: files, names: checksNames))
        let answer = try await ask(.POST, "/edit", body: ByteBuffer(bytes: body), timeout: timeout)
        let parsed = try parse(answer)
        switch (answer.status, parsed.status) {
        case (.ok, "ok"): return parsed.unchecked == true ? .unchecked : .succeeded
        case (.ok, "error"): return .failed(try errors(of: parsed))
        case (.badRequest, "error"):
            throw SandboxError.refused(try errors(of: parsed).first?.text ?? "")
        default:
            let text = parsed.errors?.first?.text ?? ""
            throw SandboxError.badAnswer("an edit answered with status \(answer.status.code): \(clip(text))")
        }
    }

    private struct EditRequest: Encodable {
        var files: [String: String]
        var names: Bool
    }

    private struct Answer: Decodable {
        struct Message: Decodable {
            var path: String
            var line: Int
            var column: Int
            var text: String
            var code: String?
            var module: String?
        }
        var status: String
        var unchecked: Bool?
        var errors: [Message]?
    }

    private func parse(_ answer: RelayAnswer) throws -> Answer {
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(answer.body.readableBytesView))
        } catch {
            throw SandboxError.badAnswer("an answer with status \(answer.status.code) that is not the JSON expected")
        }
    }

    private func errors(of answer: Answer) throws -> [BuildError] {
        guard let errors = answer.errors, !errors.isEmpty else { throw SandboxError.badAnswer("errors without any") }
        return errors.prefix(Self.maximumErrors).map { error in
            var found = BuildError(
                path: clip(error.path),
                line: max(1, error.line),
                column: max(1, error.column),
                text: clip(error.text)
            )
            found.code = error.code.flatMap(BuildError.Code.init)
            found.module = error.module.map(clip)
            return found
        }
    }

    private func clip(_ text: String) -> String {
        text.utf8.count <= Self.maximumTextBytes
            ? text : String(decoding: text.utf8.prefix(Self.maximumTextBytes), as: UTF8.self)
    }

    /// Asks for anything.
    ///
    /// - Throws: `SandboxError`.
    func ask(
        _ method: HTTPMethod,
        _ path: String,
        body: ByteBuffer?,
        timeout: Duration,
        headers: HTTPHeaders = [:]
    ) async throws -> RelayAnswer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: RelayAnswer.self)
        let deadline = loop.scheduleTask(in: TimeAmount(timeout)) {
            promise.fail(SandboxError.timeout("no answer to \(path) within \(timeout)"))
        }
        promise.futureResult.whenComplete { _ in deadline.cancel() }
        let channel: any Channel
        do {
            let maximumBytes = maximumAnswerBytes
            channel = try await ClientBootstrap(group: loop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
                        try pipeline.addHandler(AnswerHandler(maximumBytes: maximumBytes, promise: promise))
                    }
                }
                .withConnectedSocket(endpoint.connect())
                .get()
        } catch {
            promise.fail(error)
            return try await promise.futureResult.get()
        }
        promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: path)
        head.headers = ["host": "localhost", "accept": "application/json", "connection": "close"]
        head.headers.add(contentsOf: headers)
        if let body {
            head.headers.add(name: "content-type", value: "application/json")
            head.headers.add(name: "content-length", value: "\(body.readableBytes)")
        }
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if let body { channel.write(HTTPClientRequestPart.body(.byteBuffer(body)), promise: nil) }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        return try await withTaskCancellationHandler {
            try await promise.futureResult.get()
        } onCancel: {
            promise.fail(CancellationError())
        }
    }
}
