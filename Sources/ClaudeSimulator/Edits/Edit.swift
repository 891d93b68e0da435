/// One change to a component.
enum Edit: Sendable, Equatable {
    /// A new title.
    case title(String)
    /// A new accent.
    case colour(Colour)
    /// A new ground.
    case ground(Colour)
    /// A new colour for the heading.
    case heading(Colour)
    /// A dark or a light page; black is darker than dark.
    case dark(Bool, black: Bool)
    /// Corners.
    case corners(Look.Corners)
    /// The headings' typeface.
    case display(Look.Display)
    /// Everything bigger or smaller, in percent points.
    case scale(Int)
    /// A new value for a number constant.
    case number(constant: String, value: Int)
    /// A new section, with a heading of its own where the wish names one.
    case add(Section, heading: String?)
    /// The sections of this kind go.
    case remove(Section)
    /// Something not rehearsed: a note that says what was asked for.
    case note(String)

    /// What is done, behind "I'm".
    var sentence: String {
        switch self {
        case .title(let title): "putting “\(title)” at the top"
        case .colour(let colour): "switching the accent to \(colour)"
        case .ground(let colour): "giving the page a \(colour) ground"
        case .heading(let colour): "setting the heading in \(colour)"
        case .dark(true, _): "turning the lights down"
        case .dark(false, _): "turning the lights up"
        case .corners(.square): "squaring the corners"
        case .corners: "rounding the corners"
        case .display(let display): "setting the headings in a \(display) face"
        case .scale(let points): points > 0 ? "making everything a little bigger" : "making everything a little smaller"
        case .number(_, let value): "setting the number to \(value)"
        case .add(let section, _): "adding \(section.noun)"
        case .remove(let section): "taking \(section.noun) out"
        case .note(let text): "working in “\(text)”"
        }
    }
}
