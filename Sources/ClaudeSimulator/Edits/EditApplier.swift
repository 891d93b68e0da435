/// Carries changes out in a component's source.
///
/// Everything that a change does not name stays as it is, byte for byte, and
/// the main component's hooks stay the same, so that a hot update keeps its state.
enum EditApplier {
    static let anchor = "{/* More sections go here */}"

    /// The code with all changes; a note is added where they would change nothing.
    static func apply(_ edits: [Edit], to code: String, wish: String) -> String {
        var result = code
        for edit in edits { result = apply(edit, to: result) }
        if result == code { result = insert(Section.note(TitleMaker.finish(wish, fallback: "A change")), into: code) }
        return result
    }

    private static func apply(_ edit: Edit, to code: String) -> String {
        switch edit {
        case .title(let title): return retitled(code, title)
        case .add(let section, let heading): return added(section, heading, to: code)
        case .remove(let section): return removed(section, from: code)
        case .note(let text): return insert(Section.note(text), into: code)
        case .number(let name, let value): return replacingConstant(name, with: "\(value)", in: code) ?? code
        default: return restyled(code, edit)
        }
    }

    private static func restyled(_ code: String, _ edit: Edit) -> String {
        guard var look = Look(code: code) else { return ForeignCode.restyled(code, edit) }
        switch edit {
        case .colour(let colour): look.setColour(colour)
        case .ground(let colour): look.setGround(colour)
        case .heading(let colour): look.heading = colour
        case .dark(let dark, let black): look.setDark(dark, black: black)
        case .corners(let corners): look.corners = corners
        case .display(let display): look.display = display
        case .scale(let points): look.scale = min(max(look.scale + points, 70), 160)
        default: break
        }
        return look.replacingTheme(in: code) ?? code
    }

    private static func retitled(_ code: String, _ title: String) -> String {
        if let renamed = replacingConstant("TITLE", with: Literal.string(title), in: code) { return renamed }
        return ForeignCode.retitled(code, title) ?? code
    }

    /// The code with `const NAME = …;`, one line, set to a new literal; `nil` when there is no such line.
    private static func replacingConstant(_ name: String, with literal: String, in code: String) -> String? {
        guard let start = code.byteRange(of: "const \(name) = ")?.upperBound,
            let end = code.utf8[start...].firstIndex(of: 0x0A)
        else { return nil }
        return code[..<start] + literal + ";" + code[end...]
    }

    private static func added(_ section: Section, _ heading: String?, to code: String) -> String {
        let source = section.source(heading: heading, hasReset: code.hasBytes("function reset() {"))
        var result = insert(source.jsx, into: code)
        guard let component = source.component, let name = component.between("function ", "(") else { return result }
        if !result.hasBytes("function \(name)(") {
            result = result.replacingLast("// Look: ", with: component + "\n// Look: ") ?? (result + "\n" + component)
        }
        return withImports(for: component, in: result)
    }

    /// Sees to it that the hooks of an added component are imported.
    private static func withImports(for component: String, in code: String) -> String {
        var result = code
        for hook in ["useState", "useEffect"] where component.hasBytes(hook + "(") {
            guard let line = result.between("import {", "} from \"react\"") else {
                result = "import { \(hook) } from \"react\";\n" + result
                continue
            }
            if !Words(line).contains(hook.lowercased()) {
                result = result.replacingFirst("import {", with: "import { \(hook),") ?? result
            }
        }
        return result
    }

    private static func removed(_ section: Section, from code: String) -> String {
        let name = section.rawValue.prefix(1).uppercased() + section.rawValue.dropFirst()
        guard let start = code.lastByteRange(of: "        {/* \(name) */}\n")?.lowerBound,
            let end = code.byteRange(of: "\n\n        {/* ", from: start)
        else { return code }
        return String(code[..<start]) + code[code.utf8.index(end.lowerBound, offsetBy: 2)...]
    }

    /// Puts JSX before the anchor, or before the root element's end in code without one.
    private static func insert(_ jsx: String, into code: String) -> String {
        guard let place = code.byteRange(of: "        " + anchor) else {
            return ForeignCode.insert(jsx, into: code) ?? code
        }
        // A footer stays the last thing on the page.
        let footer = code.byteRange(of: "        {/* Footer */}\n")?.lowerBound ?? place.lowerBound
        let position = min(footer, place.lowerBound)
        return code[..<position] + indented(jsx, by: 8) + "\n\n" + code[position...]
    }

    static func indented(_ text: String, by spaces: Int) -> String {
        let margin = String(repeating: " ", count: spaces)
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
    }
}

extension String {
    fileprivate func replacingLast(_ needle: String, with replacement: String) -> String? {
        guard let range = lastByteRange(of: needle) else { return nil }
        return self[..<range.lowerBound] + replacement + self[range.upperBound...]
    }
}
