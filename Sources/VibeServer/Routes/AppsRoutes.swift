internal import HTTPTypes
internal import Hummingbird
internal import Orchestration

/// Making and listing apps.
struct AppsRoutes: Sendable {
    let api: API

    func add(to routes: inout RouteBuilder) {
        routes.on(.post, "/api/create") { request, _ in try await create(request) }
        routes.on(.get, "/api/apps") { request, _ in try await list(request) }
    }

    private func create(_ request: Request) async throws -> Response {
        let query = try QueryItems(request.uri.query)
        let wait = query["wait"]
        guard wait == nil || wait == "ready" else { throw APIError.notOneOf("wait", ["ready"]) }
        let arguments = try await JSONBody.decode(CreateArguments.self, from: request)
        let person = try Person(claimedUser: arguments.userID ?? query["user_id"], name: arguments.name)
        var answer = try await api.create(prompt: arguments.prompt, by: person)
        guard wait == "ready" else { return try JSONAnswer.response(answer, status: .accepted) }
        answer.outcome = try await api.waitUntilLive(answer.appID)
        return try JSONAnswer.response(answer)
    }

    private func list(_ request: Request) async throws -> Response {
        let query = try QueryItems(request.uri.query)
        var arguments = ListArguments()
        arguments.limit = try query.integer("limit", in: ListArguments.limits)
        arguments.cursor = query["cursor"]
        arguments.featured = try query.flag("featured")
        arguments.text = query["q"]
        arguments.userID = query["user_id"]
        return try JSONAnswer.response(await api.list(arguments))
    }
}
