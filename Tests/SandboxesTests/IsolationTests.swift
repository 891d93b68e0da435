import Glibc
import Testing

@testable import Sandboxes

/// What code inside can reach.
///
/// Each attempt is made by JavaScript that really runs in the sandbox.
@Suite(.serialized) struct IsolationTests {
    @Test func hasNoNetwork() async throws {
        // A listener on the host's loopback, which must not be reachable.
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port: UInt16? = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard bind(listener, pointer, length) == 0, listen(listener, 8) == 0 else { return nil }
                guard getsockname(listener, pointer, &length) == 0 else { return nil }
                return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    UInt16(bigEndian: $0.pointee.sin_port)
                }
            }
        }
        let open = try #require(port)
        try await Support.withHostileProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let interfaces = try await sandbox.run(
                "return fs.readFileSync('/proc/net/dev','utf8').split('\\n').slice(2).map(l=>l.split(':')[0].trim()).filter(Boolean).join()"
            )
            #expect(interfaces == "lo")
            let connection = """
                return new Promise(done => { const s = require('net').connect(PORT, HOST);
                s.on('connect', () => done('connected')); s.on('error', e => done(e.code)); })
                """
            for (host, port) in [("127.0.0.1", open), ("1.1.1.1", 80)] {
                let script = connection.replacing("PORT", with: "\(port)").replacing("HOST", with: "'\(host)'")
                let result = try await sandbox.run(script)
                #expect(["ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"].contains(result))
            }
        }
    }

    @Test(.enabled(if: Support.isOwnUID, "needs root, to give each sandbox a user of its own"))
    func runsAsAUserOfItsOwn() async throws {
        try await Support.withHostileProvider { provider, data in
            let one = try await provider.start(appID: "app-one", files: nil)
            let two = try await provider.start(appID: "app-two", files: nil)
            let uids = try #require([one.endpoint.ownerUID, two.endpoint.ownerUID] as? [UInt32])
            #expect(Set(uids).count == 2)
            #expect(uids.allSatisfy { (2_000_000_000...2_000_065_535).contains($0) })
            // As the host sees it: the processes and the files that they make.
            for (sandbox, uid) in [(one, uids[0]), (two, uids[1])] {
                #expect(try await sandbox.run("fs.writeFileSync('/app/made','x'); return process.getuid()") == "\(uid)")
                var status = stat()
                #expect(lstat(data + "/sandboxes/\(sandbox.appID)/app/made", &status) == 0 && status.st_uid == uid)
            }
            let groups = Cgroup.existing(Support.hierarchies(data: data))
            let owners = groups.flatMap { $0.processes() }.map { pid in
                var status = stat()
                return stat("/proc/\(pid)", &status) == 0 ? status.st_uid : 0
            }
            #expect(Set(owners) == Set(uids))
        }
    }

    @Test func hasNoPrivilegesAndCanGainNone() async throws {
        try await Support.withHostileProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let status = try await sandbox.run("return fs.readFileSync('/proc/self/status','utf8')")
            #expect(status.contains("NoNewPrivs:\t1"))
            for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
                #expect(status.contains("\(set):\t0000000000000000"))
            }
            let commands = [
                "unshare -U true", "unshare -m true", "mount -t tmpfs x /tmp", "su -c true", "nsenter -t 1 -m true",
            ]
            for command in commands {
                let result = try await sandbox.run(
                    "return Bun.spawnSync(['/bin/sh','-c','\(command)']).exitCode === 0 ? 'done' : 'failed'"
                )
                #expect(result == "failed", "\(command)")
            }
        }
    }

    @Test func seesOnlyItsOwnProcessesAndFolders() async throws {
        try await Support.withHostileProvider { provider, data in
            setenv("VIBE_TEST_SECRET", "do not tell", 1)
            let one = try await provider.start(appID: "app-one", files: nil)
            let two = try await provider.start(appID: "app-two", files: nil)
            unsetenv("VIBE_TEST_SECRET")
            _ = try await two.run("fs.writeFileSync('/app/secret','x')")
            let processes = try await one.run(
                "return fs.readdirSync('/proc').filter(n=>/^\\d+$/.test(n)).map(n=>fs.readFileSync(`/proc/${n}/comm`,'utf8').trim()).sort().join()"
            )
            #expect(processes == "bun,bwrap")
            let folders = try await one.run("return fs.readdirSync('/').sort().join()")
            #expect(folders == "app,bin,dev,lib,lib64,node_modules,opt,proc,run,sbin,template,tmp,usr")
            for path in [data, Support.root, "/etc/passwd", "/home", "/root", "/sys", "/var", "/proc/1/root/etc"] {
                #expect(try await one.run("return fs.existsSync('\(path)') ? 'there' : 'none'") == "none", "\(path)")
            }
            let environment = try await one.run(
                "return Object.values(process.env).join(' ') + fs.readFileSync('/proc/1/environ','utf8')"
            )
            #expect(!environment.contains("do not tell") && !environment.contains(data))
            let descriptors = try await one.run(
                "return fs.readdirSync('/proc/self/fd').map(n=>{try{return fs.readlinkSync('/proc/self/fd/'+n)}catch{return ''}}).filter(p=>p.startsWith('/')&&!/^\\/(dev|proc|app|run|template|opt|node_modules|memfd)/.test(p)).join()"
            )
            #expect(descriptors == "")
            #expect(
                try await one.run("return fs.readFileSync('/proc/self/mountinfo','utf8')").contains("app-two") == false
            )
            #expect(try await one.run("return require('os').hostname()") == "sandbox")
        }
    }

    @Test func writesToItsOwnFoldersOnly() async throws {
        try await Support.withHostileProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            for folder in [
                "/", "/usr", "/usr/bin", "/template", "/template/server", "/node_modules", "/opt/vibe", "/dev", "/proc",
            ] {
                let result = try await sandbox.run("fs.writeFileSync('\(folder)/x','x'); return 'written'")
                #expect(result.hasPrefix("threw E"), "\(folder): \(result)")
            }
            for file in [
                "/opt/vibe/bun", "/template/server/main.ts", "/node_modules/react/package.json", "/usr/bin/true",
            ] {
                let result = try await sandbox.run("fs.appendFileSync('\(file)','x'); return 'written'")
                #expect(["threw EROFS", "threw EACCES", "threw ETXTBSY"].contains(result), "\(file): \(result)")
            }
            for folder in ["/app", "/app/src", "/run", "/tmp"] {
                #expect(try await sandbox.run("fs.writeFileSync('\(folder)/x','x'); return 'written'") == "written")
            }
            #expect(
                try await sandbox.run("return Bun.spawnSync(['/bin/sh','-c','mknod /app/d b 8 0']).exitCode") == "1"
            )
        }
    }

    #if arch(x86_64)
    /// By Python's raw calls, as no tool makes them: 39 is getpid, which shows that the way works.
    @Test(
        .enabled(if: access("/usr/bin/python3", X_OK) == 0, "needs python3 in /usr/bin"),
        arguments: [
            ("socket.socket(40, 1)", "EAFNOSUPPORT"), ("socket.socket(38, 5)", "EAFNOSUPPORT"),
            ("socket.socket(17, 3)", "EAFNOSUPPORT"), ("socket.socket(2, 3, 1)", "EPERM"),
            ("call(425, 1, 0)", "ENOSYS"),
            ("call(250, 0, -3, 0)", "ENOSYS"), ("call(101, 16, 1, 0, 0)", "ENOSYS"), ("call(321, 0, 0, 0)", "ENOSYS"),
            ("call(0x40000000 + 39)", "ENOSYS"), ("call(39)", "done"),
        ]
    )
    func lacksSystemCallsThatNoAppNeeds(_ attempt: String, _ expected: String) async throws {
        try await Support.withHostileProvider { provider, _ in
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            let script = """
                import ctypes, errno, os, socket
                libc = ctypes.CDLL(None, use_errno=True)
                def call(*arguments):
                    if libc.syscall(*arguments) < 0: raise OSError(ctypes.get_errno(), "")
                try:
                    \(attempt)
                    print("done")
                except OSError as error:
                    print(errno.errorcode[error.errno])
                """
            let result = try await sandbox.run(
                "return Bun.spawnSync(['/usr/bin/python3', '-c', `\(script)`]).stdout.toString().trim()"
            )
            #expect(result == expected)
        }
    }
    #endif
}
