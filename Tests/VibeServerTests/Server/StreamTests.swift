import NIOCore
import Realtime
import Testing

@testable import VibeServer

@Suite struct StreamTests {
    private func open(_ connection: WireClient, _ path: String = "/connection/uni_sse?channels=apps") async throws {
        try await connection.write("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    }

    @Test func aStreamBeginsWithWhoOneIsAndTheSnapshots() async throws {
        try await ServerHarness.run { server in
            let id = try await server.makeApp()
            try await WireClient.open(port: server.port) { connection in
                try await open(connection, "/connection/uni_http_stream?channels=app:\(id),apps&user_id=ana&name=Ana")
                let head = try await connection.read(until: "\r\n\r\n")
                #expect(head.hasPrefix("HTTP/1.1 200") && head.contains("application/x-ndjson"))
                let first = try await connection.read(until: "}}\n")
                #expect(first.contains(#"{"connect":{"client":"#) && first.contains(#""app:\#(id)":{"#))
            }
        }
    }

    @Test func aStreamTakesAPlaceUntilItsPeerHasGone() async throws {
        try await ServerHarness.run {
            $0.connections.maximum = 1
        } _: { server in
            try await WireClient.open(port: server.port) { connection in
                try await open(connection)
                _ = try await connection.read(until: #""connect""#)
                let refused = try await server.request("GET", "/connection/uni_sse?channels=apps")
                #expect(refused.status == 503)
                // Half-closed: nothing will be said any more, which for a stream is the end.
                try await connection.channel.close(mode: .output)
                _ = try await connection.readToEnd()
            }
            try await WireClient.open(port: server.port) { connection in
                try await open(connection)
                let head = try await connection.read(until: "\r\n")
                // The place is given back when the server has closed, which the peer may see a moment earlier.
                #expect(head.hasPrefix("HTTP/1.1 200") || head.hasPrefix("HTTP/1.1 503"))
            }
        }
    }

    @Test(arguments: ["", "channels=", "channels=a,,b", "channels=a,a", "channels=apps&user_id=%00"])
    func whatNamesNoChannelsIsUnprocessable(query: String) async throws {
        try await ServerHarness.run { server in
            let response = try await server.request("GET", "/connection/uni_sse?\(query)")
            #expect(response.status == 422)
        }
    }

    @Test func moreChannelsThanAConnectionMayHoldAreRefused() async throws {
        try await ServerHarness.run {
            $0.hub.maximumSubscriptions = 2
        } _: { server in
            let three = try await server.request("GET", "/connection/uni_sse?channels=a,b,c")
            let two = try await server.request("GET", "/connection/uni_sse?channels=a,b")
            #expect(three.status == 422 && two.status == 404)
        }
    }
}
