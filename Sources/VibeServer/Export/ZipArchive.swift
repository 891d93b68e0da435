internal import CZlib
internal import struct Foundation.Calendar
internal import struct Foundation.Date
internal import struct Foundation.TimeZone
internal import NIOCore

/// Writes a zip archive (APPNOTE 6.3.3) into memory: names in UTF-8, contents deflated, no extensions.
///
/// For archives of a few megabytes: sizes and offsets have 32 bits.
struct ZipArchive {
    private struct Entry {
        var name: [UInt8]
        var checksum: UInt32
        var isDeflated: Bool
        var compressedBytes: UInt32
        var bytes: UInt32
        var offset: UInt32
    }

    private static let localSignature: UInt32 = 0x0403_4B50
    private static let entrySignature: UInt32 = 0x0201_4B50
    private static let endSignature: UInt32 = 0x0605_4B50
    /// Version 2.0: deflate and folders.
    private static let version: UInt16 = 20
    /// Bit 11: names are UTF-8.
    private static let flags: UInt16 = 1 << 11
    /// Made on Unix, so that the upper half of the attributes is a mode.
    private static let madeBy: UInt16 = 3 << 8 | version
    /// A plain file, rw-r--r--.
    private static let mode: UInt32 = 0o100644

    private var buffer = ByteBuffer()
    private var entries: [Entry] = []
    private let stamp: (time: UInt16, date: UInt16)

    /// - Parameter date: of all files, to two seconds, in UTC.
    init(date: Date) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? calendar.timeZone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        // MS-DOS counts years from 1980 in seven bits.
        let year = min(max((parts.year ?? 1980) - 1980, 0), 127)
        stamp = (
            UInt16((parts.hour ?? 0) << 11 | (parts.minute ?? 0) << 5 | (parts.second ?? 0) / 2),
            UInt16(year << 9 | (parts.month ?? 1) << 5 | (parts.day ?? 1))
        )
    }

    /// Adds a file.
    ///
    /// - Parameters:
    ///   - name: relative, with `/` between its parts. Each name once.
    ///   - text: its contents.
    mutating func add(_ name: String, _ text: String) {
        let content = Array(text.utf8)
        let packed = Self.deflate(content)
        let stored = packed ?? content
        let entry = Entry(
            name: Array(name.utf8),
            checksum: Self.checksum(content),
            isDeflated: packed != nil,
            compressedBytes: UInt32(stored.count),
            bytes: UInt32(content.count),
            offset: UInt32(buffer.writerIndex)
        )
        write(Self.localSignature)
        write(Self.version)
        writeCommon(entry)
        buffer.writeBytes(entry.name)
        buffer.writeBytes(stored)
        entries.append(entry)
    }

    /// The whole archive.
    consuming func finish() -> ByteBuffer {
        let start = UInt32(buffer.writerIndex)
        for entry in entries {
            write(Self.entrySignature)
            write(Self.madeBy)
            write(Self.version)
            writeCommon(entry)
            // Comment, disk, internal attributes.
            for _ in 0..<3 { write(UInt16(0)) }
            write(Self.mode << 16)
            write(entry.offset)
            buffer.writeBytes(entry.name)
        }
        let size = UInt32(buffer.writerIndex) - start
        write(Self.endSignature)
        for _ in 0..<2 { write(UInt16(0)) }
        for _ in 0..<2 { write(UInt16(entries.count)) }
        write(size)
        write(start)
        write(UInt16(0))
        return buffer
    }

    /// What local and central header have in common, from the flags to the length of the extra field.
    private mutating func writeCommon(_ entry: Entry) {
        write(Self.flags)
        write(UInt16(entry.isDeflated ? 8 : 0))
        write(stamp.time)
        write(stamp.date)
        write(entry.checksum)
        write(entry.compressedBytes)
        write(entry.bytes)
        write(UInt16(entry.name.count))
        write(UInt16(0))
    }

    private mutating func write(_ value: some FixedWidthInteger) {
        buffer.writeInteger(value, endianness: .little)
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { UInt32(crc32_z(0, $0.baseAddress, $0.count)) }
    }

    /// A raw DEFLATE stream; `nil` when that is no smaller, or zlib has no memory.
    private static func deflate(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count > 64, bytes.count <= Int(Int32.max) else { return nil }
        var stream = z_stream()
        guard vibe_deflate_init(&stream, Z_DEFAULT_COMPRESSION, 15, 8) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        let capacity = Int(deflateBound(&stream, UInt(bytes.count)))
        var input = bytes
        var isWhole = false
        let packed = [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
            input.withUnsafeMutableBufferPointer { source in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(capacity)
                isWhole = CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END
            }
            count = capacity - Int(stream.avail_out)
        }
        return isWhole && packed.count < bytes.count ? packed : nil
    }
}
