internal import COpenSSL

/// Strong validators of what is served, and their comparison (RFC 9110 §8.8.3, §13.1.2).
enum EntityTag {
    /// The first half of the bytes' SHA-256, in quotation marks.
    static func of(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
        return "\"" + digest.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\""
    }

    /// Whether `If-None-Match` names the tag; compared weakly.
    static func isFresh(_ header: String?, _ etag: String) -> Bool {
        guard let header else { return false }
        if header == "*" { return true }
        return header.utf8.split(separator: UInt8(ascii: ",")).contains { candidate in
            var tag = candidate.drop { $0 == 0x20 || $0 == 0x09 }
            while let last = tag.last, last == 0x20 || last == 0x09 { tag.removeLast() }
            if tag.starts(with: "W/".utf8) { tag = tag.dropFirst(2) }
            return tag.elementsEqual(etag.utf8)
        }
    }
}
