/// What a module exports by default, as far as it can be told from its words.
package enum DefaultExport: Int, Sendable, Comparable {
    case none
    /// An object or a configuration, which is no component.
    case object
    case value

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Finds a default export among the words and marks of a module's code.
struct DefaultExportWatch: Sendable {
    private(set) var found = DefaultExport.none
    /// Whether a line begins with `export default`, wherever it stands.
    var wasFoundAtLineStart = false

    private var isInList = false
    private var hasListedDefault = false
    /// Whether the next token is what `export default` exports.
    private var isBeforeValue = false

    /// Takes the first byte of a word, or a mark.
    mutating func takeToken(_ byte: UInt8) {
        guard isBeforeValue else { return }
        isBeforeValue = false
        found = max(found, byte == UInt8(ascii: "{") ? .object : .value)
    }

    /// Takes a whole word of code.
    mutating func takeWord(_ word: [UInt8], behind previous: [UInt8]) {
        if word.elementsEqual("default".utf8) {
            if previous.elementsEqual("export".utf8) {
                found = max(found, .object)
                isBeforeValue = true
            }
            if isInList { hasListedDefault = true }
        } else if isInList, word.elementsEqual("as".utf8) {
            // `default as Name` exports under another name; `Name as default` is still to come.
            hasListedDefault = false
        } else if word.elementsEqual("defineConfig".utf8), previous.elementsEqual("default".utf8), found == .value {
            found = .object
        }
    }

    /// Opens a brace, of an export list behind `export`.
    mutating func openBrace(behind previous: [UInt8]) {
        isInList = previous.elementsEqual("export".utf8)
        hasListedDefault = false
    }

    /// Closes a brace.
    mutating func closeBrace() {
        comma()
        isInList = false
    }

    /// Ends an item of a list.
    mutating func comma() {
        if isInList, hasListedDefault { found = .value }
    }
}
