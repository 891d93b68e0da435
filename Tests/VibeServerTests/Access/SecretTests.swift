import Testing

@testable import VibeServer

@Suite struct SecretTests {
    @Test func comparesAndHides() {
        let secret = Secret("s3cret")
        #expect(secret.matches("s3cret"))
        for other in ["", "s3cre", "s3cret ", "S3cret", "s3cret\u{0}"] { #expect(!secret.matches(other)) }
        #expect("\(secret)" == "***")
        #expect(String(reflecting: secret) == "***")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("s3cret"))
    }
}
