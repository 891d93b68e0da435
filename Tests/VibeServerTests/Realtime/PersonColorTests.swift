import Testing

@testable import VibeServer

@Suite struct PersonColorTests {
    @Test func picksOneOfEightForGood() {
        let picked = (0..<400).map { PersonColor.pick(for: "user-\($0)") }
        #expect(Set(picked) == Set(PersonColor.all))
        #expect(PersonColor.pick(for: "ana") == PersonColor.pick(for: "ana"))
    }
}
