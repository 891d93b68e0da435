/// Why text is not the JSON that was expected.
package enum JSONError: Error, Sendable, Equatable {
    /// Not RFC 8259 JSON; the offset counts bytes from the start of the text.
    case malformed(offset: Int)
    /// Nested more deeply than the reader's limit.
    case tooDeep
    /// An object that is read member by member has the same key twice.
    case duplicateKey
    /// Valid JSON, but not of the kind or range that was asked for.
    case wrongType
}
