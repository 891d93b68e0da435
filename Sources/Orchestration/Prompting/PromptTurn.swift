internal import Catalogue
internal import Claude
internal import Sandboxes

/// What the models read of the conversation: where nobody wrote a message, its meaning in words.
///
/// Only they read this; what people see is worded by pages.
enum PromptTurn {
    /// A message of the conversation.
    static func message(_ record: MessageRecord) -> MessagesRequest.Message {
        switch record.role {
        case .user: .init(role: .user, text: words(record.content, origin: record.origin))
        case .assistant: .init(role: .assistant, text: answer(record))
        }
    }

    /// What a prompt asks for.
    static func words(of prompt: PromptRecord) -> String {
        words(prompt.text, origin: prompt.origin)
    }

    /// An error of the code on a line of its own.
    static func line(_ error: BuildError) -> String {
        "\(error.path):\(error.line):\(error.column): \(words(error) ?? String(error.text.prefix(1_000)))"
    }

    private static func words(_ text: String, origin: Meaning?) -> String {
        guard let origin, origin.isOrigin(.repair) else { return text }
        let own = origin.text("error").flatMap(BuildError.Code.init).map { code in
            words(code, origin.text("text") ?? "", of: origin.text("module"))
        }
        return (["Mend this:"] + [own, text.isEmpty ? nil : text].compactMap { $0 }).joined(separator: "\n")
    }

    private static func words(_ error: BuildError) -> String? {
        error.code.map { words($0, String(error.text.prefix(1_000)), of: error.module) }
    }

    private static func words(_ code: BuildError.Code, _ text: String, of module: String?) -> String {
        switch code {
        case .noDefaultExport: "The component exports nothing by default."
        case .bundlerSilent: "The bundler failed without saying why."
        case .noComponent: "Words came, or a patch, but no component. Answer with the whole file."
        case .codeLeftOut:
            "Code was left out behind a comment, and nobody fills it in. Write out every line. \(text)"
                .trimmed
        case .nameUndefined: "`\(text)` is neither defined nor imported, and no browser has it."
        case .exportMissing: "`\(text)` is not exported by the installed version of \(module ?? "its module")."
        case .importRemote: "`\(text)` cannot be imported: apps have no network. Use an installed package, or none."
        case .importNode: "`\(text)` cannot be imported: it exists in Node alone, and this runs in a browser."
        case .componentEmpty: "The component returns nothing, so nothing is shown."
        }
    }

    private static func answer(_ record: MessageRecord) -> String {
        [record.content, made(record), outcome(record)].compactMap { $0 }.filter { !$0.isEmpty }
            .joined(separator: "\n\n")
    }

    /// How a version came about that no model wrote, or of which it said nothing.
    private static func made(_ record: MessageRecord) -> String? {
        guard let version = record.version else { return nil }
        let from = record.origin?.number("version") ?? 0
        if record.origin?.isOrigin(.revert) == true {
            return "The files of version \(from) were taken again. They are version \(version) now."
        }
        if record.origin?.isOrigin(.fork) == true {
            return "This app began as a copy of \u{201C}\(record.origin?.text("title") ?? "")\u{201D}, version \(from)."
        }
        return record.content.isEmpty ? "Version \(version) was made." : nil
    }

    private static func outcome(_ record: MessageRecord) -> String? {
        switch record.outcome {
        case .answered: "You answered without changing the app."
        case .failed where record.error?.code == TurnError.buildFailed.rawValue:
            "No version was made: the code has errors."
        case .failed where record.error != nil: "No version was made."
        case .stopped: "Somebody ended it early, so no version was made."
        case .interrupted where record.error != nil: "It was cut off, and no version was made."
        default: nil
        }
    }
}
