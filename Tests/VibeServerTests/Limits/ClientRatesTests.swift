import NIOCore
import Synchronization
import Testing

@testable import VibeServer

@Suite struct ClientRatesTests {
    private final class Time: Sendable {
        private let value = Mutex(NIODeadline.uptimeNanoseconds(0))
        var now: NIODeadline { value.withLock { $0 } }
        func advance(_ by: TimeAmount) { value.withLock { $0 = $0 + by } }
    }

    @Test func eachClientHasItsOwnBudgetThatFillsWithTime() {
        let time = Time()
        let rates = ClientRates(perSecond: 10) { time.now }
        func taken(_ client: String, _ tries: Int) -> Int { (0..<tries).count { _ in rates.take(client) } }
        #expect(taken("a", 12) == 10)
        #expect(taken("b", 12) == 10)
        time.advance(.milliseconds(500))
        #expect(taken("a", 12) == 5)
        time.advance(.seconds(60))
        #expect(taken("a", 12) == 10)
    }

    @Test func manyClientsAreForgottenAndNoneGetsMoreByIt() {
        let time = Time()
        let rates = ClientRates(perSecond: 1) { time.now }
        for number in 0..<5_000 { #expect(rates.take("\(number)")) }
        #expect(!rates.take("0") && !rates.take("4999"))
        time.advance(.seconds(1))
        #expect(rates.take("0") && !rates.take("0"))
    }
}
