internal import Glibc

/// The control group hierarchies of this machine in which sandboxes can be put.
struct CgroupHierarchies: Sendable {
    /// What a hierarchy is good for.
    enum Kind: Sendable, Equatable {
        /// Version 1, with one controller.
        case memory, pids, cpu
        /// Version 2; `controllers` are those that can be used for groups directly below its root.
        case unified(controllers: Set<String>)
    }

    /// One mounted hierarchy.
    struct Hierarchy: Sendable, Equatable {
        var kind: Kind
        /// Where its root is mounted.
        var path: String
    }

    let all: [Hierarchy]
    /// The group of this data folder, below the root of each hierarchy.
    let parent: String

    /// The same for work that nobody waits for: its parent group stands back behind all others.
    var background: CgroupHierarchies { CgroupHierarchies(all: all, parent: parent + "-background") }

    /// Finds what is mounted and writable.
    ///
    /// - Parameters:
    ///   - dataFolder: the folder's canonical path; it names the parent group, so that a later server finds it.
    ///   - mountInfo: the text of `/proc/self/mountinfo`.
    /// - Returns: the hierarchies in which this user can make groups.
    static func find(dataFolder: String, mountInfo: String) -> CgroupHierarchies {
        let found = hierarchies(in: mountInfo).compactMap { hierarchy -> Hierarchy? in
            guard access(hierarchy.path, W_OK) == 0 else { return nil }
            var hierarchy = hierarchy
            if case .unified = hierarchy.kind {
                let text = Files.read(hierarchy.path + "/cgroup.subtree_control") ?? ""
                hierarchy.kind = .unified(controllers: Set(text.split(whereSeparator: \.isWhitespace).map(String.init)))
            }
            return hierarchy
        }
        return CgroupHierarchies(all: found, parent: "vibe-" + fingerprint(dataFolder))
    }

    /// Reads the hierarchies from the text of `/proc/self/mountinfo` (proc(5)).
    static func hierarchies(in mountInfo: String) -> [Hierarchy] {
        mountInfo.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash > 5, fields.count > dash + 3 else { return nil }
            let path = String(fields[4])
            // A mount that shows a part of the hierarchy only (a bind mount of a group) is taken as it is.
            switch fields[dash + 1] {
            case "cgroup2": return Hierarchy(kind: .unified(controllers: []), path: path)
            case "cgroup":
                let options = fields[dash + 3].split(separator: ",")
                let kinds: [(Substring, Kind)] = [("memory", .memory), ("pids", .pids), ("cpu", .cpu)]
                return kinds.first { options.contains($0.0) }.map { Hierarchy(kind: $0.1, path: path) }
            default: return nil
            }
        }
    }

    /// Twelve digits that stand for a text: a name, not a secret.
    static func fingerprint(_ text: String) -> String {
        let digits = String(hash(text) >> 16, radix: 16)
        return String(repeating: "0", count: 12 - digits.count) + digits
    }

    /// FNV-1a, 64 bits: the same in every run.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    func has(_ controller: String) -> Bool {
        all.contains { hierarchy in
            switch hierarchy.kind {
            case .memory: controller == "memory"
            case .pids: controller == "pids"
            case .cpu: controller == "cpu"
            case .unified(let controllers): controllers.contains(controller)
            }
        }
    }

    /// The limits that cannot be kept on this machine, in words for a person.
    var lacking: [String] {
        [("memory", "memory"), ("pids", "processes"), ("cpu", "processor time")].filter { !has($0.0) }.map(\.1)
    }
}

/// Small system files, such as those in /proc and /sys.
enum Files {
    static func read(_ path: String, limit: Int = 1 << 20) -> String? {
        guard let file = try? Descriptor.open(path, O_RDONLY), let bytes = try? file.read(limit: limit) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes to a file that exists.
    ///
    /// - Throws: `SandboxError.system`.
    static func write(_ path: String, _ text: String) throws {
        try Descriptor.open(path, O_WRONLY).write(Array(text.utf8), operation: "write \(text) to \(path)")
    }
}
