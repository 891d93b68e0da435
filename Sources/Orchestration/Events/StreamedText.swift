/// A text that grows by parts, with its length in UTF-16 units held beside it.
struct StreamedText: Sendable, Equatable {
    private(set) var text = ""
    /// Length in UTF-16 units.
    private(set) var units = 0

    /// Appends a piece.
    mutating func append(_ piece: String) {
        text += piece
        units += piece.utf16.count
    }

    /// Applies a part as CONTRACT's clients do: drops what is held already and appends the rest.
    ///
    /// - Returns: false for a gap, which changes nothing.
    @discardableResult
    mutating func apply(_ piece: String, at offset: Int) -> Bool {
        guard offset <= units else { return false }
        guard offset < units else {
            append(piece)
            return true
        }
        let utf16 = piece.utf16
        guard let start = utf16.index(utf16.startIndex, offsetBy: units - offset, limitedBy: utf16.endIndex) else {
            return true
        }
        append(String(piece[start...]))
        return true
    }
}
