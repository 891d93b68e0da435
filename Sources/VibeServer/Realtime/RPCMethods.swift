internal import NIOCore
internal import Orchestration
internal import Realtime

/// The names of the client protocol's `rpc`.
enum RPCMethod: String, CaseIterable, Sendable {
    case create = "app.create"
    case write = "app.write"
    case stop = "app.stop"
    case retry = "app.retry"
    case revert = "app.revert"
    case repair = "app.repair"
    case fork = "app.fork"
    case rename = "app.rename"
    case cancel = "app.cancel"
    case get = "app.get"
    case history = "app.history"
    case versions = "app.versions"
    case code = "app.code"
    case console = "app.console"
    case list = "apps.list"
}

/// The methods of the client protocol's `rpc`: the HTTP calls with the app's id as `app_id`.
struct RPCMethods: Sendable {
    let api: API

    /// Calls a method.
    ///
    /// - Parameters:
    ///   - method: its name.
    ///   - data: its arguments, a JSON object.
    ///   - person: who calls.
    ///   - isAdmin: whether that is the admin.
    /// - Returns: the result as JSON; `nil` for a method that is none.
    /// - Throws: `APIError`, `OrchestrationError`.
    func call(_ method: String, _ data: ByteBuffer, by person: Person, isAdmin: Bool) async throws -> ByteBuffer? {
        guard let method = RPCMethod(rawValue: method) else { return nil }
        switch method {
        case .create:
            return try JSONAnswer.buffer(
                await api.create(prompt: decode(CreateArguments.self, data).prompt, by: person)
            )
        case .write:
            let text = try decode(WriteArguments.self, data).text
            return try JSONAnswer.buffer(await api.write(appID(data), text: text, by: person))
        case .stop:
            return try JSONAnswer.buffer(await api.stop(appID(data), by: person))
        case .retry:
            return try JSONAnswer.buffer(await api.retry(appID(data), by: person))
        case .revert:
            let version = try decode(RevertArguments.self, data).version
            return try JSONAnswer.buffer(await api.revert(appID(data), version: version, by: person))
        case .repair:
            return try JSONAnswer.buffer(await api.repair(appID(data), by: person))
        case .fork:
            let version = try decode(ForkArguments.self, data).version
            return try JSONAnswer.buffer(await api.fork(appID(data), version: version, by: person))
        case .rename:
            let title = try decode(RenameArguments.self, data).title
            return try JSONAnswer.buffer(await api.rename(appID(data), title: title))
        case .cancel:
            let messageID = try decode(PromptArguments.self, data).messageID
            return try JSONAnswer.buffer(
                await api.withdraw(appID(data), messageID: messageID, by: person, isAdmin: isAdmin)
            )
        case .get:
            return try JSONAnswer.buffer(await api.detail(appID(data)))
        case .history:
            return try JSONAnswer.buffer(await api.history(appID(data), decode(HistoryArguments.self, data)))
        case .versions:
            return try JSONAnswer.buffer(await api.versions(appID(data)))
        case .code:
            return try JSONAnswer.buffer(await api.code(appID(data), decode(CodeArguments.self, data)))
        case .console:
            let arguments = try decode(ConsoleArguments.self, data)
            return try JSONAnswer.buffer(await api.console(appID(data), arguments, by: person))
        case .list:
            return try JSONAnswer.buffer(await api.list(decode(ListArguments.self, data)))
        }
    }

    private func appID(_ data: ByteBuffer) throws -> String {
        try decode(AppArguments.self, data).appID
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ data: ByteBuffer) throws -> Value {
        try JSONBody.decode(type, from: data)
    }
}
