import NIOHTTP1
import Testing

@testable import VibeServer

@Suite struct RequestCheckTests {
    @Test(
        arguments: [
            ("/a?b", "h", "/a?b"), ("*", "h", nil), ("a", "h", nil), ("", "h", nil),
            ("http://h/a?b", "h", "/a?b"), ("http://h", "h", "/"), ("http://h?b", "h", "/?b"),
            ("HTTPS://H:8080/", "h:8080", "/"), ("http://h:80/", "h", nil), ("http://h.evil/", "h", nil),
            ("http://u@h/", "h", nil), ("http:///a", "", nil), ("ftp://h/", "h", nil), ("//h/a", "x", "//h/a"),
        ] as [(String, String, String?)]
    )
    func bringsTheTargetIntoOriginForm(target: String, host: String, expected: String?) {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target, headers: ["Host": host])
        #expect(RequestCheck.originForm(of: head) == expected)
    }

    @Test func starIsATargetOfOPTIONSOnly() {
        let head = HTTPRequestHead(version: .http1_1, method: .OPTIONS, uri: "*", headers: ["Host": "h"])
        #expect(RequestCheck.originForm(of: head) == "*")
    }

    @Test(
        arguments: [
            (["Upgrade": "websocket", "Connection": "Upgrade"], true, true),
            (["upgrade": "h2c ,\tWebSocket ", "connection": "keep-alive,UPGRADE"], true, true),
            (["Upgrade": "websocket"], true, false), (["Upgrade": "h2c", "Connection": "Upgrade"], false, true),
            (["Connection": "Upgrade"], false, false), (["Upgrade": "websockets", "Connection": "x"], false, false),
        ] as [(HTTPHeaders, Bool, Bool)]
    )
    func recognisesUpgrades(headers: HTTPHeaders, asksForWebSocket: Bool, endsDecoding: Bool) {
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: headers)
        #expect(RequestCheck.asksForWebSocket(head) == asksForWebSocket)
        #expect(RequestCheck.endsDecoding(head) == endsDecoding)
    }
}
