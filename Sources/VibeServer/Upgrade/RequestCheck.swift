internal import NIOHTTP1

/// What is wrong with a request head although the decoder took it, and how a head asks for an upgrade (RFC 9110, RFC 9112).
///
/// Everything is compared as bytes: no `Character`s, no Unicode equivalence.
enum RequestCheck {
    /// The refusal of a head that two readers could understand differently; `nil` for a sound one.
    static func refusal(of head: HTTPRequestHead) -> Refusal? {
        guard head.method != .CONNECT else {
            // This server is no proxy.
            return Refusal(.methodNotAllowed)
        }
        for field in head.headers where field.value.utf8.contains(where: isForbidden) {
            return Refusal(.badHeader)
        }
        let hosts = head.headers["host"]
        guard hosts.count == 1 || (hosts.isEmpty && head.version.minor == 0) else {
            return Refusal(.badHost)
        }
        guard isFraming(head) else { return Refusal(.badLength) }
        guard originForm(of: head) != nil else { return Refusal(.badTarget) }
        return nil
    }

    /// The request target as a path with query (RFC 9112 §3.2); `nil` if it is something else or contradicts `Host`.
    static func originForm(of head: HTTPRequestHead) -> String? {
        let target = head.uri.utf8
        if target.first == UInt8(ascii: "/") || (head.method == .OPTIONS && target.elementsEqual("*".utf8)) {
            return head.uri
        }
        guard let scheme = ["http://", "https://"].first(where: { startsIgnoringCase(target, with: $0) }) else {
            return nil
        }
        let rest = target.dropFirst(scheme.utf8.count)
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        guard let host = head.headers["host"].first, !host.isEmpty, equalsIgnoringCase(rest[..<end], host.utf8) else {
            return nil
        }
        let path = String(decoding: rest[end...], as: UTF8.self)
        return path.utf8.first == UInt8(ascii: "/") ? path : "/" + path
    }

    /// Whether the head asks for a WebSocket: the list `Upgrade` holds the word (RFC 6455 §4.2.1).
    static func asksForWebSocket(_ head: HTTPRequestHead) -> Bool {
        list(head.headers, "upgrade", holds: "websocket")
    }

    /// Whether the decoder takes nothing more as HTTP once this request has ended: it asks for some upgrade.
    static func endsDecoding(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "upgrade") && list(head.headers, "connection", holds: "upgrade")
    }

    /// Whether a body is announced (RFC 9112 §6).
    static func announcesBody(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "transfer-encoding")
            || head.headers["content-length"].contains { !$0.utf8.elementsEqual("0".utf8) }
    }

    /// One length or one coding, never both (RFC 9112 §6.1, §6.3); the only coding understood is `chunked`.
    private static func isFraming(_ head: HTTPRequestHead) -> Bool {
        let lengths = head.headers["content-length"]
        let codings = head.headers["transfer-encoding"]
        guard lengths.count + codings.count <= 1 else { return false }
        if let coding = codings.first {
            return head.version.minor >= 1 && equalsIgnoringCase(coding.utf8, "chunked".utf8)
        }
        guard let length = lengths.first else { return true }
        return !length.isEmpty
            && length.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Controls but the tab (RFC 9110 §5.5).
    private static func isForbidden(_ byte: UInt8) -> Bool {
        (byte < 0x20 && byte != 0x09) || byte == 0x7F
    }

    private static func list(_ headers: HTTPHeaders, _ name: String, holds word: String) -> Bool {
        headers[name].contains { value in
            value.utf8.split(separator: UInt8(ascii: ",")).contains { element in
                let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
                let start = element.drop(while: isBlank)
                let end = start.lastIndex { !isBlank($0) }.map { start.index(after: $0) } ?? start.startIndex
                return equalsIgnoringCase(start[..<end], word.utf8)
            }
        }
    }

    private static func startsIgnoringCase(_ text: String.UTF8View, with prefix: String) -> Bool {
        equalsIgnoringCase(text.prefix(prefix.utf8.count), prefix.utf8)
    }

    private static func equalsIgnoringCase(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
        left.elementsEqual(right) { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
