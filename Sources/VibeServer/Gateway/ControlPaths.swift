/// The paths on a sandbox's socket that are the server's own: they are never reachable through a preview.
enum ControlPaths {
    private static let names: Set<String> = ["edit", "heartbeat"]

    /// Whether any reading of the path (escaped, doubled slashes, dot segments, other case) names a control path.
    static func matches(_ path: String) -> Bool {
        var segments: [String] = []
        for segment in decoded(path).split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }) {
            switch Array(segment) {
            case [UInt8(ascii: ".")]: continue
            case [UInt8(ascii: "."), UInt8(ascii: ".")]: _ = segments.popLast()
            default: segments.append(String(decoding: segment, as: UTF8.self).lowercased())
            }
        }
        guard let first = segments.first else { return false }
        return names.contains(String(first.prefix { $0 != ";" && $0 != "." }))
    }

    /// Undoes percent escapes until none is left, at most four times.
    private static func decoded(_ path: String) -> [UInt8] {
        var bytes = Array(path.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
        for _ in 0..<4 {
            guard bytes.contains(UInt8(ascii: "%")) else { break }
            bytes = unescaped(bytes)
        }
        return bytes.filter { $0 > 0x20 }
    }

    private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let hex = String(decoding: bytes[min(index + 1, bytes.count)..<min(index + 3, bytes.count)], as: UTF8.self)
            if bytes[index] == UInt8(ascii: "%"), hex.utf8.count == 2, let byte = UInt8(hex, radix: 16) {
                result.append(byte)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
