/// What the rehearsed model says: a pure function of the request and the seed.
struct Rehearsal: Sendable {
    /// Equal seeds give equal answers.
    var seed: UInt64

    /// The whole answer.
    ///
    /// - Parameters:
    ///   - reading: the request.
    ///   - breaks: whether a component is to have a syntax error.
    ///   - shape: what a component is to be wrapped in.
    /// - Returns: a sentence or two, or a component, bare or in a fence.
    func answer(to reading: RequestReading, breaks: Bool = false, shape: AnswerShape? = nil) -> String {
        var hash = StableHash(seed: seed)
        hash.combine(reading.wish)
        guard reading.wantsCode else { return ChatReply.text(for: reading, hash: hash) }
        var code = component(for: reading, hash: hash)
        if breaks { code = broken(code, hash: hash) }
        let plain = wrapped(code, hash: hash)
        return shape?.text(code, for: reading, plain: plain) ?? plain
    }

    /// The component that the request asks for, without a defect.
    func component(for reading: RequestReading, hash: StableHash) -> String {
        guard let given = reading.code else { return Self.fresh(reading.wish, hash: hash) }
        let code = Defect.mend(given) ?? given
        if reading.hasErrors {
            if code != given || Look(code: code) != nil { return code }
            return Self.fresh(reading.wish.isEmpty ? reading.firstWish : reading.wish, hash: hash)
        }
        let words = Words(reading.wish)
        if Self.startsOver(words) { return Self.fresh(reading.wish, hash: hash) }
        return EditApplier.apply(EditParser.edits(for: reading.wish), to: code, wish: reading.wish)
    }

    /// A new component for a wish.
    static func fresh(_ wish: String, hash: StableHash) -> String {
        let words = Words(wish)
        let archetype = ComponentLibrary.archetype(for: words, hash: hash)
        var look = Look(hash: hash, grounds: archetype.grounds)
        if archetype.name != Archetype.palette.name {
            for edit in EditParser.looks(for: wish) {
                switch edit {
                case .colour(let colour): look.setColour(colour)
                case .ground(let colour): look.setGround(colour)
                case .dark(let dark, let black): look.setDark(dark, black: black)
                default: break
                }
            }
        }
        let title = TitleMaker.title(for: wish, fallback: archetype.title)
        return archetype.render(title: title, words: words, look: look)
    }

    private static func startsOver(_ words: Words) -> Bool {
        words.containsAny([
            "start over with", "from scratch", "instead make", "instead build", "make a completely", "turn it into a",
            "turn this into a", "turn it into an", "turn this into an", "replace it with a", "replace everything",
            "new app",
        ])
    }

    private func broken(_ code: String, hash: StableHash) -> String {
        let defects = Defect.ofSyntax
        let first = hash.choice(of: defects.count, for: "defect")
        for offset in defects.indices {
            if let broken = defects[(first + offset) % defects.count].put(into: code) { return broken }
        }
        return code.trimmed + "\n<\n"
    }

    /// As models do it: bare, in a fence, or in a fence behind a line of prose.
    private func wrapped(_ code: String, hash: StableHash) -> String {
        switch hash.choice(of: 4, for: "wrapping") {
        case 0: "Here is the whole component:\n\n```tsx\n\(code)```\n"
        case 1: "```tsx\n\(code)```"
        default: code
        }
    }
}
