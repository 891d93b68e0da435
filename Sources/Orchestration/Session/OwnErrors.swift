internal import Sandboxes

extension [BuildError] {
    /// Whether they say of an answer only that there was no file in it; also where there are none.
    var areOfWords: Bool { allSatisfy { $0.code == .noComponent || $0.code == .noDefaultExport } }
}

extension BuildError {
    /// Comments in place of code that are told at most.
    private static let maximumElisions = 20
    /// Characters of an answer without code that are kept.
    private static let maximumWords = 500

    /// What is wrong with a component before it is bundled.
    ///
    /// - Parameters:
    ///   - component: as the model wrote it.
    ///   - previous: the component of the version before.
    /// - Returns: in the order of the source.
    static func own(of component: AnswerFile, previous: String?) -> [BuildError] {
        let path = PromptBuilder.componentPath
        var errors = Elisions.find(in: component.text, previous: previous).prefix(maximumElisions).map { elision in
            var error = BuildError(path: path, line: elision.line, column: elision.column, text: elision.text)
            error.code = .codeLeftOut
            return error
        }
        if !component.hasDefaultExport { errors.append(BuildError(.noDefaultExport, path: path)) }
        return errors
    }

    /// An answer that should have been a file and was words.
    init(withoutComponent words: String) {
        self.init(.noComponent, path: PromptBuilder.componentPath)
        text = String(words.prefix(Self.maximumWords))
    }
}
