/// Finds a title in a wish: "make me a tea timer, please" becomes "Tea timer".
enum TitleMaker {
    /// Characters in a title at most.
    static let longest = 48

    private static let openings = [
        "please", "can you", "could you", "would you", "i want you to", "i want", "i would like", "i'd like",
        "i’d like",
        "i need", "we need", "we want", "let's", "help me", "build", "make", "create", "write", "design", "generate",
        "give", "show", "develop", "implement", "code", "set up", "me", "us", "to have", "to", "a", "an", "the", "some",
        "my own", "simple app for", "app for", "app that is", "web app for", "web page for", "page for",
        "react component for",
        "component for", "recipe page for", "recipe for", "landing page for", "website for", "dashboard for",
        "react component", "react app for",
    ]

    private static let endings = [
        ". ", "! ", "? ", "\n", "; ", ", please", ", a ", ", an ", ", with ", ", that ", ", which ", ", and ", ", in ",
        ", dark", ", but ", ", so ",
        ": ", " that ", " which ", " where ", " so that ", " please",
    ]

    /// The title of a new app.
    ///
    /// - Parameters:
    ///   - wish: what the person wrote.
    ///   - fallback: for wishes in which nothing is left to name.
    /// - Returns: one line of at most 48 characters.
    static func title(for wish: String, fallback: String) -> String {
        if let name = named(in: wish) { return finish(name, fallback: fallback) }
        var text = clean(wish)
        var shortened = true
        while shortened {
            shortened = false
            let lower = text.lowercased()
            for opening in openings where (lower + " ").hasPrefix(opening + " ") {
                text = String(text.dropFirst(opening.count + 1)).trimmed
                shortened = true
                break
            }
        }
        // "A poll: when shall we meet?" is about what stands behind the colon.
        if let colon = text.byteRange(of: ": "), text[..<colon.lowerBound].utf8.count(where: { $0 == 0x20 }) < 2 {
            let rest = String(text[colon.upperBound...]).trimmed
            if rest.utf8.count > 3 { text = rest }
        }
        for ending in endings {
            if let range = text.byteRange(of: ending), text[..<range.lowerBound].count >= 3 {
                text = String(text[..<range.lowerBound])
            }
        }
        return finish(text, fallback: fallback)
    }

    /// A name given outright: in quotes behind "called", "titled" or "named", or bare behind them.
    static func named(in wish: String) -> String? {
        let text = clean(wish)
        let lower = text.lowercased()
        guard lower.utf8.count == text.utf8.count else { return nil }
        for verb in [" called ", " titled ", " named ", " entitled "] {
            guard let found = lower.byteRange(of: verb) else { continue }
            let offset = lower.utf8.distance(from: lower.startIndex, to: found.upperBound)
            let rest = String(text[text.utf8.index(text.startIndex, offsetBy: offset)...])
            if let quoted = quoted(in: rest), rest.trimmed.utf8.first != nil { return quoted }
            let end = endings.compactMap { rest.byteRange(of: $0)?.lowerBound }.min() ?? rest.endIndex
            let name = String(rest[..<end]).trimmed
            if !name.isEmpty { return name }
        }
        return nil
    }

    /// The first text in straight or curly double quotes, or in single quotes that begin a word.
    static func quoted(in text: String) -> String? {
        for (opening, closing) in [
            ("\"", "\""), ("“", "”"), ("«", "»"), ("„", "“"), ("`", "`"), (" '", "'"), ("‘", "’"),
        ] {
            if let inner = (" " + text).between(opening, closing), !inner.isEmpty { return String(inner).trimmed }
        }
        return nil
    }

    /// One line without control characters and without marks that reverse the writing direction.
    static func clean(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(600) {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: result += scalar == "\n" ? "\n" : " "
            case .format where (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value):
                continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result.trimmed
    }

    /// A title that is not too long and begins with a capital.
    static func finish(_ text: String, fallback: String) -> String {
        var title = clean(text).split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ")
        while let last = title.last, ".,;:".contains(last), title.count > 1 { title.removeLast() }
        if title.count > longest {
            var words = title.prefix(longest - 1)
            if let space = words.lastIndex(of: " "), words.distance(from: words.startIndex, to: space) > longest / 2 {
                words = words[..<space]
            }
            title = words + "…"
        }
        if title.unicodeScalars.count > 160 {
            title = String(String.UnicodeScalarView(title.unicodeScalars.prefix(159))) + "…"
        }
        guard
            title.unicodeScalars.contains(where: {
                $0.properties.isAlphabetic || $0.value > 0x2000 || ("0"..."9").contains($0)
            })
        else { return title.isEmpty || title.count < 3 ? fallback : title }
        return title.prefix(1).uppercased() + title.dropFirst()
    }
}
