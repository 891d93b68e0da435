internal import NIOCore
internal import Orchestration
internal import Realtime

/// The methods of the client protocol's `rpc`: the HTTP calls with the app's id as `app_id`.
struct RPCMethods: Sendable {
    let api: API

    /// The result as JSON; `nil` for a method that is none.
    ///
    /// - Throws: `APIError`, `OrchestrationError`.
    func call(_ method: String, _ data: ByteBuffer, by person: Person) async throws -> ByteBuffer? {
        switch method {
        case "app.create":
            return try JSONAnswer.buffer(
                await api.create(prompt: decode(CreateArguments.self, data).prompt, by: person)
            )
        case "app.write":
            let text = try decode(WriteArguments.self, data).text
            return try JSONAnswer.buffer(await api.write(appID(data), text: text, by: person))
        case "app.stop":
            return try JSONAnswer.buffer(await api.stop(appID(data), by: person))
        case "app.retry":
            return try JSONAnswer.buffer(await api.retry(appID(data), by: person))
        case "app.revert":
            let version = try decode(RevertArguments.self, data).version
            return try JSONAnswer.buffer(await api.revert(appID(data), version: version, by: person))
        case "app.get":
            return try JSONAnswer.buffer(await api.detail(appID(data)))
        case "app.history":
            return try JSONAnswer.buffer(await api.history(appID(data), decode(HistoryArguments.self, data)))
        case "app.versions":
            return try JSONAnswer.buffer(await api.versions(appID(data)))
        case "app.code":
            return try JSONAnswer.buffer(await api.code(appID(data), decode(CodeArguments.self, data)))
        case "apps.list":
            return try JSONAnswer.buffer(await api.list(decode(ListArguments.self, data)))
        default:
            return nil
        }
    }

    private func appID(_ data: ByteBuffer) throws -> String {
        try decode(AppArguments.self, data).appID
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ data: ByteBuffer) throws -> Value {
        try JSONBody.decode(type, from: data)
    }
}
