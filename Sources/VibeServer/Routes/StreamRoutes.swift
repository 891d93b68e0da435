internal import Catalogue
internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Orchestration
internal import Realtime

/// The hub's publications without the WebSocket protocol: as Server-Sent Events, or one JSON object a line.
package struct StreamRoutes: Sendable {
    private let hub: Hub
    private let application: any RealtimeApplication
    private let gate: ConnectionGate
    private let logger: Logger

    init(
        hub: Hub,
        application: any RealtimeApplication,
        gate: ConnectionGate = ConnectionGate(),
        logger: Logger
    ) {
        self.hub = hub
        self.application = application
        self.gate = gate
        self.logger = logger
    }

    func add(to routes: inout RouteBuilder) {
        routes.on(.get, "/connection/uni_sse") { request, context in
            try await stream(.eventStream, type: "text/event-stream", request, context)
        }
        routes.on(.get, "/connection/uni_http_stream") { request, context in
            try await stream(.lines, type: "application/x-ndjson", request, context)
        }
    }

    private func stream(
        _ format: OneWayStream.Format,
        type: String,
        _ request: Request,
        _ context: ServerRequestContext
    ) async throws -> Response {
        let asked = try Self.oneWayRequest(format, request)
        let headers: HTTPFields = [
            .contentType: type, .cacheControl: "no-store", .init("X-Accel-Buffering") ?? .vary: "no",
        ]
        if request.method == .head { return Response(status: .ok, headers: headers) }
        let stream = try await open(asked, on: context.channel)
        let body = ResponseBody { writer in
            // The peer's end of the connection is the end of the stream, though nothing may be about to be written.
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                while let bytes = await stream.next() { try await writer.write(bytes) }
                try Task.checkCancellation()
                try await writer.finish(nil)
            }
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// Opens the stream; it ends with the HTTP connection at the latest.
    private func open(_ request: OneWayRequest, on channel: any NIOCore.Channel) async throws -> OneWayStream {
        let ticket = try gate.enter(from: channel.remoteAddress)
        do {
            let stream = try await hub.openStream(
                request,
                application: application,
                eventLoop: channel.eventLoop,
                logger: logger,
                cut: { channel.close(promise: nil) }
            )
            channel.closeFuture.whenComplete { _ in
                stream.ended()
                ticket.giveBack()
            }
            return stream
        } catch {
            ticket.giveBack()
            throw APIError(client: error)
        }
    }

    private static func oneWayRequest(_ format: OneWayStream.Format, _ request: Request) throws -> OneWayRequest {
        let query = try QueryItems(request.uri.query)
        let names = query["channels"] ?? ""
        let channels = names.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard channels.allSatisfy({ !$0.isEmpty }), Set(channels).count == channels.count else {
            throw APIError(.badChannels)
        }
        var asked = OneWayRequest(format: format, channels: channels)
        asked.token = query["token"] ?? request.bearerToken
        asked.data = data(userID: query["user_id"], name: query["name"])
        let lastID = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] } ?? query["last_event_id"]
        if let lastID { asked.positions = OneWayWriter.positions(id: lastID, channels: channels) }
        return asked
    }

    private static func data(userID: String?, name: String?) -> ByteBuffer? {
        guard userID != nil || name != nil else { return nil }
        var json = JSONWriter()
        json.beginObject()
        json.member("user_id", ifPresent: userID)
        json.member("name", ifPresent: name)
        json.endObject()
        return json.finish()
    }
}

extension APIError {
    /// What a client of the protocol would be told, as HTTP says it.
    init(client error: ClientError) {
        switch error {
        case .unknownChannel: self = .notFound
        case .permissionDenied: self.init(.permissionDenied)
        case .tokenExpired, ClientError(.invalidToken): self.init(.invalidToken)
        case .limitExceeded: self.init(.tooManyChannels)
        case .badRequest: self.init(.badChannels)
        case ClientError(.shutdown): self.init(.shuttingDown)
        default:
            let reason = error.reason.map { Data($0.readableBytesView) }
            let meaning = reason.flatMap { try? JSONDecoder().decode(Meaning.self, from: $0) }
            if let meaning, let code = RefusalCode(rawValue: meaning.code) {
                self.init(code, meaning.members)
            } else {
                self.init(.notAvailable, headers: [.retryAfter: "1"])
            }
        }
    }
}
