/// A sentence or two in the first person about what is being made or changed.
enum ChatReply {
    /// The reply.
    static func text(for reading: RequestReading, hash: StableHash) -> String {
        let wish = shortened(reading.wish)
        guard !wish.isEmpty else { return "I'm listening. Tell me what you would like to see and I'll build it." }
        if reading.hasErrors {
            return "That did not compile, so I'm correcting it now. The rest stays as it was."
        }
        if reading.isFirst { return first(reading.wish, wish: wish, hash: hash) }
        let changes = list(EditParser.edits(for: reading.wish).map(\.sentence))
        let ends = [
            "Everything else stays as it is, and so does what you have typed.",
            "The rest I leave alone.",
            "It should be there in a moment.",
        ]
        return "For “\(wish)” I'm \(changes). \(ends[hash.choice(of: ends.count, for: "end")])"
    }

    private static func first(_ full: String, wish: String, hash: StableHash) -> String {
        let archetype = ComponentLibrary.archetype(for: Words(full), hash: hash)
        switch hash.choice(of: 3, for: "opening") {
        case 0:
            return
                "I'm building “\(wish)” as \(archetype.noun) with \(archetype.detail). It runs as soon as it is written."
        case 1:
            return
                "“\(wish)”: I'd love to. I'm making \(archetype.noun) with \(archetype.detail), with one accent colour and room to breathe."
        default:
            return
                "For “\(wish)” I'm writing \(archetype.noun). You get \(archetype.detail); tell me what to change once you see it."
        }
    }

    private static func shortened(_ wish: String) -> String {
        let line = TitleMaker.clean(wish).split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ")
        guard line.count > 80 || line.utf8.count > 400 else { return line }
        var text = line.prefix(79)
        while text.utf8.count > 399, !text.isEmpty { text.removeLast() }
        return text + "…"
    }

    private static func list(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "making that change" }
        return items.dropLast().joined(separator: ", ") + " and " + last
    }
}
