/// Changes to code that the simulator did not write: best efforts that keep it valid.
enum ForeignCode {
    /// Tailwind classes for what an added section takes from the theme.
    private static let classes = [
        "corner": "rounded-xl", "card": "bg-white text-stone-900 border border-stone-200", "display": "font-bold",
        "quiet": "opacity-80", "line": "border-current", "accent": "bg-teal-700 text-white",
        "accentText": "text-teal-700",
        "accentSoft": "bg-teal-100 text-teal-950", "button": "border border-current",
        "field": "bg-white text-stone-900 border border-stone-300",
    ]

    /// The code with the most used colour family, greys aside, replaced; unchanged when it has none.
    static func restyled(_ code: String, _ edit: Edit) -> String {
        guard case .colour(let colour) = edit else { return code }
        var best: (family: Colour, uses: Int)?
        for family in Colour.allCases where !Colour.neutrals.contains(family) {
            var uses = 0
            var start = code.startIndex
            while let found = code.byteRange(of: "-\(family)-", from: start) {
                uses += 1
                start = found.upperBound
            }
            if uses > best?.uses ?? 0 { best = (family, uses) }
        }
        guard let best else { return code }
        return code.replacingAll("-\(best.family)-", with: "-\(colour)-")
    }

    /// The code with the first plain heading replaced; `nil` when it has none.
    static func retitled(_ code: String, _ title: String) -> String? {
        guard let opening = code.byteRange(of: "<h1"),
            let end = code.byteRange(of: "</h1>", from: opening.upperBound),
            let close = code.utf8[opening.upperBound..<end.lowerBound].lastIndex(of: UInt8(ascii: ">"))
        else { return nil }
        let text = code[code.utf8.index(after: close)..<end.lowerBound]
        guard !text.utf8.contains(UInt8(ascii: "{")), !text.utf8.contains(UInt8(ascii: "}")) else { return nil }
        return code[...close] + "{\(Literal.string(title))}" + code[end.lowerBound...]
    }

    /// Puts JSX before the last closing tag that ends a `return ( … );`; `nil` when there is none.
    static func insert(_ jsx: String, into code: String) -> String? {
        guard let end = code.lastByteRange(of: ">\n  );")?.lowerBound,
            let tag = code[..<end].lastByteRange(of: "</")?.lowerBound,
            tag > code.startIndex
        else { return nil }
        var plain = jsx
        for (name, classes) in classes { plain = plain.replacingAll("${theme.\(name)}", with: classes) }
        plain = plain.replacingAll("className={theme.display}", with: "className=\"font-bold\"")
        plain = plain.replacingAll("className={theme.quiet}", with: "className=\"opacity-80\"")
        let line = code.utf8[..<tag].lastIndex(of: 0x0A).map { code.utf8.index(after: $0) } ?? tag
        return code[..<line] + EditApplier.indented(plain, by: 6) + "\n" + code[line...]
    }
}

extension Substring {
    fileprivate func lastByteRange(of needle: String) -> Range<Index>? {
        String(self).lastByteRange(of: needle).map { found in
            let lower = utf8.index(
                startIndex,
                offsetBy: String(self).utf8.distance(from: String(self).startIndex, to: found.lowerBound)
            )
            return lower..<utf8.index(lower, offsetBy: needle.utf8.count)
        }
    }
}
