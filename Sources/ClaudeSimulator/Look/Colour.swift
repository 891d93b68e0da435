/// A colour family of Tailwind.
enum Colour: String, Sendable, CaseIterable {
    case red, orange, amber, yellow, lime, green, emerald, teal, cyan, sky, blue, indigo, violet, purple, fuchsia, pink
    case rose, stone, slate, zinc

    /// Families that suit an app nobody asked a colour for.
    static let restrained: [Colour] = [.teal, .emerald, .blue, .rose, .orange, .sky, .red, .green, .amber, .cyan]

    /// The greys.
    static let neutrals: [Colour] = [.stone, .slate, .zinc]

    /// The family that a word names.
    init?(word: some StringProtocol) {
        switch word {
        case "crimson", "scarlet", "ruby", "reddish": self = .red
        case "gold", "golden", "mustard": self = .amber
        case "navy", "azure", "bluish": self = .blue
        case "turquoise", "aqua": self = .cyan
        case "mint", "greenish": self = .emerald
        case "forest", "olive": self = .green
        case "magenta": self = .fuchsia
        case "salmon", "coral": self = .rose
        case "lavender", "lilac": self = .violet
        case "brown", "terracotta", "rust": self = .orange
        case "grey", "gray", "silver", "black", "monochrome": self = .zinc
        default: self.init(rawValue: String(word))
        }
    }
}
