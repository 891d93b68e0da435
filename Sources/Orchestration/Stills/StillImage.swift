internal import Catalogue

/// Bytes that are a picture of the right size, whatever made them.
///
/// Looked at are the container's marks and the size that it claims, not the pixels: those are drawn by the reader's browser, as
/// an image and nothing else.
struct StillImage: Sendable, Equatable {
    static let width = 1280
    static let height = 800
    static let maximumBytes = 2 << 20

    let format: StillRecord.Format
    let bytes: [UInt8]

    /// - Throws: `StillError` for anything but a PNG or WebP of 1280 by 800 that is as long as it says.
    init(_ bytes: [UInt8]) throws(StillError) {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.maximumBytes else { throw .tooLarge }
        let size: (width: Int, height: Int)?
        if bytes.starts(with: Self.pngMark) {
            format = .png
            size = Self.pngSize(bytes)
        } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) {
            format = .webp
            size = Self.webpSize(bytes)
        } else {
            throw .unknownFormat
        }
        guard let size else { throw .broken }
        guard size == (Self.width, Self.height) else { throw .wrongSize(width: size.width, height: size.height) }
        self.bytes = bytes
    }

    private static let pngMark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    /// The last chunk of every PNG, its length and its sum included (PNG §11.2.5).
    private static let pngEnd: [UInt8] = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]

    /// The size in the header chunk (PNG §11.2.2).
    private static func pngSize(_ bytes: [UInt8]) -> (Int, Int)? {
        guard bytes.count >= 45, bytes[12..<16].elementsEqual("IHDR".utf8), bytes.suffix(12).elementsEqual(pngEnd)
        else {
            return nil
        }
        func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        return (number(16), number(20))
    }

    /// The size in the first chunk: lossy, lossless or extended (RFC 9649 §2.5, §2.6, §2.7).
    private static func webpSize(_ bytes: [UInt8]) -> (Int, Int)? {
        guard bytes.count >= 30 else { return nil }
        func number(_ at: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
        }
        guard number(4, 4) + 8 == bytes.count else { return nil }
        switch String(decoding: bytes[12..<16], as: UTF8.self) {
        case "VP8 ":
            guard bytes[23..<26].elementsEqual([0x9D, 0x01, 0x2A]) else { return nil }
            return (number(26, 2) & 0x3FFF, number(28, 2) & 0x3FFF)
        case "VP8L":
            guard bytes[20] == 0x2F else { return nil }
            let bits = number(21, 4)
            return (bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
        case "VP8X":
            return (number(24, 3) + 1, number(27, 3) + 1)
        default:
            return nil
        }
    }
}

/// Why bytes are no picture to be kept.
enum StillError: Error, Sendable, Equatable {
    case empty, tooLarge, unknownFormat, broken
    case wrongSize(width: Int, height: Int)
}
