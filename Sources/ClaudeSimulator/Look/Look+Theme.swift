extension Look {
    /// The theme block with which every component ends: all its colours, corners and sizes as Tailwind classes.
    var themeBlock: String {
        let lines = theme.map { "  \($0.name): \"\($0.classes)\"," }
        return ([line, "const theme = {"] + lines + ["};", ""]).joined(separator: "\n")
    }

    /// The code with its theme block replaced by this look's; `nil` when it has none.
    func replacingTheme(in code: String) -> String? {
        guard let start = code.lastByteRange(of: "// Look: ")?.lowerBound,
            let end = code.byteRange(of: "\n};\n", from: start)?.upperBound
        else { return nil }
        return code[..<start] + themeBlock + code[end...]
    }

    private var theme: [(name: String, classes: String)] {
        colours + [
            ("display", displayClasses),
            ("corner", corner),
            ("pill", corners == .square ? "rounded-none" : corners == .soft ? "rounded-md" : "rounded-full"),
            ("scale", scale == 100 ? "text-base" : "text-base [zoom:\(scale)%]"),
        ]
    }

    private var corner: String {
        switch corners {
        case .square: "rounded-none"
        case .soft: "rounded-lg"
        case .round: "rounded-2xl"
        }
    }

    private var displayClasses: String {
        let face =
            switch display {
            case .sans: "font-sans font-extrabold tracking-tight"
            case .serif: "font-serif font-semibold tracking-tight"
            case .mono: "font-mono font-bold tracking-tighter"
            }
        let colour = heading.map { " text-\($0)-\(isDark ? 300 : 700)" } ?? ""
        return "text-balance wrap-anywhere " + face + colour
    }

    private var colours: [(name: String, classes: String)] {
        let a = accent
        let t = tint
        switch ground {
        case .paper:
            return [
                ("page", "bg-\(t)-50 text-\(t)-900"),
                ("card", "bg-white border border-\(t)-200"),
                ("field", "bg-white border border-\(t)-300 text-\(t)-900 placeholder:text-\(t)-500"),
                ("button", "bg-white border border-\(t)-300 text-\(t)-900 hover:bg-\(t)-100"),
                ("quiet", "text-\(t)-600"),
                ("line", "border-\(t)-200"),
                ("soft", "bg-\(t)-100"),
                ("faint", "text-\(t)-200"),
                ("accent", "bg-\(a)-700 text-white hover:bg-\(a)-800"),
                ("accentText", "text-\(a)-700"),
                ("accentSoft", "bg-\(a)-100 text-\(a)-900"),
            ]
        case .tint:
            return [
                ("page", "bg-\(t)-100 text-\(t)-950"),
                ("card", "bg-white border border-\(t)-200"),
                ("field", "bg-white border border-\(t)-300 text-\(t)-950 placeholder:text-\(t)-700"),
                ("button", "bg-white border border-\(t)-300 text-\(t)-950 hover:bg-\(t)-50"),
                ("quiet", "text-\(t)-800"),
                ("line", "border-\(t)-200"),
                ("soft", "bg-\(t)-200"),
                ("faint", "text-\(t)-200"),
                ("accent", "bg-\(a)-800 text-white hover:bg-\(a)-900"),
                ("accentText", "text-\(a)-800"),
                ("accentSoft", "bg-\(a)-200 text-\(a)-950"),
            ]
        case .vivid:
            let b = a == t ? "white" : "\(a)-200"
            // White needs a darker shade of the light families to be read on.
            let (page, card, line) = [.yellow, .lime, .amber].contains(t) ? (800, 900, 700) : (700, 800, 600)
            return [
                ("page", "bg-\(t)-\(page) text-white"),
                ("card", "bg-\(t)-\(card) border border-\(t)-\(line)"),
                ("field", "bg-\(t)-900 border border-\(t)-500 text-white placeholder:text-\(t)-200"),
                ("button", "bg-\(t)-\(card) border border-\(t)-400 text-white hover:bg-\(t)-950"),
                ("quiet", "text-\(t)-100"),
                ("line", "border-\(t)-\(line)"),
                ("soft", "bg-\(t)-900"),
                ("faint", "text-\(t)-\(line)"),
                ("accent", "bg-\(b) text-\(a)-950 hover:bg-\(a)-100"),
                ("accentText", "text-\(b)"),
                ("accentSoft", "bg-\(a)-100 text-\(a)-950"),
            ]
        case .deep:
            return [
                ("page", "bg-\(t)-950 text-\(t)-50"),
                ("card", "bg-\(t)-900/50 border border-\(t)-800"),
                ("field", "bg-\(t)-950 border border-\(t)-700 text-\(t)-50 placeholder:text-\(t)-300"),
                ("button", "bg-\(t)-900 border border-\(t)-700 text-\(t)-50 hover:bg-\(t)-800"),
                ("quiet", "text-\(t)-200"),
                ("line", "border-\(t)-800"),
                ("soft", "bg-\(t)-900"),
                ("faint", "text-\(t)-800"),
                ("accent", "bg-\(a)-300 text-\(a)-950 hover:bg-\(a)-200"),
                ("accentText", "text-\(a)-300"),
                ("accentSoft", "bg-\(a)-800 text-\(a)-50"),
            ]
        case .dark:
            return [
                ("page", "bg-\(t)-950 text-\(t)-100"),
                ("card", "bg-\(t)-900 border border-\(t)-800"),
                ("field", "bg-\(t)-950 border border-\(t)-700 text-\(t)-100 placeholder:text-\(t)-400"),
                ("button", "bg-\(t)-900 border border-\(t)-700 text-\(t)-100 hover:bg-\(t)-800"),
                ("quiet", "text-\(t)-400"),
                ("line", "border-\(t)-800"),
                ("soft", "bg-\(t)-800"),
                ("faint", "text-\(t)-800"),
                ("accent", "bg-\(a)-400 text-\(a)-950 hover:bg-\(a)-300"),
                ("accentText", "text-\(a)-400"),
                ("accentSoft", "bg-\(a)-950 text-\(a)-200"),
            ]
        }
    }
}
