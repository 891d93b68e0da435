/// Reads a wish about an existing component as a list of changes.
enum EditParser {
    /// Changes read from one wish at most.
    static let most = 6

    private static let verbs = [
        "make", "add", "change", "use", "turn", "put", "give", "set", "remove", "delete", "call", "rename", "show",
        "let", "increase",
        "include", "insert", "switch", "title", "also", "have",
    ]

    /// The changes, in order; at least one for a wish that says anything.
    static func edits(for wish: String) -> [Edit] {
        var edits: [Edit] = []
        for clause in clauses(of: TitleMaker.clean(wish)).prefix(most) {
            for edit in read(clause) where !edits.contains(edit) { edits.append(edit) }
        }
        if edits.isEmpty { edits = [.note(TitleMaker.finish(wish, fallback: "A change"))] }
        return edits
    }

    /// Cuts at line ends, full stops, semicolons, and at commas and "and" before a verb; never inside double quotes.
    static func clauses(of text: String) -> [String] {
        var clauses: [String] = []
        var current: [Substring] = []
        var quoted = false
        func finish() {
            let clause = current.joined(separator: " ").trimmed
            if !clause.isEmpty { clauses.append(clause) }
            current = []
        }
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\n" })
        for (index, word) in words.enumerated() {
            let bare = word.lowercased().trimmingMarks
            let next = index + 1 < words.count ? words[index + 1].lowercased().trimmingMarks : ""
            if !quoted, bare == "and" || bare == "then", verbs.contains(next) || next == "then" {
                finish()
                continue
            }
            current.append(word)
            let quotes = word.unicodeScalars.count { "\"“”«»".unicodeScalars.contains($0) }
            if quotes % 2 == 1 { quoted.toggle() }
            if !quoted, let last = word.last {
                if ".;!?".contains(last) || (last == "," && (verbs.contains(next) || next == "and")) { finish() }
            }
        }
        finish()
        return clauses
    }

    /// Only the colours and the light that a wish for a new component names.
    static func looks(for wish: String) -> [Edit] {
        clauses(of: TitleMaker.clean(wish)).prefix(most).flatMap { look($0) }
    }

    private static func read(_ clause: String) -> [Edit] {
        let words = Words(clause)
        if let title = title(in: clause, words) { return [.title(title)] }
        if words.containsAny(["remove", "delete", "drop", "without", "take out", "get rid of", "hide"]) {
            if let section = Section(words) { return [.remove(section)] }
            return [.note(TitleMaker.finish(clause, fallback: "A change"))]
        }
        if words.containsAny([
            "add", "include", "insert", "append", "put in", "with a", "give it a", "need a", "want a", "show a",
        ]) {
            let heading = heading(in: clause)
            let sections = heading == nil ? parts(of: clause).compactMap { Section(Words($0)) } : []
            if sections.count > 1 { return sections.map { .add($0, heading: nil) } }
            if let section = Section(words) { return [.add(section, heading: heading)] }
            let colours = look(clause)
            if words.containsAny(["corner", "corners"]), !colours.isEmpty { return colours }
            if !colours.isEmpty, words.contains("background") { return colours }
            return [.note(heading ?? added(clause))]
        }
        if let step = words.step { return [.number(constant: "STEP", value: step)] }
        if let seconds = words.duration, seconds >= 60 { return [.number(constant: "MINUTES", value: seconds / 60)] }
        if let goal = goal(words) { return [.number(constant: "GOAL", value: goal)] }
        let looks = look(clause)
        if !looks.isEmpty { return looks }
        if let section = Section(words), words.list.count > 1 { return [.add(section, heading: heading(in: clause))] }
        return words.list.count < 2 && words.text.utf8.count < 6
            ? [] : [.note(TitleMaker.finish(clause, fallback: "A change"))]
    }

    private static func goal(_ words: Words) -> Int? {
        guard let place = words.list.firstIndex(of: "goal") else { return nil }
        return words.list[place...].lazy.compactMap { Words.number($0) }.first
    }

    /// A new title: "rename it X", "call this X", "change the title to X", "title: X".
    private static func title(in clause: String, _ words: Words) -> String? {
        let about = [
            "rename", "retitle", "call it", "call this", "call the app", "name it", "name this", "name the app",
            "title it", "the title",
            "a title", "title to", "heading to", "headline to", "the heading say*", "the headline say*",
            "heading should", "titled",
        ]
        guard words.containsAny(about) || words.text.hasPrefix(" title "),
            !words.containsAny(["add", "colour", "color", "bigger", "larger", "smaller", "font"]),
            words.list.allSatisfy({ Colour(word: $0) == nil }) || TitleMaker.quoted(in: clause) != nil
                || words.containsAny(["call it", "call this", "rename", "name it", "title to", "to say"])
        else { return nil }
        if let quoted = TitleMaker.quoted(in: clause) { return TitleMaker.finish(quoted, fallback: quoted) }
        let lower = clause.lowercased()
        guard lower.utf8.count == clause.utf8.count else { return nil }
        let leads = [
            "to say ", "should say ", "should be ", "should read ", " reads ", " to ", " as ", "call it ", "call this ",
            "call the app ",
            "name it ", "name this ", "name the app ", "title it ", "rename it ", "rename this ", "title: ",
            "title is ", "rename ",
        ]
        for lead in leads {
            guard let found = lower.byteRange(of: lead) else { continue }
            let offset = lower.utf8.distance(from: lower.startIndex, to: found.upperBound)
            let rest = String(clause[clause.utf8.index(clause.startIndex, offsetBy: offset)...]).trimmed
            if rest.utf8.count > 0 { return TitleMaker.finish(rest, fallback: rest) }
        }
        return nil
    }

