import Testing

@testable import Claude

@Suite struct EventQueueTests {
    @Test func givesOutAllThatWaitsAtOnce() async throws {
        let queue = EventQueue(maximumBytes: 1_000)
        queue.append([.text("a")], usage: TokenUsage())
        queue.append([.text("b"), .text("c")], usage: TokenUsage(inputTokens: 1, outputTokens: 2))
        #expect(try await queue.next().events == [.text("a"), .text("b"), .text("c")])
        #expect(queue.usage == TokenUsage(inputTokens: 1, outputTokens: 2))
    }

    @Test func wakesAWaitingReader() async throws {
        let queue = EventQueue(maximumBytes: 1_000)
        async let batch = queue.next().events
        queue.append([.text("a")], usage: TokenUsage())
        #expect(try await batch == [.text("a")])
    }

    @Test func isFullAtItsLimitAndSaysWhenToResume() async throws {
        let queue = EventQueue(maximumBytes: 1_000)
        #expect(queue.admits())
        queue.append([.text(String(repeating: "x", count: 1_000))], usage: TokenUsage())
        #expect(!queue.admits())
        #expect(try await queue.next().resumes)
        #expect(queue.admits())
        queue.append([.text("a")], usage: TokenUsage())
        #expect(try await !queue.next().resumes)
    }

    @Test func countsManySmallEventsToo() {
        let queue = EventQueue(maximumBytes: 1_000)
        queue.append(Array(repeating: .text("x"), count: 100), usage: TokenUsage())
        #expect(!queue.admits())
    }

    @Test func endsOnceAfterItsEvents() async throws {
        let queue = EventQueue(maximumBytes: 1_000)
        queue.append([.text("a")], usage: TokenUsage())
        queue.end(.truncated)
        queue.end(nil)
        queue.append([.text("late")], usage: TokenUsage())
        #expect(try await queue.next().events == [.text("a")])
        await #expect(throws: ModelError.truncated) { try await queue.next() }
        #expect(try await queue.next().events == nil)
        #expect(try await queue.next().events == nil)
    }

    @Test func dropsEverythingWhenCancelled() async throws {
        let queue = EventQueue(maximumBytes: 10)
        queue.append([.text(String(repeating: "x", count: 1_000))], usage: TokenUsage())
        #expect(!queue.admits())
        #expect(queue.cancel())
        #expect(!queue.cancel())
        #expect(queue.admits())
        await #expect(throws: ModelError.cancelled) { try await queue.next() }
        #expect(try await queue.next().events == nil)
    }

    @Test func cancellingAfterTheEndChangesNothing() async throws {
        let queue = EventQueue(maximumBytes: 10)
        queue.append([.text("a")], usage: TokenUsage())
        queue.end(nil)
        #expect(!queue.cancel())
        #expect(try await queue.next().events == [.text("a")])
        #expect(try await queue.next().events == nil)
    }
}
