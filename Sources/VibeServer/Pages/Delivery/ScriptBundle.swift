/// A page's modules as one script, so that they come in one round trip and are compressed together.
///
/// Each module is a function that is called once, in the order in which the language would run them, and answers its exports.
struct ScriptBundle {
    private let modules: [String: ScriptModule]
    private var numbers: [String: Int] = [:]
    private var open: Set<String> = []
    private var text = ""

    /// - Parameters:
    ///   - entry: The file's name of the page's own module.
    ///   - modules: All modules that can be read, by their file's names.
    /// - Returns: `nil` where a module is missing or imports itself in a circle.
    static func make(_ entry: String, _ modules: [String: ScriptModule]) -> String? {
        var bundle = ScriptBundle(modules: modules)
        return bundle.add(entry) ? bundle.text : nil
    }

    private init(modules: [String: ScriptModule]) {
        self.modules = modules
    }

    private mutating func add(_ file: String) -> Bool {
        if numbers[file] != nil { return true }
        guard let module = modules[file], open.insert(file).inserted else { return false }
        for found in module.imports {
            guard add(found.file) else { return false }
        }
        numbers[file] = numbers.count
        text += "const $\(numbers.count - 1)=(()=>{\n"
        for found in module.imports where !found.names.isEmpty {
            text += "const{\(found.names)}=$\(numbers[found.file] ?? 0);\n"
        }
        text += module.body + "\nreturn{\(module.exports.joined(separator: ","))}})();\n"
        return true
    }
}
