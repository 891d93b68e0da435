/// What an edit may contain; the dev server inside checks the same again.
package enum AppFiles {
    /// The component that every app has.
    package static let componentPath = "src/LLMComponent.tsx"
    package static let maximumFiles = 64
    package static let maximumBytes = 1 << 20
    private static let maximumPathBytes = 200
    private static let maximumDepth = 8
    private static let kinds = ["tsx", "ts", "css", "json", "svg", "md"].map { Array($0.utf8) }

    /// Refuses paths that are not `src/**/NAME.KIND` of an allowed kind, and more or larger files than an edit may hold.
    ///
    /// - Throws: `SandboxError.refused`.
    package static func check(_ files: [String: String]) throws {
        guard !files.isEmpty else { throw SandboxError.refused("there are no files") }
        guard files.count <= maximumFiles else { throw SandboxError.refused("more than \(maximumFiles) files") }
        var bytes = 0
        for (path, text) in files {
            guard isAllowed(path) else {
                throw SandboxError.refused("the path \(path.debugDescription) is not allowed")
            }
            bytes += text.utf8.count
        }
        guard bytes <= maximumBytes else { throw SandboxError.refused("more than \(maximumBytes) bytes") }
    }

    /// Whether an app may have a file of this path.
    ///
    /// Looked at as bytes, and ASCII only: so two spellings of one name (NFC and NFD) cannot exist. No part begins with a
    /// dot or a hyphen, so there is no `..` and nothing that hides or looks like an option.
    package static func isAllowed(_ path: String) -> Bool {
        let bytes = Array(path.utf8)
        guard bytes.count <= maximumPathBytes else { return false }
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard (2...maximumDepth).contains(parts.count), parts[0].elementsEqual("src".utf8) else { return false }
        guard parts.allSatisfy(isAllowedPart), let name = parts.last else { return false }
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return false }
        return kinds.contains { name[name.index(after: dot)...].elementsEqual($0) }
    }

    private static func isAllowedPart(_ part: ArraySlice<UInt8>) -> Bool {
        guard let first = part.first, isWord(first) else { return false }
        return part.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Whether the id may name a folder: letters, digits and hyphens, at most 64, no hyphen first.
    static func isAllowedAppID(_ appID: String) -> Bool {
        let bytes = Array(appID.utf8)
        return (1...64).contains(bytes.count) && bytes[0] != UInt8(ascii: "-")
            && bytes.allSatisfy { ($0 == UInt8(ascii: "-") || isWord($0)) && $0 != UInt8(ascii: "_") }
    }
}
