internal import Glibc

/// A Chromium of this machine.
package struct Browser: Sendable, Equatable {
    /// The executable, without symbolic links.
    package let program: String

    /// Where distributions put it.
    ///
    /// The headless shell draws the same pages without a browser's windows, which cost more than the page. In `/usr/bin`
    /// Debian has scripts, which want files of `/etc`; the programs lie beside their libraries.
    private static let usual = [
        "/usr/lib/chromium/chromium-headless-shell", "/usr/lib/chromium/chromium",
        "/usr/lib64/chromium-browser/chromium-browser", "/opt/google/chrome/chrome", "/usr/bin/chromium",
    ]

    /// Looks where it usually is.
    ///
    /// - Returns: `nil` when there is none.
    package static func find() -> Browser? {
        usual.lazy.compactMap { Browser($0) }.first
    }

    /// The one at this path (`VIBE_CHROMIUM`); `nil` when there is none.
    package init?(_ path: String) {
        // What Debian has in `/usr/bin` are scripts.
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let debian = "/usr/lib/chromium/" + name
        let program = CanonicalPath.of(path == "/usr/bin/" + name && access(debian, X_OK) == 0 ? debian : path)
        guard program.utf8.first == UInt8(ascii: "/"), access(program, X_OK) == 0 else { return nil }
        var status = stat()
        guard stat(program, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.program = program
    }

    /// Its folder, when a sandbox does not see that anyway.
    var ownFolder: String? {
        guard !program.utf8.starts(with: "/usr/".utf8), let slash = program.lastIndex(of: "/") else { return nil }
        return slash == program.startIndex ? nil : String(program[..<slash])
    }

    /// Its name without the folder.
    var name: String { program.split(separator: "/").last.map(String.init) ?? program }
}
