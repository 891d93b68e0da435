internal import HTTPTypes
package import Hummingbird
internal import NIOCore
internal import NIOHTTP1
internal import Orchestration

/// Passes requests for a preview's host to the app's dev server and streams the answer back.
package struct PreviewGateway: PreviewResponder {
    private let directory: any PreviewDirectory
    private let platform: String
    private let headers: HeaderPolicy
    private let site: StaticSite
    private let limits: GatewayLimits

    /// Serves previews; `policy` names the origins that may frame one, `site` has the page for one that is not there.
    package init(
        directory: any PreviewDirectory,
        policy: AccessPolicy,
        site: StaticSite,
        limits: GatewayLimits = GatewayLimits()
    ) {
        self.directory = directory
        self.platform = policy.publicOrigin.text
        self.headers = HeaderPolicy(frameAncestors: policy.frameAncestors)
        self.site = site
        self.limits = limits
    }

    package func respond(to request: Request, appID: String, context: ServerRequestContext) async throws -> Response {
        guard Self.methods.contains(request.method) else {
            throw APIError.methodNotAllowed(Self.methods.map(\.rawValue))
        }
        guard let target = request.head.path, target.utf8.first == UInt8(ascii: "/"), !ControlPaths.matches(target)
        else {
            throw APIError.notFound
        }
        let destination = await directory.previewTarget(appID: appID)
        guard case .running(let socketPath) = destination else {
            return try await absent(destination, appID: appID, request)
        }
        do {
            return try await forward(request, to: socketPath, context)
        } catch GatewayError.unreachable {
            return try await absent(.starting, appID: appID, request)
        } catch let error as GatewayError {
            throw error.refusal
        }
    }

    private func forward(
        _ request: Request,
        to socketPath: String,
        _ context: ServerRequestContext
    ) async throws -> Response {
        let exchange = try await UpstreamExchange.connect(
            socketPath: socketPath,
            on: context.channel.eventLoop,
            limits: limits
        )
        exchange.close(with: context.channel)
        let fields = headers.upstreamFields(of: request.head)
        let hasBody = fields.contains(name: "Transfer-Encoding") || (fields.first(name: "Content-Length") ?? "0") != "0"
        let head = HTTPRequestHead(
            version: .http1_1,
            method: HTTPMethod(rawValue: request.method.rawValue),
            uri: request.head.path ?? "/",
            headers: fields
        )
        do {
            try await exchange.send(head, hasBody: hasBody)
            let upload = hasBody ? Self.upload(request.body, to: exchange) : nil
            do {
                return Self.response(try await exchange.head(), headers, exchange, upload)
            } catch {
                await Self.end(exchange, upload)
                throw error
            }
        } catch let error as GatewayError {
            exchange.close()
            throw error
        } catch {
            exchange.close()
            throw GatewayError.endedEarly
        }
    }

    private static func response(
        _ head: HTTPResponseHead,
        _ policy: HeaderPolicy,
        _ exchange: UpstreamExchange,
        _ upload: Task<Void, Never>?
    ) -> Response {
        let status = HTTPResponse.Status(code: Int(head.status.code), reasonPhrase: head.status.reasonPhrase)
        let fields = policy.downstreamFields(of: head.headers)
        let length = fields[.contentLength].flatMap(Int.init)
        let body = ResponseBody(contentLength: length) { writer in
            do {
                while let bytes = try await exchange.nextBytes() { try await writer.write(bytes) }
                await end(exchange, upload)
            } catch {
                await end(exchange, upload)
                throw error
            }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: fields, body: body)
    }

    /// Sends a request's body while the answer is read: the one task that no scope holds, as the answer outlives the call.
    ///
    /// `end` waits for it, so that nobody else reads the connection at the same time.
    private static func upload(_ body: RequestBody, to exchange: UpstreamExchange) -> Task<Void, Never> {
        Task {
            do {
                for try await bytes in body { try await exchange.send(bytes) }
                try await exchange.finish()
            } catch {
                exchange.close()
            }
        }
    }

    private static func end(_ exchange: UpstreamExchange, _ upload: Task<Void, Never>?) async {
        exchange.close()
        upload?.cancel()
        await upload?.value
    }

    private func absent(_ target: PreviewTarget, appID: String, _ request: Request) async throws -> Response {
        let title = await directory.previewTitle(appID: appID)
        guard let absence = Absence(target: target, title: title) else { throw APIError.notFound }
        guard request.takesHTML else { throw absence.refusal }
        let page = NoticePage(
            absence: absence,
            appID: appID,
            title: title ?? "",
            place: .preview(platform: platform, isFramed: Self.isFramed(request))
        )
        let nonce = RequestIdentifier.make() + RequestIdentifier.make()
        let fields: HTTPFields = [
            .contentSecurityPolicy:
                "default-src 'none'; style-src 'nonce-\(nonce)'; base-uri 'none'; form-action 'none'; \(headers.framePolicy)"
        ]
        guard let response = await page.response(from: site, fields: fields, nonce: nonce) else {
            throw absence.refusal
        }
        return response
    }

    /// Whether the page around asks, and not a tab of its own (Fetch Metadata).
    private static func isFramed(_ request: Request) -> Bool {
        request.headers[.secFetchDest].map { $0 != "document" } ?? false
    }

    private static let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
}
