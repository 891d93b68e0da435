package import Claude
package import Sandboxes

/// Turns what people wrote into requests to the model.
///
/// Pure: no clock, no I/O.
///
/// Whatever comes from people (prompts, earlier turns, code, the bundler's messages) travels in the user's messages between
/// tags that it cannot close, never in the system prompt. The model has no authority beyond writing files of this app.
package enum PromptBuilder {
    /// The path of the one file that the model writes.
    package static let componentPath = "src/LLMComponent.tsx"

    /// Packages that a component may import; what the sandbox mounts.
    package static let allowedImports = [
        "react", "react-dom", "d3", "chart.js", "three", "leaflet", "lodash", "immutable", "marked", "dompurify",
        "highlight.js", "katex", "uuid",
    ]

    /// The request whose answer is the component's whole file.
    ///
    /// - Parameters:
    ///   - prompt: what is asked for now.
    ///   - history: earlier turns, oldest first, without the prompt; any length and any order of roles.
    ///   - currentCode: the file as it is served; `nil` for a new app.
    ///   - configuration: names the model and the token limit.
    /// - Returns: a request with the newest turns that fit `PromptHistory`'s limits and the code in full.
    package static func code(
        prompt: String,
        history: [MessagesRequest.Message],
        currentCode: String?,
        configuration: OrchestrationConfiguration
    ) -> MessagesRequest {
        MessagesRequest(
            model: configuration.codeModel,
            system: "",
            messages: [.init(role: .user, text: prompt)],
            maximumTokens: configuration.maximumCodeTokens
        )
    }

    /// The request that mends a file which the bundler refused; its answer is the whole file again.
    ///
    /// - Parameters:
    ///   - code: the file with the errors.
    ///   - errors: what the bundler said; the first 20 are sent.
    ///   - prompt: what the file was written for.
    ///   - configuration: names the model and the token limit.
    package static func repair(
        code: String,
        errors: [BuildError],
        prompt: String,
        configuration: OrchestrationConfiguration
    ) -> MessagesRequest {
        MessagesRequest(
            model: configuration.codeModel,
            system: "",
            messages: [.init(role: .user, text: prompt)],
            maximumTokens: configuration.maximumCodeTokens
        )
    }

    /// The request whose answer tells in a sentence or two what is being made or changed.
    ///
    /// - Parameters:
    ///   - prompt: what is asked for now.
    ///   - history: earlier turns, oldest first, without the prompt.
    ///   - isFirst: whether the app is new, so that it is made and not changed.
    ///   - configuration: names the model and the token limit.
    package static func chat(
        prompt: String,
        history: [MessagesRequest.Message],
        isFirst: Bool,
        configuration: OrchestrationConfiguration
    ) -> MessagesRequest {
        MessagesRequest(
            model: configuration.chatModel,
            system: "",
            messages: [.init(role: .user, text: prompt)],
            maximumTokens: configuration.maximumChatTokens
        )
    }
}
