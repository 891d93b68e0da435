internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Realtime

/// What only the holder of the admin secret may do.
struct AdminRoutes: Sendable {
    let api: API
    /// The hub's counters now.
    let hubMetrics: @Sendable () -> HubMetrics

    func add(to routes: inout RouteBuilder) {
        routes.on(.post, "/api/app/{id}/terminate") { request, context in
            try await authorize(request)
            return try JSONAnswer.response(await api.terminate(context.parameters.require("id")))
        }
        routes.on(.post, "/api/app/{id}/toggle-feature") { request, context in
            try await authorize(request)
            return try JSONAnswer.response(await api.toggleFeature(context.parameters.require("id")))
        }
        routes.on(.post, "/api/app/{id}/snapshot") { request, context in
            try await authorize(request)
            return try JSONAnswer.response(await api.snapshot(context.parameters.require("id")))
        }
        routes.on(.get, "/api/snapshots/{id}") { request, context in
            try api.access.requireAdmin(secret: request.bearerToken)
            return try await download(context.parameters.require("id"), request, context)
        }
        routes.on(.get, "/metrics") { request, _ in
            try api.access.requireNumbers(secret: request.bearerToken)
            let text = ByteBuffer(string: api.metricsText(hubMetrics()))
            let fields: HTTPFields = [.contentType: MetricsText.contentType, .cacheControl: "no-store"]
            return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: text))
        }
        routes.on(.post, "/api/admin/terminate-all") { request, _ in
            try await authorize(request)
            return try JSONAnswer.response(await api.terminateAll())
        }
    }

    /// Takes the secret from `Authorization: Bearer` or from the body.
    private func authorize(_ request: Request) async throws {
        let arguments = try await JSONBody.decode(AdminArguments.self, from: request, optional: true)
        try api.access.requireAdmin(secret: request.bearerToken ?? arguments.adminSecret)
    }

    private func download(_ id: String, _ request: Request, _ context: ServerRequestContext) async throws -> Response {
        let path = try api.snapshotFile(id)
        let fields: HTTPFields = [
            .contentType: "application/x-tar", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            .contentDisposition: "attachment; filename=\"\(id).tar\"",
        ]
        if request.method == .head { return Response(status: .ok, headers: fields) }
        return Response(status: .ok, headers: fields, body: try await FileIO().loadFile(path: path, context: context))
    }
}
