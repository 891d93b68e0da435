internal import HTTPTypes
package import Hummingbird
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// The first to see a request: gives it an id, finds by its `Host` who answers, turns errors into answers, logs.
package struct FrontResponder: HTTPResponder {
    package typealias Context = ServerRequestContext

    private let policy: AccessPolicy
    private let platform: any HTTPResponder<ServerRequestContext>
    private let gateway: any PreviewResponder

    package init(
        policy: AccessPolicy,
        platform: any HTTPResponder<ServerRequestContext>,
        gateway: any PreviewResponder
    ) {
        self.policy = policy
        self.platform = platform
        self.gateway = gateway
    }

    package func respond(to request: Request, context: ServerRequestContext) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        do {
            response = try await route(request, context)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            let refusal = APIError(error)
            if refusal.status.code == 500 {
                context.logger.error("Request failed", metadata: ["error.type": "\(Swift.type(of: error))"])
            }
            response = refusal.response(requestID: context.requestID)
        }
        response.headers[.requestID] = context.requestID
        if request.method == .head { response = response.createHeadResponse() }
        context.logger.info(
            "Request answered",
            metadata: [
                "http.method": "\(request.method.rawValue)",
                "http.path": "\(request.uri.path.prefix(200))",
                "http.status": "\(response.status.code)",
                "http.ms": "\(start.duration(to: .now).milliseconds)",
            ]
        )
        return response
    }

    private func route(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        var request = request
        var context = context
        context.authority = try RequestTarget.authority(of: request.head)
        let target = RequestTarget.originForm(of: request.head)
        if target != request.head.path {
            var head = request.head
            head.path = target
            request = Request(head: head, body: request.body)
        }
        switch policy.target(of: context.authority) {
        case .platform:
            return try await platform.respond(to: request, context: context)
        case .preview(let appID):
            return try await gateway.respond(to: request, appID: appID, context: context)
        case .foreign:
            throw APIError(.unknownHost)
        }
    }
}

/// What answers requests to a preview's host.
package protocol PreviewResponder: Sendable {
    func respond(to request: Request, appID: String, context: ServerRequestContext) async throws -> Response
}

extension Duration {
    /// Whole milliseconds, rounded down.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}
