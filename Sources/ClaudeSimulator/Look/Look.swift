/// How a component looks: everything that the theme block at its end is made from.
struct Look: Sendable, Equatable {
    /// What the page stands on.
    enum Ground: String, Sendable, CaseIterable {
        /// Nearly white.
        case paper
        /// A pale shade of the tint.
        case tint
        /// A strong shade of the tint, with white text.
        case vivid
        /// A very dark shade of the tint, with light text.
        case deep
        /// Nearly black.
        case dark
    }

    /// The headings' typeface.
    enum Display: String, Sendable, CaseIterable { case sans, serif, mono }

    /// How round things are.
    enum Corners: String, Sendable, CaseIterable { case square, soft, round }

    /// Buttons, charts, what is chosen.
    var accent: Colour
    /// The colour of the ground; a grey on `paper` and `dark`.
    var tint: Colour
    /// What the page stands on.
    var ground: Ground
    /// The headings' typeface.
    var display: Display
    /// How round things are.
    var corners: Corners
    /// Size in percent of the design's, 70 to 160.
    var scale: Int = 100
    /// The heading's own colour.
    var heading: Colour?

    /// Chooses a look for a wish, always the same for the same hash; a colour that the wish names is taken.
    init(hash: StableHash, grounds: [Ground]) {
        func pick<Value>(_ values: [Value], _ name: String) -> Value {
            values[hash.choice(of: values.count, for: name)]
        }
        accent = pick(Colour.restrained, "accent")
        ground = pick(grounds.isEmpty ? [.paper] : grounds, "ground")
        display = pick([.sans, .sans, .serif, .mono], "display")
        corners = pick([.soft, .round, .round, .square], "corners")
        tint = ground == .paper || ground == .dark ? pick(Colour.neutrals, "neutral") : accent
    }

    /// Reads the `// Look:` line of a component; `nil` when it has none that makes sense.
    init?(code: String) {
        guard let line = code.between("// Look: ", "\n") else { return nil }
        var values: [Substring: Substring] = [:]
        for pair in line.split(separator: " ") {
            let halves = pair.split(separator: "=", maxSplits: 1)
            if halves.count == 2 { values[halves[0]] = halves[1] }
        }
        guard let accent = values["accent"].flatMap({ Colour(rawValue: String($0)) }),
            let tint = values["tint"].flatMap({ Colour(rawValue: String($0)) }),
            let ground = values["ground"].flatMap({ Ground(rawValue: String($0)) }),
            let display = values["display"].flatMap({ Display(rawValue: String($0)) }),
            let corners = values["corners"].flatMap({ Corners(rawValue: String($0)) }),
            let scale = values["scale"].flatMap({ Int($0) })
        else { return nil }
        self.accent = accent
        self.tint = tint
        self.ground = ground
        self.display = display
        self.corners = corners
        self.scale = min(max(scale, 70), 160)
        heading = values["heading"].flatMap { Colour(rawValue: String($0)) }
    }

    /// The line that `init(code:)` reads.
    var line: String {
        "// Look: accent=\(accent) tint=\(tint) ground=\(ground) display=\(display) corners=\(corners) scale=\(scale)"
            + (heading.map { " heading=\($0)" } ?? "")
    }

    /// Whether text is light on a dark page.
    var isDark: Bool { ground != .paper && ground != .tint }
}
