import Testing

@testable import ClaudeSimulator

struct FaultTests {
    @Test(arguments: Fault.Kind.allCases)
    func readsNamesWithAndWithoutCount(kind: Fault.Kind) {
        #expect(Fault(kind.rawValue) == Fault(kind))
        #expect(Fault("\(kind.rawValue):3") == Fault(kind, count: 3))
    }

    @Test(arguments: ["", "430", "429:", "429:0", "429:-1", "429:x", "429:1:2", "429:99999999999999999999", "stall "])
    func refusesOtherTexts(text: String) {
        #expect(Fault(text) == nil)
    }

    @Test func hitsTheFirstRequestsThenNoMore() {
        let plan = FaultPlan([Fault(.rateLimit, count: 2), Fault(.overloaded, count: 1)])
        let hits = (0..<4).map { _ in plan.next(isCode: false, isFirst: true) }
        #expect(hits == [.rateLimit, .rateLimit, .overloaded, nil])
    }

    @Test func hitsAllWithoutCount() {
        let plan = FaultPlan([Fault(.internalError)])
        #expect((0..<5).allSatisfy { _ in plan.next(isCode: true, isFirst: false) == .internalError })
    }

    @Test func spoilsOnlyCodeRequests() {
        let plan = FaultPlan([Fault(.badComponent, count: 1)])
        #expect(plan.next(isCode: false, isFirst: true) == nil)
        #expect(plan.next(isCode: true, isFirst: false) == .badComponent)
        #expect(plan.next(isCode: true, isFirst: true) == nil)
    }

    @Test func spoilsTheFirstCodeAnswerOfEachConversationWithoutCount() {
        let plan = FaultPlan([Fault(.badComponent)])
        let hits = [(true, true), (true, false), (false, true), (true, true)].map { plan.next(isCode: $0, isFirst: $1) }
        #expect(hits == [.badComponent, nil, nil, .badComponent])
    }
}
