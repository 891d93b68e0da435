/// Where apps run.
///
/// `BubblewrapProvider` isolates; `ProcessProvider` does not.
package protocol SandboxProvider: Sendable {
    /// Ends and removes what an earlier, killed server left behind: processes, cgroups, mounts, sockets.
    func cleanUp() async throws

    /// Starts the dev server for an app and returns when it answers its heartbeat.
    ///
    /// - Parameters:
    ///   - appID: letters, digits and hyphens.
    ///   - files: the app's files, written before the start; the template's own component when `nil`.
    /// - Returns: the running sandbox.
    /// - Throws: `SandboxError`.
    func start(appID: String, files: [String: String]?) async throws -> any Sandbox

    /// Removes the app's folder. The sandbox must have been stopped.
    func remove(appID: String) async throws

    /// Stops all sandboxes; returns when nothing of them is left.
    func shutdown() async

    /// Takes pictures of running apps; `nil` where there is no browser, or no isolation for one.
    var camera: (any StillCamera)? { get }
}

extension SandboxProvider {
    package var camera: (any StillCamera)? { nil }
}

/// Takes pictures of apps.
package protocol StillCamera: Sendable {
    /// What the app's dev server shows now, 1280 by 800.
    ///
    /// A task that is cancelled ends the browser at once. The bytes come from a browser that ran code nobody trusts: check
    /// them.
    ///
    /// - Parameter appID: an app whose sandbox runs.
    /// - Returns: at most `SandboxConfiguration.maximumPictureBytes` and one.
    /// - Throws: `SandboxError`.
    func picture(appID: String) async throws -> [UInt8]
}

/// One running app.
package protocol Sandbox: Sendable {
    var appID: String { get }
    /// Where its dev server listens.
    var endpoint: SandboxEndpoint { get }

    /// Writes files and bundles. Returns when both are done; after errors the last good version goes on being served.
    ///
    /// - Parameters:
    ///   - files: relative path to text, at most 64 files and 1 MiB in all.
    ///   - checksNames: whether code is refused that bundles and then fails for a name, an import or an export that does not
    ///     exist. For new code: what was served once is served again.
    /// - Returns: what bundling said.
    /// - Throws: `SandboxError`: `.refused` for a path or size that is not allowed.
    func edit(files: [String: String], checksNames: Bool) async throws -> EditOutcome

    /// - Throws: `SandboxError` when it does not answer within its deadline (2 s).
    func heartbeat() async throws

    /// Waits until the sandbox has ended, for whatever reason, and says why.
    func exit() async -> SandboxExit

    /// Kills the whole tree; returns when it is reaped and its cgroup is gone. May be called again.
    func stop() async
}

extension Sandbox {
    /// Writes files that were served before, and bundles.
    ///
    /// - Parameter files: as above.
    /// - Returns: what bundling said.
    /// - Throws: `SandboxError`: `.refused` for a path or size that is not allowed.
    package func edit(files: [String: String]) async throws -> EditOutcome {
        try await edit(files: files, checksNames: false)
    }
}

/// A Unix socket that is reached through a held directory descriptor, so that its path is short and cannot be swapped.
package struct SandboxEndpoint: Sendable, Equatable {
    /// At most 107 bytes, such as `/proc/self/fd/42/dev.sock`; valid while the sandbox is held.
    package var socketPath: String
    /// Who must own the socket and listen on it, as `connect()` checks; the owner of the socket's folder when `nil`.
    package var ownerUID: UInt32?

    package init(socketPath: String, ownerUID: UInt32? = nil) {
        self.socketPath = socketPath
        self.ownerUID = ownerUID
    }
}

/// What bundling said.
package enum EditOutcome: Sendable, Equatable {
    case succeeded
    /// It is served, but its names could not be checked: there is no parser, or the check did not end in time.
    case unchecked
    case failed([BuildError])
}

/// One message of the bundler, or an error of our own; line and column from 1.
package struct BuildError: Error, Sendable, Equatable, Hashable {
    /// What we ourselves have against a file.
    package enum Code: String, Sendable, CaseIterable {
        case noDefaultExport = "no_default_export"
        /// The bundler failed without a word.
        case bundlerSilent = "bundler_silent"
        /// There is no code in the answer; `text` is the answer, cut to 500 characters.
        case noComponent = "no_component"
        /// A comment stands where the version before has code; `text` is the comment.
        case codeLeftOut = "code_left_out"
        /// A name that is neither defined nor known to a browser.
        case nameUndefined = "name_undefined"
        /// `module` does not export what is used of it.
        case exportMissing = "export_missing"
        /// An import by URL.
        case importRemote = "import_remote"
        /// An import that only Node has.
        case importNode = "import_node"
        /// The component shows and does nothing.
        case componentEmpty = "component_empty"
    }

    package var path: String
    package var line: Int
    package var column: Int
    /// The bundler's words; with a `code` what it is about, as the file has it, or nothing.
    package var text: String
    package var code: Code?
    /// The module that an export is missing of.
    package var module: String?

    package init(path: String, line: Int, column: Int, text: String) {
        self.path = path
        self.line = line
        self.column = column
        self.text = text
    }

    /// An error of our own about a whole file.
    package init(_ code: Code, path: String) {
        self.init(path: path, line: 1, column: 1, text: "")
        self.code = code
    }
}

/// Why a sandbox ended.
package enum SandboxExit: Sendable, Equatable {
    /// `stop` was called.
    case stopped
    /// The process ended by itself or was killed (memory limit, crash); the text says how.
    case died(String)
}

package enum SandboxError: Error, Sendable, Equatable {
    /// A program or folder that the provider needs is missing; the text names the package and the mend.
    case unavailable(String)
    /// It did not answer in time.
    case timeout(String)
    /// It ended while it was asked.
    case died(String)
    /// It answered nonsense.
    case badAnswer(String)
    /// A system call failed.
    case system(operation: String, code: Int32, message: String)
    /// A path or size that is not allowed.
    case refused(String)
    /// As many run as may (`VIBE_MAX_SANDBOXES`).
    case full
}