    private static func heading(in clause: String) -> String? {
        if let quoted = TitleMaker.quoted(in: clause) { return TitleMaker.finish(quoted, fallback: quoted) }
        if let named = TitleMaker.named(in: clause) { return TitleMaker.finish(named, fallback: named) }
        let lower = clause.lowercased()
        guard lower.utf8.count == clause.utf8.count, let found = lower.byteRange(of: "section about ") else {
            return nil
        }
        let offset = lower.utf8.distance(from: lower.startIndex, to: found.upperBound)
        let rest = String(clause[clause.utf8.index(clause.startIndex, offsetBy: offset)...])
        return TitleMaker.finish("About " + rest.trimmed, fallback: "About")
    }

    /// What is added: "Please add a tiny map" becomes "A tiny map".
    private static func added(_ clause: String) -> String {
        let text = clause
        let lower = text.lowercased()
        if lower.utf8.count == text.utf8.count, let found = lower.byteRange(of: "add ") {
            let offset = lower.utf8.distance(from: lower.startIndex, to: found.upperBound)
            return TitleMaker.finish(
                String(text[text.utf8.index(text.startIndex, offsetBy: offset)...]),
                fallback: "A change"
            )
        }
        return TitleMaker.finish(text, fallback: "A change")
    }

    /// A clause cut at commas, "and", "on" and "with", so that a colour belongs to what stands beside it.
    private static func parts(of clause: String) -> [String] {
        var parts = [""]
        for word in clause.split(separator: " ") {
            if ["and", "on", "with", "&"].contains(word.lowercased()) {
                parts.append("")
            } else {
                parts[parts.count - 1] += " " + word
                if word.last == "," { parts.append("") }
            }
        }
        return parts.filter { !$0.isEmpty }
    }

    /// Changes of colour, light, corners, typeface and size.
    private static func look(_ clause: String) -> [Edit] {
        var edits: [Edit] = []
        for part in parts(of: clause) {
            for edit in look(Words(part)) where !edits.contains(edit) { edits.append(edit) }
        }
        return edits
    }

    private static func look(_ words: Words) -> [Edit] {
        var edits: [Edit] = []
        let aboutGround = words.containsAny(["background", "ground", "page", "backdrop"])
        let aboutHeading = words.containsAny(["title", "heading", "headline", "headings"])
        let colour = words.list.lazy.compactMap { Colour(word: $0) }.first
        let black = words.contains("black")
        if words.containsAny(["light", "lighter", "bright*"]), !words.contains("light mode toggle") {
            edits.append(.dark(false, black: false))
        } else if words.containsAny(["dark", "darker", "night", "night mode"])
            && (colour == nil || black || !aboutGround)
        {
            edits.append(.dark(true, black: black))
        }
        if aboutGround, black { edits.append(.dark(true, black: true)) }
        if aboutGround, words.contains("white") { edits.append(.dark(false, black: false)) }
        if let colour, !(black && aboutGround) {
            if aboutGround {
                edits.append(.ground(colour))
                if words.contains("dark") { edits.append(.dark(true, black: false)) }
            } else if aboutHeading {
                edits.append(.heading(colour))
            } else if !edits.contains(.dark(true, black: true)) {
                edits.append(.colour(colour))
            }
        }
        let aboutCorners = words.containsAny(["corner", "corners", "edges"])
        if words.containsAny(["sharp", "sharper", "squared", "angular", "no rounded"])
            || (aboutCorners && words.containsAny(["square", "hard"]))
        {
            edits.append(.corners(.square))
        } else if words.containsAny(["round", "rounded", "rounder", "soft corners", "softer"]) {
            edits.append(.corners(.round))
        }
        if words.containsAny(["serif", "elegant", "classic", "bookish"]) { edits.append(.display(.serif)) }
        if words.containsAny(["mono", "monospace*", "typewriter", "terminal", "code font"]) {
            edits.append(.display(.mono))
        }
        if words.containsAny(["sans", "modern", "sans serif"]) { edits.append(.display(.sans)) }
        if words.containsAny(["bigger", "larger", "big", "large", "increase", "huge", "zoom in"]) {
            edits.append(.scale(15))
        } else if words.containsAny(["smaller", "compact", "tiny", "denser", "zoom out", "decrease"]) {
            edits.append(.scale(-12))
        }
        return edits
    }
}

extension String {
    /// The word without marks of punctuation around it.
    fileprivate var trimmingMarks: String {
        var text = Substring(self)
        while let last = text.last, ".,;:!?".contains(last) { text.removeLast() }
        return String(text)
    }
}
