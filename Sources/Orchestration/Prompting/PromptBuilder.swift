package import Claude
package import Sandboxes

/// Turns what people wrote into requests to the model.
///
/// Pure: no clock, no I/O. Whatever comes from people (prompts, earlier turns, code, the bundler's messages) travels in the
/// user's messages between tags that it cannot close, never in the system prompt. The model has no authority beyond writing
/// files of this app.
package enum PromptBuilder {
    /// The path of the one file that the model writes.
    package static let componentPath = "src/LLMComponent.tsx"

    /// Packages that a component may import: what `scripts/setup-toolchain` puts into a sandbox, dependencies apart.
    ///
    /// `Tests/Product/test_imports.py` holds the two against each other.
    package static let allowedImports = [
        "react", "react-dom", "chart.js", "chroma-js", "classnames", "d3", "diff", "dompurify", "highlight.js",
        "immutable", "katex", "leaflet", "lodash", "lodash-es", "marked", "moment", "seedrandom", "three", "uuid",
    ]

    /// Errors that a repair is told of at most.
    package static let maximumErrors = 20

    /// Major versions that differ from what a model would expect, and the style sheets that packages bring.
    private static let versions = [
        "d3": "5", "chart.js": "3, as `chart.js/auto`", "chroma-js": "2", "three": "r111", "highlight.js": "9",
        "marked": "4", "uuid": "8", "katex": "0.16, with `katex/dist/katex.min.css`",
        "leaflet": "1, with `leaflet/dist/leaflet.css`",
    ]

    /// The request whose answer is the component's whole file.
    ///
    /// - Parameters:
    ///   - prompt: what is asked for now.
    ///   - history: earlier turns, oldest first, without the prompt; any length and any order of roles.
    ///   - currentCode: the file as it is served; `nil` for a new app.
    ///   - configuration: names the model and the token limit.
    /// - Returns: a request with the first prompt, the newest turns that fit, and the code in full.
    package static func code(
        prompt: String,
        history: [MessagesRequest.Message],
        currentCode: String?,
        configuration: OrchestrationConfiguration
    ) -> MessagesRequest {
        let history = PromptHistory.bounded(history)
        let tags = PromptTags(for: history.map(\.text) + [currentCode ?? "", prompt])
        var parts: [String] = []
        if !history.isEmpty {
            let turns = history.map { tags.around("turn", $0.text, attributes: "from=\"\($0.role.rawValue)\"") }
            parts.append(tags.around("conversation", turns.joined(separator: "\n")))
        }
        if let currentCode {
            parts.append(tags.around("current_file", currentCode, attributes: "path=\"\(componentPath)\""))
        }
        parts.append(tags.around("request", prompt))
        parts.append(
            currentCode == nil
                ? "Write \(componentPath) for this request."
                : "Answer with the whole of \(componentPath), changed as requested."
        )
        return codeRequest(parts, configuration)
    }

    /// The request that mends an answer which is no app; its answer is the whole file again.
    ///
    /// - Parameters:
    ///   - failedAnswer: the file with the errors, or what came in place of one.
    ///   - currentCode: the file as it is served; `nil` for a new app.
    ///   - errors: what the bundler said; the first 20 are sent.
    ///   - prompt: what the answer was written for.
    ///   - configuration: names the model and the token limit.
    /// - Returns: a request with both texts in full and one line an error.
    package static func repair(
        failedAnswer: String,
        currentCode: String?,
        errors: [BuildError],
        prompt: String,
        configuration: OrchestrationConfiguration
    ) -> MessagesRequest {
        let lines = errors.prefix(maximumErrors).map(PromptTurn.line)
        let list = lines.joined(separator: "\n")
        let tags = PromptTags(for: [failedAnswer, currentCode ?? "", list, prompt])
        var parts: [String] = []
        if let currentCode {
            parts.append(tags.around("current_file", currentCode, attributes: "path=\"\(componentPath)\""))
        }
        parts += [
            tags.around("failed_answer", failedAnswer),
            tags.around("errors", list),
            tags.around("request", prompt),
            "The failed answer was written for this request"
                + (currentCode == nil ? "" : ", to replace the current file,")
                + " and does not build. Mend the errors, keep everything else that it does, and answer with the whole of "
                + "\(componentPath).",
        ]
        return codeRequest(parts, configuration)
    }

    /// The request whose answer goes on where another was cut at its token limit.
    ///
    /// - Parameters:
    ///   - answer: all that came; not blank.
    ///   - request: what it answers.
    /// - Returns: that request with the answer and our words behind it.
    static func continuation(of answer: String, to request: MessagesRequest) -> MessagesRequest {
        request.followed(
            by: answer,
            """
            Your answer was cut off at its length limit. Continue with the character that comes next, mid-line if need be: \
            repeat nothing, open no new code block, and say nothing else.
            """
        )
    }

    /// The request that asks whether an answer is meant that leaves out most of the current file.
    ///
    /// - Parameters:
    ///   - answer: all that came; not blank.
    ///   - request: what it answers.
    /// - Returns: that request with the answer and our words behind it.
    static func confirmation(of answer: String, to request: MessagesRequest) -> MessagesRequest {
        request.followed(
            by: answer,
            """
            Your file has less than half of the lines of the current file. Is this meant? If the request asks for that, answer \
            with the same file again. If not, answer with the whole of \(componentPath): the current file, changed as \
            requested, with everything else kept.
            """
        )
    }

    /// The request whose answer tells in a sentence or two what is being made or changed.
    ///
    /// - Parameters:
    ///   - prompt: what is asked for now.
    ///   - history: earlier turns, oldest first, without the prompt.
    ///   - isFirst: whether the app is new, so that it is made and not changed.
    ///   - configuration: names the model and the token limit.
    /// - Returns: a request whose messages alternate, beginning and ending with a person's.
    package static func chat(
        prompt: String,
        history: [MessagesRequest.Message],
        isFirst: Bool,
        configuration: OrchestrationConfiguration
    ) -> MessagesRequest {
        let history = PromptHistory.bounded(history)
        let tags = PromptTags(for: history.map(\.text) + [prompt])
        var messages: [MessagesRequest.Message] = []
        for message in history {
            let text = message.role == .user ? tags.around("request", message.text) : message.text
            if let last = messages.last, last.role == message.role {
                messages[messages.count - 1].text += "\n\n" + text
            } else if message.role == .user || !messages.isEmpty {
                messages.append(.init(role: message.role, text: text))
            }
        }
        let question =
            tags.around("request", prompt, attributes: isFirst ? "" : "changes=\"app\"")
            + (isFirst ? "\n\nTell what you are making." : "\n\nTell what you are changing in the app.")
        if messages.last?.role == .user {
            messages[messages.count - 1].text += "\n\n" + question
        } else {
            messages.append(.init(role: .user, text: question))
        }
        return MessagesRequest(
            model: configuration.chatModel,
            system: SystemPrompts.chat,
            messages: messages,
            maximumTokens: configuration.maximumChatTokens
        )
    }

    private static func codeRequest(
        _ parts: [String],
        _ configuration: OrchestrationConfiguration
    ) -> MessagesRequest {
        let imports = allowedImports.map { name in versions[name].map { "\(name) (version \($0))" } ?? name }
        return MessagesRequest(
            model: configuration.codeModel,
            system: SystemPrompts.code(path: componentPath, imports: imports),
            messages: [.init(role: .user, text: parts.joined(separator: "\n\n"))],
            maximumTokens: configuration.maximumCodeTokens
        )
    }
}

extension MessagesRequest {
    /// The request with its answer and what is said to that.
    fileprivate func followed(by answer: String, _ words: String) -> MessagesRequest {
        var request = self
        request.messages += [.init(role: .assistant, text: answer), .init(role: .user, text: words)]
        return request
    }
}
