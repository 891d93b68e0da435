/// A key or token that does not show itself: every way to print it gives `***`.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    /// Blanks and line ends around the value are dropped, as files and shells leave them there.
    package init(_ value: String) {
        var bytes = Substring(value).utf8[...]
        while let first = bytes.first, first <= 0x20 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last <= 0x20 { bytes = bytes.dropLast() }
        self.value = String(Substring(bytes))
    }

    /// The value itself, for the one header that carries it.
    package func reveal() -> String { value }

    package var description: String { "***" }
    package var debugDescription: String { "***" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
