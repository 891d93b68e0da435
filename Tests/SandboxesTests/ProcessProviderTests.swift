import Glibc
import Testing

@testable import Sandboxes

@Suite(.serialized) struct ProcessProviderTests {
    @Test func runsTheSameDevServer() async throws {
        try await Support.withFolder { data in
            let provider = try ProcessProvider(Support.configuration(data: data), logger: Support.logger)
            let sandbox = try await provider.start(appID: "app-one", files: nil)
            try await sandbox.heartbeat()
            let good =
                "import { useState } from \"react\";\nexport default () => <b className=\"p-4\">{useState(1)[0]} good</b>;\n"
            #expect(try await sandbox.edit(files: [AppFiles.componentPath: good]) == .succeeded)
            guard case .failed = try await sandbox.edit(files: [AppFiles.componentPath: "<"]) else {
                throw TestFailure("the edit passed")
            }
            #expect(try await sandbox.bundle().contains(" good"))
            await sandbox.stop()
            #expect(await sandbox.exit() == .stopped)
            #expect(access(data + "/sandboxes/app-one/run/dev.sock", F_OK) != 0)
            await provider.shutdown()
            #expect(Cgroup.existing(Support.hierarchies(data: data)).isEmpty)
        }
    }

    @Test func needsNoBubblewrap() async throws {
        var configuration = Support.configuration(data: "/nowhere")
        configuration.toolchain.bubblewrap = "/nowhere/bwrap"
        #expect(configuration.toolchain.missing(needsBubblewrap: false).isEmpty)
        let checks = await SandboxDoctor.checks(configuration)
        #expect(
            checks.contains { $0.name == "bubblewrap" && !$0.isOK && $0.mend.contains("apt-get install bubblewrap") }
        )
        let mended = await SandboxDoctor.checks(Support.configuration(data: "/nowhere"))
        #expect(mended.contains { $0.name == "bubblewrap" && $0.isOK })
        #expect(mended.contains { $0.name == "sandbox toolchain" && $0.isOK })
    }
}
