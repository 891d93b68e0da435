internal import Foundation

/// An app's title where only some characters may stand.
enum ExportName {
    private static let maximumCharacters = 60

    /// Lower-case ASCII letters and digits with hyphens between: `Nonna’s ragù` is `nonna-s-ragu`; `nil` when none is left.
    static func slug(_ title: String) -> String? {
        var slug: [UInt8] = []
        for scalar in title.decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            // The accents of the letter before.
            if scalar.properties.generalCategory == .nonspacingMark { continue }
            if let byte = UInt8(exactly: scalar.value), isWord(byte) {
                slug.append(byte)
            } else if let last = slug.last, last != hyphen {
                slug.append(hyphen)
            }
            if slug.count == maximumCharacters { break }
        }
        while slug.last == hyphen { slug.removeLast() }
        return slug.isEmpty ? nil : String(decoding: slug, as: UTF8.self)
    }

    /// `Content-Disposition` of an archive (RFC 6266 §4.3): a plain name, and the title's own one for those who can read it.
    ///
    /// - Parameters:
    ///   - title: any text.
    ///   - version: the version's number.
    ///   - fallback: a name of letters, digits and hyphens, when the title has none of them.
    /// - Returns: a header's value of ASCII letters, digits and a few signs.
    static func disposition(_ title: String, version: Int, fallback: String) -> String {
        let plain = "\(slug(title) ?? fallback)-v\(version).zip"
        return
            "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded("\(fileName(title, fallback)) v\(version).zip"))"
    }

    /// The title as a text of HTML.
    static func html(_ title: String) -> String {
        var text = ""
        for scalar in title.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// The title as a line of Markdown, in which no sign has a meaning.
    static func markdown(_ title: String) -> String {
        var text = ""
        for scalar in title.unicodeScalars where !isUnseen(scalar) {
            if scalar.isASCII, scalar.properties.generalCategory != .spaceSeparator, !isWord(scalar) { text += "\\" }
            text.unicodeScalars.append(scalar)
        }
        return text
    }

    /// Without what a file system, a shell or a reader could take for something else: separators, controls, direction marks.
    private static func fileName(_ title: String, _ fallback: String) -> String {
        var name = ""
        for scalar in title.unicodeScalars where !isUnseen(scalar) {
            if "/\\:*?\"<>|".unicodeScalars.contains(scalar) { name += "-" } else { name.unicodeScalars.append(scalar) }
        }
        while let first = name.unicodeScalars.first, first == "." || first == " " || first == "-" {
            name.unicodeScalars.removeFirst()
        }
        return name.isEmpty ? fallback : name
    }

    /// RFC 8187 §3.2.1: what is no `attr-char` is percent-encoded.
    private static func encoded(_ text: String) -> String {
        var value = ""
        for byte in text.utf8 {
            if isWord(byte) || byte == hyphen || byte == UInt8(ascii: ".") {
                value.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                value += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return value
    }

    private static let hyphen = UInt8(ascii: "-")

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        UInt8(exactly: scalar.value).map(isWord) ?? false
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
