/// A shape that answers of real models have, around the simulator's own component: what is said instead of a clean file.
package enum AnswerShape: String, Sendable, CaseIterable {
    // Answers without code.

    /// Prose alone, as after "what does this button do?".
    case question
    /// A refusal in prose, ended as any answer.
    case refusal
    /// A refusal with the stop reason `refusal` and an explanation.
    case refusalStop = "refusal-stop"

    // What looks like an end of the file.

    /// Fences in a template literal.
    case docFence = "doc-fence"
    /// Fences in strings, one of them over several lines.
    case stringFence = "string-fence"
    /// Fences in a block comment.
    case commentFence = "comment-fence"
    /// Apostrophes in the text of an element.
    case apostrophe
    /// Quotes in a regular expression.
    case regex

    // Several blocks.

    /// A shell block, then the file.
    case shellFirst = "shell-first"
    /// A block of types, then the file.
    case typesFirst = "types-first"
    /// A tree of files in a block without a language, then the file.
    case treeFirst = "tree-first"
    /// A draft with a default export, then the file.
    case draftFirst = "draft-first"
    /// The file, then another one that renders it.
    case twoFiles = "two-files"

    // What stands around the file.

    /// A path as the first line inside the fence.
    case pathLine = "path-line"
    /// `{path=…}` as the first line inside the fence.
    case pathBraces = "path-braces"
    /// `<file>` and `</file>` around the file.
    case fileTag = "file-tag"
    /// A closing fence glued to the last brace.
    case gluedFence = "glued-fence"
    /// A component without a fence, then prose.
    case noFence = "no-fence"
    /// A byte order mark before the first import.
    case bom
    /// `<thinking>` with a draft in it, then the file.
    case thinking

    // Files that lost something; of a new app the whole file.

    /// A comment in place of the component's code.
    case elision
    /// A comment in place of the component's elements.
    case elisionJSX = "elision-jsx"
    /// A tiny other app.
    case shrink

    // Framing.

    /// An answer that stops at `max_tokens` in the middle; who asks for the rest gets it.
    case maximumTokens = "max-tokens"
    /// The same, whose rest stops at `max_tokens` too.
    case maximumTokensTwice = "max-tokens-twice"
    /// A connection that is closed in the middle.
    case brokenStream = "broken-stream"
    /// A stream that ends without `message_stop`.
    case noMessageStop = "no-message-stop"
    /// A stream that ends with `[DONE]` in place of `message_stop`.
    case doneMarker = "done-marker"
    /// Characters that are cut in two between deltas.
    case surrogates

    // What bundles and then crashes.

    /// A name that is not imported.
    case undefinedName = "undefined-name"
    /// An import that its package does not export.
    case missingExport = "missing-export"
    /// An import from the network.
    case remoteImport = "remote-import"
    /// An import of Node.
    case nodeImport = "node-import"
    /// A component that renders nothing.
    case emptyBody = "empty-body"
}
