import Foundation
import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import WebSocketCodec

@testable import Realtime

/// The wall clock is set forward or back by an hour: only what a token says of it is compared with it.
@Suite struct ClockJumpTests {
    /// Seconds since 1970, as a machine's clock tells them.
    private final class WallClock: Sendable {
        private let seconds = Mutex<UInt64>(1_700_000_000)
        var now: UInt64 { seconds.withLock { $0 } }
        func jump(by amount: Int64) { seconds.withLock { $0 = UInt64(Int64($0) + amount) } }
    }

    private let wall = WallClock()
    private let setup = TestHub()
    private let verifier: HMACTokenVerifier
    private let application: TestApplication

    init() {
        let wall = wall
        let verifier = HMACTokenVerifier(secret: "secret") { wall.now }
        self.verifier = verifier
        application = TestApplication(
            connect: { request in
                let identity = ClientIdentity(client: request.client, user: "ada", name: "Ada", color: "#0A0B0C")
                var acceptance = ConnectAcceptance(identity)
                guard let token = request.token else { return .accepted(acceptance) }
                do throws(TokenError) {
                    acceptance.expiry = try verifier.connection(token).expiry
                } catch {
                    return error.connectAnswer
                }
                return .accepted(acceptance)
            },
            tokens: verifier
        )
    }

    /// A token that ends at a time of the wall clock.
    private func token(end: UInt64) -> String {
        func encoded(_ bytes: some Sequence<UInt8>) -> String {
            Data(bytes).base64EncodedString()
                .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        }
        let signed = encoded(#"{"alg":"HS256"}"#.utf8) + "." + encoded(#"{"sub":"ada","exp":\#(end)}"#.utf8)
        return signed + "." + encoded(HMACReference.sha256(Array(signed.utf8), key: Array("secret".utf8)))
    }

    private func connected(_ token: String) async throws -> TestClient {
        let client = try await setup.client(application)
        try await client.send(.text, #"{"id":1,"connect":{"token":"\#(token)"}}"#)
        #expect(try await client.reply()["connect"]["expires"].bool == true)
        return client
    }

    /// Lets seconds pass and answers pings; returns how many there were, and stops at a close frame.
    private func pass(_ seconds: Int, _ client: TestClient) async throws -> (pings: Int, close: UInt16?) {
        var pings = 0
        for _ in 0..<seconds {
            await setup.loop.advanceTime(by: .seconds(1))
            while let event = try await client.eventIfAny() {
                if case .close(let status) = event { return (pings, status?.code) }
                #expect(event == .text(ByteBuffer(string: "{}")))
                pings += 1
                try await client.send(.text, "{}")
            }
        }
        return (pings, nil)
    }

    @Test("neither connections nor pings follow the wall clock", arguments: [3_600, -3_600] as [Int64])
    func connections(jump: Int64) async throws {
        let client = try await connected(token(end: wall.now + 600))
        let before = try await pass(60, client)
        #expect(before.pings == 2 && before.close == nil)
        wall.jump(by: jump)
        let after = try await pass(539, client)
        #expect(after.pings == 21 && after.close == nil)
        // Ten minutes of running time and the grace after them.
        let end = try await pass(30, client)
        #expect(end.close == 3_005)
    }

    @Test("a token's end is compared with the wall clock as it is", arguments: [3_600, -3_600] as [Int64])
    func tokens(jump: Int64) async throws {
        let good = token(end: wall.now + 600)
        let old = token(end: wall.now - 600)
        let client = try await connected(good)
        #expect(throws: TokenError.expired) { try verifier.connection(old) }
        wall.jump(by: jump)
        try await client.send(.text, #"{"id":2,"refresh":{"token":"\#(good)"}}"#)
        let answer = try await client.reply()
        if jump > 0 {
            #expect(answer["error"]["code"].int == 109)
            #expect(throws: TokenError.expired) { try verifier.connection(old) }
        } else {
            #expect(answer["refresh"]["ttl"].int == 600 + 3_600)
            #expect(try verifier.connection(old).expiry == Expiry(seconds: 3_600 - 600))
        }
        wall.jump(by: -jump)
        #expect(try verifier.connection(good).expiry == Expiry(seconds: 600))
    }
}
