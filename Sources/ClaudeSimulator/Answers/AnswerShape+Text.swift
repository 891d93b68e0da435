extension AnswerShape {
    /// Wraps a component.
    ///
    /// - Parameters:
    ///   - code: the component as it should be.
    ///   - reading: the request.
    ///   - plain: the answer without a shape.
    /// - Returns: the answer's whole text.
    func text(_ code: String, for reading: RequestReading, plain: String) -> String {
        if let defect { return Self.fenced(defect.put(into: code) ?? code) }
        switch self {
        case .question, .refusal, .refusalStop: return prose
        case .shellFirst, .typesFirst, .treeFirst, .draftFirst, .twoFiles: return blocks(code)
        case .docFence, .stringFence, .commentFence, .apostrophe, .regex:
            return "Here is the whole file:\n\n\(Self.fenced(marked(code)))\nThat's all of it. Don't change the rest.\n"
        case .pathLine: return Self.fenced("src/LLMComponent.tsx\n" + code)
        case .pathBraces: return Self.fenced("{path=src/LLMComponent.tsx}\n" + code)
        case .fileTag: return "<file path=\"src/LLMComponent.tsx\">\n\(code)</file>\n"
        case .gluedFence: return "```tsx\n\(code.trimmed)```\n"
        case .noFence: return code + "\nThe component keeps its state in React, and everything works by keyboard.\n"
        case .bom: return "\u{FEFF}" + code
        case .thinking:
            return "<thinking>\nFirst a draft.\n\n\(Self.draft)\nNow the file.\n</thinking>\n\n" + Self.fenced(code)
        case .elision: return Self.fenced(reading.code == nil ? code : Gap.code.put(into: code) ?? code)
        case .elisionJSX: return Self.fenced(reading.code == nil ? code : Gap.elements.put(into: code) ?? code)
        case .shrink: return Self.fenced(reading.code == nil ? code : Self.draft)
        case .emptyBody: return Self.fenced(Gap.all.put(into: code) ?? code)
        case .surrogates: return Self.fenced(code.replacingFirst("{TITLE}</h1>", with: "{TITLE} 🎈🏔️</h1>") ?? code)
        case .maximumTokens, .maximumTokensTwice, .brokenStream, .noMessageStop, .doneMarker: return plain
        case .undefinedName, .missingExport, .remoteImport, .nodeImport: return Self.fenced(code)
        }
    }

    private var defect: Defect? {
        switch self {
        case .undefinedName: .undefinedName
        case .missingExport: .missingExport
        case .remoteImport: .remoteImport
        case .nodeImport: .nodeImport
        default: nil
        }
    }

    private var prose: String {
        switch self {
        case .refusal:
            "I'm sorry, but I can't help with that. I'd be glad to build something else with you: tell me what it should do."
        case .refusalStop: "I can't go on with this."
        default:
            """
            That button starts and stops what is shown, and a second press takes it back. Nothing of it is stored outside of \
            this page, so a reload begins anew.

            Would you like it to behave differently? Tell me how, and I'll change it.
            """
        }
    }

    private func blocks(_ code: String) -> String {
        let file = Self.fenced(code)
        return switch self {
        case .shellFirst:
            "Install what it needs:\n\n```bash\nnpm install\nnpm run dev\n```\n\nThen this is the file:\n\n\(file)"
        case .typesFirst:
            "The types:\n\n```ts\ninterface Entry {\n  id: string;\n  label: string;\n}\n```\n\nThe component:\n\n\(file)"
        case .treeFirst: "The project:\n\n```\nsrc/\n├── LLMComponent.tsx\n└── main.tsx\n```\n\n\(file)"
        case .draftFirst: "A first draft:\n\n\(Self.fenced(Self.draft))\nAnd now with everything in it:\n\n\(file)"
        default:
            """
            \(file)
            And `src/main.tsx` renders it:

            ```tsx
            import { createRoot } from "react-dom/client";
            import App from "./LLMComponent";

            const root = document.getElementById("root");
            if (root) createRoot(root).render(<App />);
            ```

            """
        }
    }

    /// The code with something in it that looks like an end of it.
    private func marked(_ code: String) -> String {
        switch self {
        case .docFence:
            let guide = "const GUIDE = `How to start:\n\n\\`\\`\\`bash\nnpm start\n\\`\\`\\`\n\nThat's all.`;\n\n"
            return code.withConstant(guide, shownBy: "<pre className=\"mt-6\">{GUIDE}</pre>")
        case .stringFence:
            let fences = "const FENCE = \"```\";\nconst BLOCK = 'A block:\\n\\\n```tsx\\n\\\n```\\n';\n\n"
            return code.withConstant(fences, shownBy: "<pre className=\"mt-6\">{FENCE + BLOCK}</pre>")
        case .commentFence: return "/*\nHow to start:\n```bash\nnpm start\n```\n*/\n" + code
        case .regex:
            let quotes = "const QUOTES = /[\"'`/]+/g;\n\n"
            return code.withConstant(quotes, shownBy: "<p className=\"mt-6\">{'say \"hi\"'.replace(QUOTES, \"\")}</p>")
        default: return code.withElement("<p className=\"mt-6\">It's here, and that's what you've asked for.</p>")
        }
    }

    private static func fenced(_ code: String) -> String { "```tsx\n\(code)```\n" }

    /// A tiny app, with nothing of the one that was asked for.
    private static let draft = """
        export default function App() {
          return (
            <main className="grid min-h-screen w-full place-items-center bg-white">
              <h1 className="text-3xl font-bold">A first draft</h1>
            </main>
          );
        }

        """
}

extension String {
    /// The component with a constant before its title, and an element that shows it.
    fileprivate func withConstant(_ constant: String, shownBy element: String) -> String {
        (replacingFirst("const TITLE = ", with: constant + "const TITLE = ") ?? constant + self).withElement(element)
    }

    /// The component with one more element.
    fileprivate func withElement(_ element: String) -> String {
        replacingFirst(EditApplier.anchor, with: element + "\n          " + EditApplier.anchor) ?? self
    }
}
