import NIOCore
import Testing

@testable import VibeServer

@Suite struct CursorPublicationTests {
    @Test(arguments: [
        (#"{"surface":"preview","x":0.5,"y":12}"#, CursorPublication.pointer(surface: .preview, x: 0.5, y: 12)),
        (#"{"surface":"code","x":0,"y":1e3,"more":[1]}"#, .pointer(surface: .code, x: 0, y: 1000)),
        (#"{"typing":true}"#, .typing(true)),
    ])
    func takesTheTwoShapes(text: String, expected: CursorPublication) throws {
        let publication = try #require(CursorPublication(ByteBuffer(string: text)))
        #expect(publication == expected)
        #expect(CursorPublication(publication.data) == expected)
        #expect(!String(buffer: publication.data).contains("more"))
    }

    @Test(arguments: [
        "", "null", "{}", "[]", "7", #"{"typing":1}"#, #"{"surface":"page","x":0,"y":0}"#, #"{"surface":"code","x":0}"#,
        #"{"surface":"code","x":"0","y":0}"#, #"{"surface":"code","x":1e300,"y":0}"#,
        #"{"surface":"code","x":0,"y":-1e9}"#,
        #"{"typing":true,"surface":"code","x":0,"y":0}"#, #"{"typing":true}"# + String(repeating: " ", count: 512),
    ])
    func refusesAllElse(text: String) {
        #expect(CursorPublication(ByteBuffer(string: text)) == nil)
    }
}
