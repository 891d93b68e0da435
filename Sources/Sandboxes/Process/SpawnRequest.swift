internal import CSandbox

/// A program to start, and within which bounds.
struct SpawnRequest: Sendable {
    /// A mount that only the child sees, at `stage/name`.
    struct Mount: Sendable {
        var source: Descriptor
        var name: String
        var isFolder: Bool
    }

    /// A limit as for setrlimit(2).
    struct Limit: Sendable {
        var resource: CInt
        var value: UInt64
    }

    var program: String
    /// Without the program's own name.
    var arguments: [String]
    /// `NAME=value`.
    var environment: [String] = []
    var directory: Descriptor?
    var cgroups: [Descriptor] = []
    var limits: [Limit] = []
    /// A folder over which `mounts` are made; `nil` for none.
    var stage: String?
    var mounts: [Mount] = []
    /// The user to become; `nil` to stay who we are.
    var uid: UInt32?
    /// Whether it may make the system calls of an ordinary program only.
    var filtersSystemCalls = false

    /// Starts the child.
    ///
    /// The calling thread must outlive it: the child is killed when that thread ends.
    ///
    /// - Throws: `SandboxError.system` naming the step that failed.
    func start(output: Descriptor) throws -> pid_t {
        var request = vibe_spawn_request()
        request.directory = directory?.raw ?? -1
        request.output = output.raw
        request.changes_uid = uid == nil ? 0 : 1
        request.uid = uid ?? 0
        request.filters_system_calls = filtersSystemCalls ? 1 : 0
        let procs = cgroups.map(\.raw)
        let bounds = limits.map { vibe_spawn_limit(resource: $0.resource, value: $0.value) }
        var failure = vibe_spawn_failure()

        // Everything that the C call sees lives until it returns.
        let child = withCStrings([program] + arguments) { arguments in
            withCStrings(environment) { environment in
                withCStrings([stage ?? ""] + mounts.map(\.name)) { names in
                    let points = mounts.indices.map { index in
                        vibe_spawn_mount(
                            source: mounts[index].source.raw,
                            name: names[index + 1],
                            is_directory: mounts[index].isFolder ? 1 : 0
                        )
                    }
                    return procs.withUnsafeBufferPointer { procs in
                        bounds.withUnsafeBufferPointer { bounds in
                            points.withUnsafeBufferPointer { points in
                                request.program = arguments[0].map { UnsafePointer($0) }
                                request.arguments = UnsafePointer(arguments.baseAddress)
                                request.environment = UnsafePointer(environment.baseAddress)
                                request.stage = stage == nil ? nil : names[0].map { UnsafePointer($0) }
                                (request.cgroups, request.cgroup_count) = (procs.baseAddress, procs.count)
                                (request.limits, request.limit_count) = (bounds.baseAddress, bounds.count)
                                (request.mounts, request.mount_count) = (points.baseAddress, points.count)
                                return vibe_spawn(&request, &failure)
                            }
                        }
                    }
                }
            }
        }
        withExtendedLifetime(self) {}
        guard child > 0 else {
            let operation = failure.operation.map { String(cString: $0) } ?? "spawn"
            throw SandboxError.of("\(operation) (\(program))", failure.code)
        }
        return child
    }
}

/// Calls `body` with the strings as C has them, and a null pointer after the last.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let copies = strings.map { string in
        let bytes = Array(string.utf8CString)
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        copy.initialize(from: bytes, count: bytes.count)
        return copy
    }
    defer { for copy in copies { copy.deallocate() } }
    var pointers: [UnsafeMutablePointer<CChar>?] = copies.map { $0 } + [nil]
    return pointers.withUnsafeMutableBufferPointer { body($0) }
}
