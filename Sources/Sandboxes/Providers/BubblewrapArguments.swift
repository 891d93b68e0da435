internal import Glibc

/// bubblewrap's own arguments, the same for everything that runs isolated.
enum BubblewrapArguments {
    /// No network, no capabilities, a read-only system, a temporary folder in memory, and what is bound.
    ///
    /// All mount points lie in its fresh root, none in a tree that an app can write to: 0.8 follows symbolic links when
    /// it makes them.
    ///
    /// - Parameters:
    ///   - variables: the environment, besides paths and language.
    ///   - temporaryBytes: the size of the temporary folder.
    ///   - binds: bubblewrap's arguments for what is bound.
    ///   - folder: the working directory.
    /// - Returns: all arguments before the program.
    static func isolation(
        variables: [(String, String)] = [],
        temporaryBytes: UInt64,
        binds: [String],
        folder: String
    ) -> [String] {
        var all = ["--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session"]
        all += ["--cap-drop", "ALL", "--hostname", "sandbox", "--clearenv"]
        let common = [("PATH", "/usr/bin:/bin"), ("HOME", "/tmp"), ("TMPDIR", "/tmp"), ("LANG", "C.UTF-8")]
        for (name, value) in common + variables { all += ["--setenv", name, value] }
        all += ["--ro-bind", "/usr", "/usr"]
        for name in ["bin", "sbin", "lib", "lib64"] { all += ["--symlink", "usr/" + name, "/" + name] }
        all += ["--proc", "/proc", "--dev", "/dev"]
        all += ["--size", "\(temporaryBytes)", "--tmpfs", "/tmp"]
        all += binds
        all += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", folder, "--"]
        return all
    }
}

extension SandboxLimits {
    /// The limits that hold for each process by itself.
    ///
    /// - Parameter countsTasks: whether tasks are counted by user. Only a stopgap: where groups count, another server with the
    ///   same users would be counted too.
    /// - Returns: as for setrlimit(2).
    func ofProcess(countsTasks: Bool) -> [SpawnRequest.Limit] {
        var all: [SpawnRequest.Limit] = [
            .init(resource: CInt(RLIMIT_FSIZE.rawValue), value: fileBytes),
            .init(resource: CInt(RLIMIT_NOFILE.rawValue), value: openFiles),
            .init(resource: CInt(RLIMIT_CORE.rawValue), value: 0),
            .init(resource: CInt(__RLIMIT_MEMLOCK.rawValue), value: 64 << 10),
            .init(resource: CInt(__RLIMIT_MSGQUEUE.rawValue), value: 0),
        ]
        if countsTasks { all.append(.init(resource: CInt(__RLIMIT_NPROC.rawValue), value: tasks)) }
        return all
    }
}
