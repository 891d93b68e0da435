/// What a request wants, read tolerantly: tags and fences around the wish, the code and the errors are all optional.
struct RequestReading: Sendable, Equatable {
    /// Whether a component is asked for; otherwise a sentence or two.
    var wantsCode: Bool
    /// What the person asked for last.
    var wish: String
    /// What the person asked for first; the same as `wish` in a new conversation.
    var firstWish: String
    /// The newest code in the conversation.
    var code: String?
    /// Whether the last message reports errors.
    var hasErrors: Bool
    /// Whether nothing came before: no earlier turn, no code, no errors.
    var isFirst: Bool

    /// Names for the code, the errors and the wish: first those that cannot be forged, then what others may write.
    private static let exactTags = (code: ["current_file", "current_code"], errors: ["errors"], wish: ["request"])
    private static let looseTags = (
        code: ["broken_code", "code", "current_component", "component", "file", "source"],
        errors: ["build_errors", "error"],
        wish: ["change", "prompt", "wish", "instruction", "task", "user_request"]
    )

    init(_ call: MessagesCall) {
        let last = call.turns.last { $0.isUser }?.text ?? ""
        let parts = Self.parts(of: last)
        let first = call.turns.first { $0.isUser }?.text ?? last
        var code = parts.code
        if code == nil {
            for turn in call.turns.reversed() {
                code = Self.parts(of: turn.text).code
                if code != nil { break }
            }
        }
        self.code = code
        wish = parts.wish
        firstWish = Self.parts(of: first).wish
        hasErrors = parts.errors != nil
        isFirst =
            code == nil && parts.errors == nil && !parts.hasConversation && !call.turns.contains { !$0.isUser }
            && !parts.changesApp
        wantsCode =
            call.system.hasBytes("LLMComponent")
            || (call.system.isEmpty && Self.asksForComponent(last))
    }

    private static func asksForComponent(_ text: String) -> Bool {
        text.hasBytes("LLMComponent") || Words(text).containsAny(["react", "tsx", "jsx"])
    }

    /// What a message consists of.
    struct Parts: Equatable {
        /// What the person asked for.
        var wish: String
        /// Code given with it.
        var code: String?
        /// What the bundler said.
        var errors: String?
        /// Whether earlier turns are told.
        var hasConversation: Bool
        /// Whether the wish's tag says that there is an app already, which is to be changed.
        var changesApp: Bool
    }

    /// Takes a message apart.
    static func parts(of message: String) -> Parts {
        var rest = message
        let suffix = suffix(of: message)
        let conversation = take("conversation" + suffix, from: &rest)
        let failed = take("failed_answer" + suffix, from: &rest)
        let current = take(firstOf: exactTags.code.map { $0 + suffix }, from: &rest)
        // What failed is mended, unless it was no code at all.
        var code = failed.flatMap { tidied(unfenced($0.inner)) == nil ? nil : $0 } ?? current
        var errors = take(firstOf: exactTags.errors.map { $0 + suffix }, from: &rest)
        var tagged = take(firstOf: exactTags.wish.map { $0 + suffix }, from: &rest)
        if tagged == nil {
            code = code ?? take(firstOf: looseTags.code, from: &rest)
            errors = errors ?? take(firstOf: looseTags.errors, from: &rest)
            tagged = take(firstOf: looseTags.wish, from: &rest)
        }
        var found = (code?.inner).map(unfenced)
        if found == nil, let block = fence(in: rest) {
            found = String(rest[block.inner])
            rest.removeSubrange(block.outer)
        }
        if found == nil, rest.hasBytes("export default"), rest.hasBytes("return") {
            found = rest
            rest = ""
        }
        return Parts(
            wish: (tagged?.inner ?? rest).trimmed,
            code: found.flatMap(tidied),
            errors: errors?.inner,
            hasConversation: conversation != nil,
            changesApp: tagged?.attributes.hasBytes("changes=") ?? false
        )
    }

    /// A tag that was cut out: what stood in it behind its name, and what it was around.
    private typealias Tagged = (attributes: String, inner: String)

    /// Cuts out the first of these tags that is there.
    private static func take(firstOf tags: [String], from text: inout String) -> Tagged? {
        for tag in tags {
            if let tagged = take(tag, from: &text) { return tagged }
        }
        return nil
    }

    /// Cuts out the last `<tag …>…</tag>`.
    private static func take(_ tag: String, from text: inout String) -> Tagged? {
        guard let closing = text.lastByteRange(of: "</\(tag)>") else { return nil }
        // Texts may hold opening tags but no closing ones, so the first opening behind the closing before is ours.
        var search = text.lastByteRange(of: "</\(tag)>", before: closing.lowerBound)?.upperBound ?? text.startIndex
        while let opening = text.byteRange(of: "<\(tag)", from: search), opening.upperBound <= closing.lowerBound {
            search = opening.upperBound
            let behind = text.utf8[opening.upperBound..<closing.lowerBound]
            guard let next = behind.first, next == UInt8(ascii: ">") || next == 0x20 || next == 0x0A,
                let end = behind.firstIndex(of: UInt8(ascii: ">"))
            else { continue }
            let attributes = String(text[opening.upperBound..<end])
            let inner = String(text[text.utf8.index(after: end)..<closing.lowerBound])
            text.removeSubrange(opening.lowerBound..<closing.upperBound)
            return (attributes, inner)
        }
        return nil
    }

    /// The ending of all tags' names, as `-2`: it stands in the tag with which the message begins.
    private static func suffix(of message: String) -> String {
        let name = message.utf8.prefix(40).prefix { $0 != UInt8(ascii: ">") && $0 != 0x20 && $0 != 0x0A }
        guard name.first == UInt8(ascii: "<"), let dash = name.lastIndex(of: UInt8(ascii: "-")) else { return "" }
        let number = name[name.index(after: dash)...]
        guard !number.isEmpty, number.allSatisfy({ (0x30...0x39).contains($0) }) else { return "" }
        return "-" + String(Substring(number))
    }

    private static func fence(in text: String) -> (outer: Range<String.Index>, inner: Range<String.Index>)? {
        guard let opening = text.byteRange(of: "```"),
            let line = text.utf8[opening.upperBound...].firstIndex(of: 0x0A)
        else { return nil }
        let start = text.utf8.index(after: line)
        let closing = text.byteRange(of: "\n```", from: line)
        let end = closing.map { text.utf8.index(after: $0.lowerBound) } ?? text.endIndex
        return (opening.lowerBound..<(closing?.upperBound ?? text.endIndex), start..<max(start, end))
    }

    private static func unfenced(_ text: String) -> String {
        guard text.trimmed.hasPrefix("```"), let block = fence(in: text) else { return text }
        return String(text[block.inner])
    }

    /// Code without blank lines around it, ending in one line end; `nil` when it is no component.
    private static func tidied(_ code: String) -> String? {
        let text = code.trimmed
        guard text.hasBytes("export default") || text.hasBytes("import ") || text.hasBytes("return (") else {
            return nil
        }
        return text + "\n"
    }
}
