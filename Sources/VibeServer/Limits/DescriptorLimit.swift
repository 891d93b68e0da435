#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// How many files and sockets the process may have open.
package enum DescriptorLimit {
    /// The number in force; `nil` where the system does not say.
    package static var current: UInt64? { limits().map { UInt64($0.rlim_cur) } }

    /// Raises the soft limit as far as the hard one lets it: each connection takes one descriptor.
    ///
    /// - Returns: the number in force.
    @discardableResult
    package static func raise() -> UInt64? {
        guard var limits = limits() else { return nil }
        if limits.rlim_cur < limits.rlim_max {
            limits.rlim_cur = limits.rlim_max
            // Where it fails the old limit holds, and is what is returned.
            _ = setrlimit(resource, &limits)
        }
        return current
    }

    private static func limits() -> rlimit? {
        var limits = rlimit()
        return getrlimit(resource, &limits) == 0 ? limits : nil
    }

    #if canImport(Glibc)
    private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
    #else
    private static var resource: Int32 { RLIMIT_NOFILE }
    #endif
}
