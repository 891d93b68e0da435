import Testing

@testable import Claude

@Suite struct RetryPolicyTests {
    /// Draws the largest or the smallest number there is.
    private struct Extreme: RandomNumberGenerator {
        var value: UInt64
        mutating func next() -> UInt64 { value }
    }

    private func service(_ status: Int, retryAfter: Duration? = nil) -> ModelError {
        .service(status: status, type: "x", message: "", requestID: nil, retryAfter: retryAfter)
    }

    private func policy(_ change: (inout ClaudeConfiguration) -> Void = { _ in }) -> RetryPolicy {
        var configuration = ClaudeConfiguration()
        change(&configuration)
        return RetryPolicy(configuration)
    }

    @Test(arguments: [408, 409, 429, 500, 502, 503, 504, 529])
    func retriesStatusesThatPass(status: Int) {
        #expect(policy().isTransient(service(status)))
    }

    @Test(arguments: [302, 400, 401, 402, 403, 404, 413, 422, 501])
    func leavesStatusesThatStay(status: Int) {
        #expect(!policy().isTransient(service(status)))
    }

    @Test func retriesLostConnectionsButNotWrongAnswers() {
        #expect(policy().isTransient(.connection(code: 7, message: "")))
        #expect(policy().isTransient(.truncated))
        #expect(policy().isTransient(.idleTimeout))
        #expect(policy().isTransient(.streamError(type: "overloaded_error", message: "")))
        #expect(!policy().isTransient(.streamError(type: "invalid_request_error", message: "")))
        // A certificate that cannot be trusted.
        #expect(!policy().isTransient(.connection(code: 60, message: "")))
        for error in [ModelError.maximumTokens, .refused(), .malformed(""), .cancelled] {
            #expect(!policy().isTransient(error))
        }
    }

    @Test func doublesTheBoundUpToTheCeiling() {
        var most = Extreme(value: .max)
        let delays = (0..<8).map {
            policy { $0.maximumRetries = 8 }.delay(after: .truncated, retries: $0, using: &most)
        }
        let seconds = [0.5, 1, 2, 4, 8, 8, 8, 8]
        for (delay, expected) in zip(delays, seconds) {
            guard let delay else {
                Issue.record("no delay")
                continue
            }
            #expect(delay <= .seconds(expected))
            #expect(delay > .seconds(expected * 0.999))
        }
        var least = Extreme(value: 0)
        #expect(policy().delay(after: .truncated, retries: 2, using: &least) == .zero)
    }

    @Test func stopsAfterTheLastRetry() {
        var generator = SplitMix(seed: 1)
        #expect(policy().delay(after: .truncated, retries: 2, using: &generator) != nil)
        #expect(policy().delay(after: .truncated, retries: 3, using: &generator) == nil)
        #expect(policy { $0.maximumRetries = 0 }.delay(after: .truncated, retries: 0, using: &generator) == nil)
    }

    @Test func theServicesAdviceOutweighsOurRuleOnItsOwnErrorsAlone() {
        var least = Extreme(value: 0)
        let policy = policy()
        func retries(_ error: ModelError, _ advice: Bool?) -> Bool {
            policy.delay(after: error, advice: advice, retries: 0, using: &least) != nil
        }
        #expect(retries(service(400), true) && !retries(service(529), false))
        #expect(!retries(.streamError(type: "overloaded_error", message: ""), false))
        #expect(retries(.truncated, false) && !retries(.maximumTokens, true) && !retries(.refused(), true))
        #expect(policy.delay(after: service(400), advice: true, retries: 3, using: &least) == nil)
    }

    @Test func waitsAsLongAsTheServiceAsksButNotForever() {
        var least = Extreme(value: 0)
        #expect(
            policy().delay(after: service(429, retryAfter: .seconds(20)), retries: 0, using: &least) == .seconds(20)
        )
        #expect(
            policy().delay(after: service(429, retryAfter: .seconds(9_000)), retries: 0, using: &least) == .seconds(60)
        )
    }

    @Test func survivesAnySetting() {
        var most = Extreme(value: .max)
        let policy = policy {
            $0.backoffBase = .seconds(Int64.max)
            $0.backoffCeiling = .seconds(Int64.max)
            $0.maximumRetries = .max
        }
        #expect(policy.delay(after: .truncated, retries: 1_000, using: &most) != nil)
    }
}
