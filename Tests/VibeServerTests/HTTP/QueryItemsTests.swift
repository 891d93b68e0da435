import Testing

@testable import VibeServer

@Suite struct QueryItemsTests {
    @Test func readsForms() throws {
        let query = try QueryItems("q=to+do%20list&limit=7&featured=true&empty=&bare")
        #expect(query["q"] == "to do list")
        #expect(try query.integer("limit", in: 1...10) == 7)
        #expect(try query.flag("featured") == true)
        #expect(query["empty"] == "" && query["bare"] == "" && query["none"] == nil)
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%ff", "a=1&a=2", "a=1&%61=2"])
    func refusesWhatIsNotWellFormed(query: String) {
        #expect(throws: APIError.self) { _ = try QueryItems(query) }
    }

    @Test(arguments: ["0", "11", "x", "1.0", "99999999999999999999", "-1", ""])
    func refusesIntegersOutOfRange(text: String) throws {
        let query = try QueryItems("n=\(text)")
        #expect(throws: APIError.self) { try query.integer("n", in: 1...10) }
    }
}
