internal import FoundationEssentials

/// Finds the folders that ship beside the program: `Public`, `Templates`.
enum SiteLocator {
    /// The folder set, or the first of that name above the program's place or in the working directory.
    ///
    /// `marker` is a file that the right folder holds.
    static func find(_ name: String, marker: String, set: String?) -> String? {
        if let set { return FileManager.default.fileExists(atPath: set) ? set : nil }
        return candidates.map { $0 + "/" + name }.first { FileManager.default.fileExists(atPath: $0 + "/" + marker) }
    }

    /// The same path from the root.
    static func absolute(_ path: String) -> String {
        path.utf8.first == UInt8(ascii: "/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private static var candidates: [String] {
        var folders = [FileManager.default.currentDirectoryPath]
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        var parts = program.utf8.split(separator: UInt8(ascii: "/")).dropLast()
        while !parts.isEmpty {
            folders.append("/" + parts.map { String(Substring($0)) }.joined(separator: "/"))
            parts = parts.dropLast()
        }
        return folders
    }
}
