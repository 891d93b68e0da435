internal import Glibc

/// The programs and packages that sandboxes run on.
package struct Toolchain: Sendable, Equatable {
    /// Bun's executable.
    package var bun: String
    /// Tailwind's standalone command line.
    package var tailwind: String
    /// The packages that an app can import, as plain files and folders (no symbolic links).
    package var modules: String
    /// acorn as one file, which reads code for the check of its names; nobody's import finds it.
    package var parser: String
    /// bubblewrap's executable.
    package var bubblewrap = "/usr/bin/bwrap"

    package init(bun: String, tailwind: String, modules: String, parser: String) {
        self.bun = bun
        self.tailwind = tailwind
        self.modules = modules
        self.parser = parser
    }

    /// The layout that `scripts/setup-toolchain` makes.
    package init(folder: String) {
        self.init(
            bun: folder + "/bin/bun",
            tailwind: folder + "/bin/tailwindcss",
            modules: folder + "/node_modules",
            parser: folder + "/lib/acorn.mjs"
        )
    }

    /// What is missing, each with its mend; empty when all is there.
    ///
    /// - Parameter needsBubblewrap: whether apps are to be isolated.
    /// - Returns: one sentence for each.
    package func missing(needsBubblewrap: Bool) -> [String] {
        var found: [String] = []
        if needsBubblewrap && access(bubblewrap, X_OK) != 0 {
            found.append(Toolchain.bubblewrapMend(bubblewrap))
        }
        for (path, mode) in [(bun, X_OK), (tailwind, X_OK), (modules + "/react/package.json", R_OK)]
        where access(path, mode) != 0 {
            found.append("\(path) is missing: \(Self.mend)")
        }
        return found
    }

    static let mend = "run scripts/setup-toolchain (make run does it)"

    /// Whether names can be checked: an older toolchain has no parser, and apps run all the same.
    package var hasParser: Bool { access(parser, R_OK) == 0 }

    /// What to say where there is no parser.
    package var parserMend: String {
        "\(parser) is missing, so the names in new code are not checked: \(Self.mend)"
    }

    static func bubblewrapMend(_ path: String) -> String {
        "\(path) is missing: install the Debian package bubblewrap (apt-get install bubblewrap), "
            + "or set VIBE_SANDBOX=process to run apps without isolation"
    }
}
