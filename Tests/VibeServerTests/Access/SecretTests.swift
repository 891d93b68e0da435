import Claude
import Testing

@testable import VibeServer

@Suite struct SecretTests {
    @Test(arguments: ["", "s3cre", "s3cret ", "S3cret", "s3cret\u{0}", "s3crets"])
    func matchesOnlyItself(other: String) {
        #expect(!Secret("s3cret").matches(other))
        #expect(Secret("s3cret").matches("s3cret"))
    }
}
