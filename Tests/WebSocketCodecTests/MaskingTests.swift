import NIOCore
import Testing

@testable import WebSocketCodec

@Suite struct MaskingTests {
    @Test("RFC 6455 §5.7: the masked Hello of the examples")
    func unmasksTheExampleOfTheRFC() {
        let masked: [UInt8] = [0x7F, 0x9F, 0x4D, 0x51, 0x58]
        #expect(Masking.reference(masked, key: 0x3D21_FA37) == Array("Hello".utf8))
        #expect(apply(masked, key: 0x3D21_FA37, offset: 0) == Array("Hello".utf8))
    }

    @Test func wordWiseEqualsThePlainLoopAtEveryLengthAndOffset() {
        var generator = SeededGenerator(seed: 1)
        for count in 0...70 {
            for offset in 0..<9 {
                let bytes = generator.bytes(count)
                let key = UInt32.random(in: 0...UInt32.max, using: &generator)
                #expect(apply(bytes, key: key, offset: offset) == Masking.reference(bytes, key: key, offset: offset))
            }
        }
    }

    @Test func worksInPlaceOnUnalignedBytes() {
        var generator = SeededGenerator(seed: 2)
        for start in 0..<8 {
            let bytes = generator.bytes(53 + start)
            var changed = bytes
            changed.withUnsafeMutableBytes { all in
                let part = UnsafeMutableRawBufferPointer(rebasing: all[start...])
                guard let base = part.baseAddress else { return }
                Masking.apply(UnsafeRawBufferPointer(part), into: base, key: 0xA1B2_C3D4, offset: start)
            }
            #expect(Array(changed[..<start]) == Array(bytes[..<start]))
            #expect(
                Array(changed[start...]) == Masking.reference(Array(bytes[start...]), key: 0xA1B2_C3D4, offset: start)
            )
        }
    }

    private func apply(_ bytes: [UInt8], key: UInt32, offset: Int) -> [UInt8] {
        var result = ByteBuffer()
        bytes.withUnsafeBytes { result.writeMasked($0, key: key, offset: offset) }
        return Array(buffer: result)
    }
}
