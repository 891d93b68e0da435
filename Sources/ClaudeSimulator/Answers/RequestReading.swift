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

    private static let codeTags = [
        "current_code", "broken_code", "code", "current_component", "component", "current_file", "file", "source",
    ]
    private static let errorTags = ["errors", "build_errors", "error"]
    private static let wishTags = ["request", "change", "prompt", "wish", "instruction", "task", "user_request"]

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
        isFirst = code == nil && parts.errors == nil && !call.turns.contains { !$0.isUser }
        wantsCode =
            call.system.hasBytes("LLMComponent")
            || (call.system.isEmpty && Self.asksForComponent(last))
    }

    private static func asksForComponent(_ text: String) -> Bool {
        text.hasBytes("LLMComponent") || Words(text).containsAny(["react", "tsx", "jsx"])
    }

    /// Takes a message apart.
    static func parts(of message: String) -> (wish: String, code: String?, errors: String?) {
        var rest = message
        let code = take(firstOf: codeTags, from: &rest).map(unfenced)
        let errors = take(firstOf: errorTags, from: &rest)
        var fenced: String?
        if code == nil, let block = fence(in: rest) {
            fenced = String(rest[block.inner])
            rest.removeSubrange(block.outer)
        }
        var whole: String?
        if code == nil, fenced == nil, rest.hasBytes("export default"), rest.hasBytes("return") {
            whole = rest
            rest = ""
        }
        let wish = take(firstOf: wishTags, from: &rest) ?? rest
        return (wish.trimmed, (code ?? fenced ?? whole).flatMap(tidied), errors)
    }

    /// Cuts out the first of these tags that is there.
    private static func take(firstOf tags: [String], from text: inout String) -> String? {
        for tag in tags {
            if let inner = take(tag, from: &text) { return inner }
        }
        return nil
    }

    /// Cuts out `<tag …>…</tag>`, up to the last closing tag, and returns what was inside.
    private static func take(_ tag: String, from text: inout String) -> String? {
        var search = text.startIndex
        while let opening = text.byteRange(of: "<" + tag, from: search) {
            search = opening.upperBound
            let behind = text.utf8[opening.upperBound...]
            guard let next = behind.first, next == UInt8(ascii: ">") || next == 0x20 || next == 0x0A,
                let end = behind.firstIndex(of: UInt8(ascii: ">")),
                let closing = text.lastByteRange(of: "</" + tag + ">"),
                text.utf8.index(after: end) <= closing.lowerBound
            else { continue }
            let inner = String(text[text.utf8.index(after: end)..<closing.lowerBound])
            text.removeSubrange(opening.lowerBound..<closing.upperBound)
            return inner
        }
        return nil
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
