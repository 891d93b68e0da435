extension Look {
    /// A light or dark ground, keeping the accent.
    mutating func setDark(_ dark: Bool, black: Bool = false) {
        if dark {
            ground = ground == .tint && !black ? .deep : .dark
            if ground == .dark, !Colour.neutrals.contains(tint) { tint = .zinc }
        } else {
            ground = ground == .deep || ground == .vivid ? .tint : .paper
            if ground == .paper, !Colour.neutrals.contains(tint) { tint = .stone }
        }
    }

    /// Gives the ground a colour that shows.
    mutating func setGround(_ colour: Colour) {
        tint = colour
        switch ground {
        case .paper: ground = .tint
        case .dark: ground = .deep
        case .tint, .vivid, .deep: break
        }
    }

    /// Gives the app a colour: the accent, and the ground too where it had the accent's colour.
    mutating func setColour(_ colour: Colour) {
        if tint == accent, ground != .paper, ground != .dark { tint = colour }
        accent = colour
    }
}
