import Testing

@testable import WebSocketCodec

@Suite struct UTF8ValidatorTests {
    @Test func agreesWithTheStandardLibraryOnRandomBytesCutAnywhere() {
        var generator = SeededGenerator(seed: 3)
        var valid = 0
        for _ in 0..<20_000 {
            let bytes = sample(&generator)
            let expected = String(validating: bytes, as: UTF8.self) != nil
            valid += expected ? 1 : 0
            #expect(validates([bytes]) == expected, "\(bytes)")
            #expect(validates(cut(bytes, using: &generator)) == expected, "\(bytes)")
        }
        // The sample is worth something only if it holds both kinds.
        #expect(valid > 2_000 && valid < 18_000)
    }

    @Test func agreesWithTheStandardLibraryOnEveryPairAndEveryLeadOfThree() {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                for tail: [UInt8] in [[], [0x80], [0x80, 0x80]] {
                    let bytes = [first, second] + tail
                    #expect(validates([bytes]) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
                }
            }
        }
    }

    @Test(
        "RFC 3629 §4: fails at the first byte that cannot be right",
        arguments: [
            ([0xC0], 0), ([0xC1], 0), ([0x80], 0), ([0xF5], 0), ([0xFF], 0), ([0xE0, 0x9F], 1), ([0xED, 0xA0], 1),
            ([0xF0, 0x8F], 1), ([0xF4, 0x90], 1), ([0x41, 0xC3, 0x28], 2), ([0xF1, 0x80, 0x80, 0x41], 3),
        ] as [([UInt8], Int)]
    )
    func failsEarly(bytes: [UInt8], failing index: Int) {
        var validator = UTF8Validator()
        for (position, byte) in bytes.enumerated() {
            #expect([byte].withUnsafeBytes { validator.consume($0) } == (position < index))
        }
    }

    @Test func knowsAnUnfinishedCharacter() {
        var validator = UTF8Validator()
        #expect(validator.isComplete)
        #expect(([0xF0, 0x9F] as [UInt8]).withUnsafeBytes { validator.consume($0) } && !validator.isComplete)
        #expect(([0x98, 0x80] as [UInt8]).withUnsafeBytes { validator.consume($0) } && validator.isComplete)
    }

    /// Valid text, sometimes with one byte changed, removed or cut off at the end.
    private func sample(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = Array(generator.text(characters: Int.random(in: 0...24, using: &generator)).utf8)
        guard !bytes.isEmpty else { return bytes }
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0...4, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: index)
        case 2: bytes.removeSubrange(index...)
        case 3: bytes.insert(UInt8.random(in: 0x80...0xFF, using: &generator), at: index)
        default: break
        }
        return bytes
    }

    private func validates(_ pieces: [[UInt8]]) -> Bool {
        var validator = UTF8Validator()
        for piece in pieces {
            guard piece.withUnsafeBytes({ validator.consume($0) }) else { return false }
        }
        return validator.isComplete
    }
}
