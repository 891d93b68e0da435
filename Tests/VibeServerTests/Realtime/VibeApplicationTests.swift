import Catalogue
import Claude
import Logging
import NIOCore
import NIOPosix
import Orchestration
import Testing

@testable import Realtime
@testable import VibeServer

@Suite struct VibeApplicationTests {
    private let application: VibeApplication
    private let somebody = ClientIdentity(client: "c", user: "ana", name: "Ana", color: "#000000")

    init() throws {
        let orchestrator = Orchestrator(
            configuration: OrchestrationConfiguration(),
            catalogue: try SQLiteCatalogue.inMemory(),
            model: ScriptedModel(),
            sandboxes: IdleSandboxes(),
            hub: Hub(group: MultiThreadedEventLoopGroup.singleton),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        application = VibeApplication(
            orchestrator: orchestrator,
            api: API(orchestrator: orchestrator, access: OperatorAccess(secret: Secret("s3cret")))
        )
    }

    @Test func numbersAreForTheAdminWhereTheServerIsNotOpen() async {
        let request = SubscribeRequest(channel: "stats")
        await #expect(throws: ClientError.permissionDenied) { try await application.prepare(request, for: somebody) }
    }

    private func connecting(_ data: String?) -> Result<ClientIdentity, ClientError> {
        let request = ConnectRequest(client: "client-1", data: data.map { ByteBuffer(string: $0) })
        switch application.connect(request) {
        case .accepted(let acceptance): return .success(acceptance.identity)
        case .failed(let error): return .failure(error)
        case .refused(let disconnect): return .failure(ClientError(disconnect))
        }
    }

    @Test func identityIsClaimedAndTheServerGivesTheColour() throws {
        let ana = try connecting(#"{"user_id":"ana","name":"Ana"}"#).get()
        #expect(ana.client == "client-1" && ana.user == "ana" && ana.name == "Ana" && !ana.isAdmin)
        #expect(PersonColor.all.contains(ana.color))
        #expect(try connecting(#"{"user_id":"ana"}"#).get().color == ana.color)
        let nobody = try connecting(nil).get()
        #expect(nobody.user.isEmpty && PersonColor.all.contains(nobody.color))
    }

    @Test func everybodyIsToldTheLimits() throws {
        guard case .accepted(let acceptance) = application.connect(ConnectRequest(client: "c")) else {
            Issue.record("not accepted")
            return
        }
        let data = try #require(acceptance.data)
        #expect(data == ClientLimits().data)
        #expect(String(buffer: data).hasPrefix(#"{"limits":{"prompt_characters":4000,"#))
    }

    @Test func aRefusedCallTellsCodeAndNumbers() async throws {
        let error = try await #require(throws: ClientError.self) {
            try await application.rpc(method: "apps.list", data: ByteBuffer(string: #"{"limit":0}"#), from: somebody)
        }
        #expect(error.code == 422 && error.message == "out of range")
        let reason = try #require(error.reason)
        #expect(String(buffer: reason) == #"{"code":"out_of_range","least":1,"member":"limit","most":200}"#)
    }

    @Test func theAdminSecretIsChecked() throws {
        #expect(try connecting(#"{"admin_secret":"s3cret"}"#).get().isAdmin)
        #expect(try !connecting(#"{"admin_secret":"wrong"}"#).get().isAdmin)
    }

    @Test(arguments: ["7", "[]", "{", #"{"user_id":7}"#, #"{"name":"\u0007"}"#])
    func badConnectDataIsRefused(data: String) {
        #expect(connecting(data) == .failure(.badRequest))
    }

    private func published(_ channel: String, _ data: String) -> Result<ClientPublication, ClientError> {
        application.publish(channel: channel, data: ByteBuffer(string: data), from: somebody)
    }

    @Test func onlyCursorsMayBePublished() throws {
        let typing = try published("app:a:cursors", #"{"typing":true}"#).get()
        #expect(String(buffer: typing.data) == #"{"typing":true}"#)
        let pointer = try published("app:a:cursors", #"{"surface":"code","x":1,"y":2}"#).get()
        #expect(typing.coalescingKey == "c/typing" && pointer.coalescingKey == "c/code")
        for channel in ["apps", "app:a", "stats", "cursors"] {
            #expect(throws: ClientError.permissionDenied) { try published(channel, #"{"typing":true}"#).get() }
        }
        #expect(throws: ClientError.badRequest) { try published("app:a:cursors", #"{"typing":1}"#).get() }
    }

    @Test func callsFailWithTheirHTTPStatus() async {
        for (method, data, code) in [
            ("app.nothing", "{}", 104), ("app.create", "{}", 422), ("app.write", #"{"app_id":"a"}"#, 422),
            ("app.get", "[]", 422),
            ("apps.list", #"{"limit":0}"#, 422), ("app.history", #"{"app_id":"a","limit":501}"#, 422),
        ] as [(String, String, UInt32)] {
            await #expect(throws: ClientError.self) {
                do {
                    _ = try await application.rpc(method: method, data: ByteBuffer(string: data), from: somebody)
                } catch let error as ClientError {
                    #expect(error.code == code, "\(method)")
                    throw error
                }
            }
        }
    }
}
