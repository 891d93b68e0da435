/// Text of people, written safely into TypeScript.
enum Literal {
    /// A double-quoted literal that is valid JSON and valid TypeScript, and in which nothing can end a string, a script
    /// element or a comment: quotes, backslashes, `<`, `>`, `*`/`/` pairs, control and format characters are escaped.
    static func string(_ text: String) -> String {
        var literal = "\""
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": literal += "\\\""
            case "\\": literal += "\\\\"
            case "\n": literal += "\\n"
            case "\t": literal += "\\t"
            case "<", ">", "{", "}": literal += escape(scalar)
            case "/" where previous == "*": literal += escape(scalar)
            default:
                let category = scalar.properties.generalCategory
                let isHidden =
                    category == .control || category == .format || category == .lineSeparator
                    || category == .paragraphSeparator || category == .privateUse
                literal += isHidden && scalar != "\u{200D}" ? escape(scalar) : String(scalar)
            }
            previous = scalar
        }
        return literal + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        String(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
