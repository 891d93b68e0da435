import HTTPTypes
import NIOCore
import Testing

@testable import VibeServer

@Suite struct ConnectionGateTests {
    private func gate(_ maximum: Int, perAddress: Int = 0) -> ConnectionGate {
        var limits = ConnectionLimits()
        limits.maximum = maximum
        limits.maximumPerAddress = perAddress
        return ConnectionGate(limits: limits)
    }

    private func address(_ text: String) throws -> SocketAddress {
        try SocketAddress(ipAddress: text, port: 1_234)
    }

    @Test func isFullAtItsLimitUntilAPlaceIsGivenBack() throws {
        let gate = gate(2)
        let first = try gate.enter(from: address("127.0.0.1"))
        let second = try gate.enter(from: nil)
        let refusal = try #require(throws: APIError.self) { try gate.enter(from: nil) }
        #expect(refusal.status.code == 503 && refusal.headers[.retryAfter] != nil)
        second.giveBack()
        second.giveBack()
        #expect(gate.count == 1, "a place is given back once")
        _ = try gate.enter(from: nil)
        #expect(throws: APIError.self) { try gate.enter(from: nil) }
        first.giveBack()
        #expect(gate.count == 1)
    }

    @Test func countsEachAddressByItself() throws {
        let gate = gate(100, perAddress: 2)
        let places = try (0..<2).map { _ in try gate.enter(from: address("192.0.2.1")) }
        let refusal = try #require(throws: APIError.self) { try gate.enter(from: address("192.0.2.1")) }
        #expect(refusal.status.code == 429 && refusal.headers[.retryAfter] != nil)
        #expect(gate.count == 2, "who is refused takes no place")
        _ = try gate.enter(from: address("192.0.2.2"))
        for place in places { place.giveBack() }
        _ = try gate.enter(from: address("192.0.2.1"))
        // A socket without an address counts in all only.
        for _ in 0..<5 { _ = try gate.enter(from: SocketAddress(unixDomainSocketPath: "/tmp/x")) }
    }

    @Test func takesAnyNumberOfOneAddressUnlessTold() throws {
        let gate = gate(50)
        for _ in 0..<50 { _ = try gate.enter(from: address("192.0.2.1")) }
        #expect(gate.count == 50)
    }

    @Test(
        arguments: [
            ("2001:db8::1", "2001:db8::ffff:1", true), ("2001:db8::1", "2001:db8:0:1::1", false),
            ("::ffff:192.0.2.1", "192.0.2.1", true), ("::ffff:192.0.2.1", "::ffff:192.0.2.2", false),
            ("192.0.2.1", "192.0.2.2", false), ("127.0.0.1", "::1", false),
        ]
    )
    func anIPv6NetworkIsOneAddress(left: String, right: String, areSame: Bool) throws {
        let left = try #require(ClientAddress(address(left)))
        let right = try #require(ClientAddress(address(right)))
        #expect((left == right) == areSame)
    }
}
