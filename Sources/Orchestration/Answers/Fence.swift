/// The marks around a block of code in Markdown (CommonMark §4.5): at least three backticks or tildes.
struct Fence: Sendable, Equatable {
    /// A backtick or a tilde.
    var mark: UInt8
    /// Marks in a row, from 3.
    var length: Int

    static let backtick = UInt8(ascii: "`")
    static let tilde = UInt8(ascii: "~")
}
