import Catalogue
import Testing

@testable import Orchestration

/// What is kept as a picture, and what is not.
@Suite struct StillImageTests {
    @Test func takesPNGAndAllKindsOfWebP() throws {
        #expect(try StillImage(Pictures.png()).format == .png)
        for bytes in [Pictures.lossy(), Pictures.lossless(), Pictures.extended()] {
            #expect(try StillImage(bytes).format == .webp)
        }
    }

    @Test func refusesOtherSizes() {
        for (width, height) in [(1280, 801), (1, 1), (16_383, 16_383)] {
            for bytes in [
                Pictures.png(width, height), Pictures.lossy(width, height), Pictures.lossless(width, height),
                Pictures.extended(width, height),
            ] {
                #expect(throws: StillError.wrongSize(width: width, height: height)) { try StillImage(bytes) }
            }
        }
        #expect(throws: StillError.self) { try StillImage(Pictures.png(0x7FFF_FFFF, 0x7FFF_FFFF)) }
    }

    @Test func refusesWhatIsNoPicture() {
        #expect(throws: StillError.empty) { try StillImage([]) }
        let others = ["<svg xmlns='http://www.w3.org/2000/svg'/>", "<html>", "GIF89a", "\u{FEFF}PNG", "RIFF    WAVE"]
        for text in others { #expect(throws: StillError.unknownFormat) { try StillImage(Array(text.utf8)) } }
        var large = Pictures.png()
        large.insert(contentsOf: [UInt8](repeating: 0, count: StillImage.maximumBytes), at: 33)
        #expect(throws: StillError.tooLarge) { try StillImage(large) }
    }

    @Test func refusesWhatIsCutAnywhere() {
        for whole in [Pictures.png(), Pictures.lossy(), Pictures.lossless(), Pictures.extended()] {
            for length in 0..<whole.count {
                #expect(throws: StillError.self) { try StillImage(Array(whole[..<length])) }
            }
            #expect(throws: StillError.broken) { try StillImage(whole + [0]) }
        }
    }

    @Test func anyBytesAreTakenOrRefusedWithoutATrap() {
        var generator = SystemRandomNumberGenerator()
        for whole in [Pictures.png(), Pictures.lossy(), Pictures.lossless(), Pictures.extended()] {
            for _ in 0..<2_000 {
                var bytes = whole
                for _ in 0..<4 { bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255) }
                _ = try? StillImage(bytes)
            }
        }
    }
}

/// The smallest files that say they are pictures of a size.
enum Pictures {
    static func png(_ width: Int = 1280, _ height: Int = 800) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * (3 - $0))) } }
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + number(13) + Array("IHDR".utf8)
        bytes += number(width) + number(height) + [8, 2, 0, 0, 0] + number(0)
        return bytes + number(0) + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
    }

    static func lossy(_ width: Int = 1280, _ height: Int = 800) -> [UInt8] {
        riff("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A] + small(width, 2) + small(height, 2))
    }

    static func lossless(_ width: Int = 1280, _ height: Int = 800) -> [UInt8] {
        riff("VP8L", [0x2F] + small((width - 1) | (height - 1) << 14, 4) + [UInt8](repeating: 0, count: 5))
    }

    static func extended(_ width: Int = 1280, _ height: Int = 800) -> [UInt8] {
        riff("VP8X", [0, 0, 0, 0] + small(width - 1, 3) + small(height - 1, 3))
    }

    private static func small(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func riff(_ kind: String, _ body: [UInt8]) -> [UInt8] {
        let chunk = Array("WEBP".utf8) + Array(kind.utf8) + small(body.count, 4) + body
        return Array("RIFF".utf8) + small(chunk.count, 4) + chunk
    }
}
