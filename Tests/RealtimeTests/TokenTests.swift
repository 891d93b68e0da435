import Foundation
import Testing

@testable import Realtime

/// Tokens that are signed with one secret, and what must not pass as one.
@Suite struct TokenTests {
    private let now: UInt64 = 1_700_000_000
    private let verifier = HMACTokenVerifier(secret: "secret") { 1_700_000_000 }

    private static let header = #"{"alg":"HS256","typ":"JWT"}"#

    /// Base 64 as Foundation makes it: not ours.
    private func encoded(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private func token(_ claims: String, header: String = Self.header, secret: String = "secret") -> String {
        let signed = encoded(header.utf8) + "." + encoded(claims.utf8)
        return signed + "." + encoded(HMACReference.sha256(Array(signed.utf8), key: Array(secret.utf8)))
    }

    private func refuses(_ token: String, _ error: TokenError = .invalid) -> Bool {
        do throws(TokenError) {
            _ = try verifier.connection(token)
            return false
        } catch let thrown {
            return thrown == error
        }
    }

    @Test func tokenThatAnotherImplementationHasSignedIsGood() throws {
        // Made with Python's `hmac` and `hashlib`.
        let token =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEiLCJuYmYiOjF9"
            + ".8MBezk7LpFFTi2G9dUnmlX1u3nk1D84HqXEuO63pW_s"
        #expect(try verifier.connection(token) == ConnectionClaims(user: "ada"))
    }

    @Test func claimsOfAConnectionAreRead() throws {
        let claims = #"{"sub":"ada","exp":\#(now + 60),"nbf":\#(now),"info":{"name":"Ada","x":1},"channels":["a","b"]}"#
        let expected = ConnectionClaims(
            user: "ada",
            name: "Ada",
            expiry: Expiry(seconds: 60),
            channels: ["a", "b"]
        )
        #expect(try verifier.connection(token(claims)) == expected)
        #expect(try verifier.connection(token("{}")) == ConnectionClaims(user: ""))
    }

    @Test func claimsOfASubscriptionAreRead() throws {
        let claims = try verifier.subscription(token(#"{"sub":"ada","channel":"a","exp":\#(now + 1)}"#))
        #expect(claims == SubscriptionClaims(user: "ada", channel: "a", expiry: Expiry(seconds: 1)))
        #expect(throws: TokenError.invalid) { try verifier.subscription(token(#"{"sub":"ada"}"#)) }
        #expect(throws: TokenError.invalid) { try verifier.subscription(token(#"{"sub":"ada","channel":1}"#)) }
    }

    @Test func subscriptionTokenIsGoodForItsChannelAndUserOnly() throws {
        let ada = ClientIdentity(client: "c", user: "ada", name: "", color: "")
        let good = token(#"{"sub":"ada","channel":"a","exp":\#(now + 9)}"#)
        #expect(try verifier.expiry(of: good, channel: "a", for: ada) == Expiry(seconds: 9))
        #expect(throws: ClientError.permissionDenied) { try verifier.expiry(of: good, channel: "b", for: ada) }
        let bob = ClientIdentity(client: "c", user: "bob", name: "", color: "")
        #expect(throws: ClientError.permissionDenied) { try verifier.expiry(of: good, channel: "a", for: bob) }
        let old = token(#"{"sub":"ada","channel":"a","exp":\#(now)}"#)
        #expect(throws: ClientError.tokenExpired) { try verifier.expiry(of: old, channel: "a", for: ada) }
    }

    @Test(
        "headers that do not name the one algorithm are refused, signed rightly as they are",
        arguments: [
            #"{"alg":"none"}"#, #"{"alg":"None"}"#, #"{"alg":"hs256"}"#, #"{"alg":"HS512"}"#, #"{"alg":"RS256"}"#,
            #"{"alg":"ES256"}"#, #"{"alg":""}"#, #"{"alg":null}"#, #"{"alg":["HS256"]}"#, "{}", "[]", "\"HS256\"", "",
            #"{"alg":"HS256","crit":["exp"]}"#, #"{"alg":"HS256","crit":[]}"#, #"{"alg":"HS256","alg":"HS256"}"#,
            #"{"alg":"none","alg":"HS256"}"#,
        ]
    )
    func header(header: String) {
        #expect(refuses(token("{}", header: header)))
    }

    @Test func keyInTheHeaderIsNotUsed() {
        let key = encoded("other".utf8)
        let header = #"{"alg":"HS256","jwk":{"kty":"oct","k":"\#(key)"},"kid":"../../dev/null"}"#
        #expect(refuses(token("{}", header: header, secret: "other")))
        #expect(refuses(token("{}", header: header, secret: "")))
        // With the right signature they say nothing.
        #expect(throws: Never.self) { try verifier.connection(token("{}", header: header)) }
    }

    @Test("signatures of another length or content are refused")
    func signatures() {
        let good = token("{}").split(separator: ".").map(String.init)
        let signature = HMACReference.sha256(Array((good[0] + "." + good[1]).utf8), key: Array("secret".utf8))
        for other in [
            [], Array(signature.dropLast()), signature + [0], [UInt8](repeating: 0, count: 32),
            signature.dropLast() + [signature[31] ^ 1], [signature[0] ^ 0x80] + signature.dropFirst(),
        ] {
            #expect(refuses("\(good[0]).\(good[1]).\(encoded(other))"))
        }
        #expect(!refuses("\(good[0]).\(good[1]).\(encoded(signature))"))
    }

    @Test(
        "shapes that are no token are refused",
        arguments: [
            "", ".", "..", "...", "a", "a.b", "a.b.c.d", "e30.e30.", ".e30.e30", "\u{0}.\u{0}.\u{0}", "🙂.🙂.🙂",
        ]
    )
    func shapes(text: String) {
        #expect(refuses(text))
    }

    @Test func otherSpellingsAreRefused() throws {
        let good = token(#"{"sub":"ada"}"#)
        #expect(!refuses(good))
        let parts = good.split(separator: ".").map(String.init)
        for part in 0..<3 {
            for change in [{ $0 + "=" }, { $0 + "==" }, { " " + $0 }, { $0 + "\n" }, { $0 + "A" }]
                as [(String) -> String]
            {
                var changed = parts
                changed[part] = change(changed[part])
                #expect(refuses(changed.joined(separator: ".")))
            }
        }
        // A signature of 32 bytes ends with a character of which two bits say nothing: others with the same four are refused.
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        let last = try #require(parts[2].last.flatMap(alphabet.firstIndex))
        for other in 1...3 { #expect(refuses(good.dropLast() + String(alphabet[last + other]))) }
    }

    @Test(
        "times that are none are refused",
        arguments: [
            #""1800000000""#, "1e300", "1.8e9", "1800000000.5", "9223372036854775808", "18446744073709551615",
            "18446744073709551616", "-1", "true", "[]", "{}", #""""#,
        ]
    )
    func times(time: String) {
        #expect(refuses(token(#"{"exp":\#(time)}"#)))
        #expect(refuses(token(#"{"nbf":\#(time)}"#)))
    }

    @Test func expiredIsSaidApartFromInvalid() throws {
        #expect(refuses(token(#"{"exp":\#(now)}"#), .expired))
        #expect(refuses(token(#"{"exp":0}"#), .expired))
        #expect(try verifier.connection(token(#"{"exp":\#(now + 1)}"#)).expiry == Expiry(seconds: 1))
        // What is good for longer is asked about after a year.
        #expect(
            try verifier.connection(token(#"{"exp":9223372036854775807}"#)).expiry == Expiry(seconds: 31_536_000)
        )
        // Not good before its time, nor ever with the wrong signature.
        #expect(refuses(token(#"{"nbf":\#(now + 1)}"#)))
        #expect(refuses(token(#"{"exp":\#(now)}"#, secret: "other")))
    }

    @Test(
        "claims that are not what they should be are refused",
        arguments: [
            #"{"sub":1}"#, #"{"sub":"a","sub":"b"}"#, #"{"sub":"a","s\u0075b":"b"}"#, #"{"exp":1800000000,"exp":1}"#,
            #"{"info":1}"#, #"{"info":{"name":"a","name":"b"}}"#, #"{"channels":"a"}"#, #"{"channels":[1]}"#, "[]", "1",
            "",
            "{", #"{"sub":"a"}{"#,
        ]
    )
    func claims(claims: String) {
        #expect(refuses(token(claims)))
    }

    @Test func longTokensAreRefusedUnread() {
        func padded(_ count: Int) -> String { token(#"{"x":"\#(String(repeating: "x", count: count))"}"#) }
        let longest = (5_900...6_200).last { padded($0).utf8.count <= HMACTokenVerifier.maximumBytes } ?? 0
        #expect(padded(longest).utf8.count > 8_185)
        #expect(!refuses(padded(longest)))
        #expect(refuses(padded(longest + 3)))
        #expect(refuses(String(repeating: ".", count: 1_000_000)))
    }

    @Test func base64HasOneSpelling() {
        #expect(Base64URL.decode("".utf8) == [])
        #expect(Base64URL.decode("AA".utf8) == [0])
        #expect(Base64URL.decode("_-8".utf8) == [0xFF, 0xEF])
        for text in ["A", "AAAAA", "AB", "AAB", "AA=", "AA==", "+/8", "A A", "AA\n", "AA\u{0}", "é"] {
            #expect(Base64URL.decode(text.utf8) == nil, "\(text)")
        }
        var random = Seeded(1)
        for count in 0..<100 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(Base64URL.decode(encoded(bytes).utf8) == bytes)
        }
    }
}

/// HMAC (RFC 2104) over SHA-256 (FIPS 180-4), written plainly: an oracle that is not the library under test.
enum HMACReference {
    static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        let block = key + [UInt8](repeating: 0, count: 64 - key.count)
        return digest(block.map { $0 ^ 0x5C } + digest(block.map { $0 ^ 0x36 } + message))
    }

    private static let constants: [UInt32] = primes(64).map { fraction(of: pow(Double($0), 1.0 / 3)) }

    static func digest(_ message: [UInt8]) -> [UInt8] {
        var hash = primes(8).map { fraction(of: Double($0).squareRoot()) }
        var padded = message + [0x80]
        while padded.count % 64 != 56 { padded.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: UInt64(message.count * 8) >> UInt64(shift)))
        }
        for start in stride(from: 0, to: padded.count, by: 64) {
            var words = (0..<16).map { index in
                (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(padded[start + index * 4 + $1]) }
            }
            for index in 16..<64 {
                let (a, b) = (words[index - 15], words[index - 2])
                let first = turn(a, 7) ^ turn(a, 18) ^ a >> 3
                let second = turn(b, 17) ^ turn(b, 19) ^ b >> 10
                words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
            }
            var v = hash
            for index in 0..<64 {
                let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
                let sum = turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)
                let first = v[7] &+ sum &+ choice &+ constants[index] &+ words[index]
                let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
                let second = (turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) &+ majority
                v = [first &+ second, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
            }
            hash = zip(hash, v).map { $0 &+ $1 }
        }
        return hash.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
    }

    private static func turn(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    private static func fraction(of number: Double) -> UInt32 {
        UInt32((number - number.rounded(.down)) * 4_294_967_296)
    }

    private static func primes(_ count: Int) -> [Int] {
        Array((2...).lazy.filter { n in (2..<n).allSatisfy { n % $0 != 0 } }.prefix(count))
    }
}
