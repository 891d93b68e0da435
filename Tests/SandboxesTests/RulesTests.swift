import Glibc
import Testing

@testable import Sandboxes

/// Rules that need no process: paths, ids, users, control groups.
@Suite struct RulesTests {
    @Test(arguments: [
        "src/LLMComponent.tsx", "src/a/b/c.ts", "src/style.css", "src/data.v2.json", "src/icon-1.svg", "src/NOTES.md",
    ])
    func allows(_ path: String) {
        #expect(AppFiles.isAllowed(path))
    }

    @Test(arguments: [
        "", "src", "src/", "src/.tsx", "src//a.tsx", "src/../a.tsx", "/src/a.tsx", "./src/a.tsx", "app.tsx",
        "Src/a.tsx",
        "src/a.js", "src/a.tsx/", "src/a", "src/-a.tsx", "src/.a.tsx", "src/a\u{0}.tsx", "src/a\n.tsx", "src/a\\b.tsx",
        "src/cafe\u{301}.tsx", "src/caf\u{e9}.tsx", "src/\u{301}a.tsx", "src/a.tsx ", "src/%2e%2e/a.tsx", "src/a b.tsx",
        "src/1/2/3/4/5/6/7/8.tsx", "src/" + String(repeating: "a", count: 200) + ".tsx", "src\r\n/a.tsx",
    ])
    func refuses(_ path: String) {
        #expect(!AppFiles.isAllowed(path))
    }

    @Test func boundsNumberAndSize() {
        let many = Dictionary(uniqueKeysWithValues: (0...64).map { ("src/f\($0).ts", "") })
        #expect(throws: SandboxError.self) { try AppFiles.check(many) }
        #expect(throws: SandboxError.self) { try AppFiles.check([:]) }
        #expect(throws: SandboxError.self) { try AppFiles.check(["src/a.ts": String(repeating: "é", count: 600_000)]) }
        #expect(throws: Never.self) { try AppFiles.check(["src/a.ts": String(repeating: "a", count: 1 << 20)]) }
    }

    @Test(arguments: [
        ("app-abc", true), ("A1", true), ("", false), ("-a", false), ("a_b", false), ("..", false), ("a/b", false),
        ("é", false),
    ])
    func judgesAppIDs(_ id: String, _ isAllowed: Bool) {
        #expect(AppFiles.isAllowedAppID(id) == isAllowed)
    }

    @Test func readsRangesOfUsers() {
        #expect(UIDRange("2000000000-2000065535")?.bounds == 2_000_000_000...2_000_065_535)
        for text in [
            "", "5", "9-5", "0-5", "-5", "5-", "a-b", "1-99999999999", "65000-66000", " 5-6", "5-6-7", "1-4294967295",
            "+5-6",
        ] {
            #expect(UIDRange(text) == nil, "\(text)")
        }
    }

    @Test func findsUsersOfThisMachineInARange() {
        #expect(UIDRange(1...2).ownerInPasswd() != nil)
        #expect(UIDRange(2_000_000_000...2_000_065_535).ownerInPasswd() == nil)
    }

    @Test func knowsWhetherARangeIsMapped() {
        let range = UIDRange(2_000_000_000...2_000_065_535)
        #expect(range.isMapped(in: "         0          0 4294967295\n"))
        #expect(!range.isMapped(in: "         0     100000      65536\n"))
    }

    @Test func handsOutEachUserOnceAndTheLongestFreeFirst() {
        var users = UIDAllocator(UIDRange(10...12))
        #expect([users.take(), users.take()] == [10, 11])
        users.giveBack(10)
        #expect([users.take(), users.take(), users.take()] == [12, 10, nil])
    }

    @Test func readsMountedHierarchies() {
        let text = """
            30 25 0:26 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory
            31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct
            32 25 0:28 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
            33 25 0:29 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer
            34 25 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup rw
            35 25 0:31 / / rw - ext4 /dev/sda1 rw
            nonsense
            """
        #expect(
            CgroupHierarchies.hierarchies(in: text) == [
                .init(kind: .memory, path: "/sys/fs/cgroup/memory"),
                .init(kind: .cpu, path: "/sys/fs/cgroup/cpu,cpuacct"),
                .init(kind: .pids, path: "/sys/fs/cgroup/pids"),
                .init(kind: .unified(controllers: []), path: "/sys/fs/cgroup/unified"),
            ]
        )
    }

    @Test func namesGroupsAfterTheDataFolder() {
        let names = ["/a", "/b", "/a/.vibe"].map(CgroupHierarchies.fingerprint)
        #expect(Set(names).count == 3 && names.allSatisfy { $0.utf8.count == 12 })
    }

    @Test func recognisesAProcessByMoreThanItsNumber() throws {
        let own = try #require(ProcessRecord(of: getpid()))
        #expect(ProcessRecord(own.text) == own)
        var other = own
        other.startTime += 1
        #expect(other != own)
        for text in ["", "1 2 3", "x 2 b", "5 x b", "5 2"] { #expect(ProcessRecord(text) == nil) }
    }
}
