internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Routes, checks and answers requests; every answer has a `request-id`.
struct MessagesResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    /// Bytes in a body at most: 32 MB, as documented.
    static let maximumBodyBytes = 32 << 20

    private let apiKey: String?
    private let pace: Pace
    private let rehearsal: Rehearsal
    private let faults: FaultPlan
    private let answers: AnswerPlan
    private let identifiers: Identifiers

    init(configuration: SimulatorConfiguration) {
        apiKey = configuration.apiKey
        pace = Pace(tokensPerSecond: configuration.tokensPerSecond)
        rehearsal = Rehearsal(seed: configuration.seed)
        faults = FaultPlan(configuration.faults)
        answers = AnswerPlan(configuration.answers)
        identifiers = Identifiers(seed: configuration.seed)
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        let requestID = identifiers.next("req_")
        do {
            return try await answer(request, requestID: requestID)
        } catch let error as APIError {
            return error.response(requestID: requestID)
        }
    }

    private func answer(_ request: Request, requestID: String) async throws -> Response {
        let path = request.uri.path
        guard path == "/v1/messages" || path == "/v1/messages/count_tokens" else { throw APIError.notFound }
        guard request.method == .post else { throw APIError.invalid("Method Not Allowed", status: 405) }
        guard let key = Self.credential(in: request.headers) else { throw APIError.authentication }
        guard apiKey == nil || apiKey == key else { throw APIError.wrongKey }
        guard request.headers[.anthropicVersion]?.isEmpty == false else {
            throw APIError.invalid("anthropic-version: header is required")
        }
        var request = request
        let body = try await Self.body(of: &request)
        if path == "/v1/messages/count_tokens" {
            let call = try MessagesCall(body: body, countsOnly: true)
            return json(ByteBuffer(string: #"{"input_tokens":\#(call.inputTokens)}"#), requestID: requestID)
        }
        return try await messages(MessagesCall(body: body), request: request, requestID: requestID)
    }

    private func messages(_ call: MessagesCall, request: Request, requestID: String) async throws -> Response {
        let followUp = FollowUp(call)
        let reading = RequestReading(followUp?.original ?? call).withoutGap(call)
        let fault = faults.next(isCode: reading.wantsCode, isFirst: reading.isFirst)
        switch fault {
        case .rateLimit: throw APIError.rateLimit
        case .overloaded: throw APIError.overloaded
        case .internalError: throw APIError.internalError
        default: break
        }
        let breaks = fault == .badComponent
        let rest = followUp?.rest(of: rehearsal.answer(to: reading, breaks: breaks))
        let shape = reading.wantsCode ? answers.next(isRest: rest != nil) : nil
        let text = rest ?? rehearsal.answer(to: reading, breaks: breaks, shape: shape)
        var answer = PreparedAnswer(text: text, call: call)
        switch shape {
        case .maximumTokens, .maximumTokensTwice: answer.cutInHalf()
        case .refusalStop: answer.stop = .refusal
        default: if fault == .maximumTokens { answer.cutInHalf() }
        }
        let ending = StreamEnding(fault, shape)
        let events = MessageEvents(
            messageID: identifiers.next("msg_"),
            model: call.model,
            inputTokens: call.inputTokens
        )
        if call.streams {
            return stream(
                StreamWriter(
                    events: events,
                    answer: answer,
                    pace: pace,
                    ending: ending,
                    cutsCharacters: shape == .surrogates
                ),
                request,
                requestID
            )
        }
        return plain(events, answer, ending, request, requestID)
    }

    private func stream(_ stream: StreamWriter, _ request: Request, _ requestID: String) -> Response {
        var headers: HTTPFields = [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache"]
        headers[.requestID] = requestID
        let body = request.body
        return Response(
            status: .ok,
            headers: headers,
            body: .init { writer in
                guard stream.ending == .stall else { return try await stream.write(to: &writer) }
                // Nothing is written while it stalls, so only the reading side tells that the client has gone.
                try await body.consumeWithCancellationOnInboundClose { [writer] _ in
                    var writer = writer
                    try await stream.write(to: &writer)
                }
            }
        )
    }

    private func plain(
        _ events: MessageEvents,
        _ answer: PreparedAnswer,
        _ ending: StreamEnding,
        _ request: Request,
        _ requestID: String
    ) -> Response {
        var buffer = ByteBuffer()
        events.writeMessage(
            text: answer.pieces.joined(),
            stop: answer.stop,
            outputTokens: answer.pieces.count,
            to: &buffer
        )
        let whole = buffer
        guard ending.isEarly else { return json(whole, requestID: requestID) }
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.requestID] = requestID
        let body = request.body
        return Response(
            status: .ok,
            headers: headers,
            body: .init(contentLength: whole.readableBytes) { writer in
                try await writer.write(whole.getSlice(at: 0, length: whole.readableBytes / 2) ?? ByteBuffer())
                guard ending == .stall else { throw StreamCut() }
                try await body.consumeWithCancellationOnInboundClose { _ in try await StreamWriter.waitForever() }
            }
        )
    }

    private func json(_ buffer: ByteBuffer, requestID: String) -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.requestID] = requestID
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: buffer))
    }

    /// The key in `x-api-key`, or the bearer token.
    private static func credential(in headers: HTTPFields) -> String? {
        if let key = headers[.apiKey], !key.isEmpty { return key }
        guard let value = headers[.authorization] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }

    private static func body(of request: inout Request) async throws -> ByteBuffer {
        if let text = request.headers[.contentLength], let length = Int(text), length > maximumBodyBytes {
            throw APIError.tooLarge
        }
        do {
            return try await request.collectBody(upTo: maximumBodyBytes)
        } catch is NIOTooManyBytesError {
            throw APIError.tooLarge
        }
    }
}
