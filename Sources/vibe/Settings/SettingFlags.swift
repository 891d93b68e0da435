internal import ArgumentParser

/// The flags of `vibe serve`, one a setting.
struct SettingFlags: ParsableArguments {
    @Option(name: Setting.host.name, help: Setting.host.argumentHelp) var host: String?
    @Option(name: Setting.port.name, help: Setting.port.argumentHelp) var port: String?
    @Option(name: Setting.publicURL.name, help: Setting.publicURL.argumentHelp) var publicURL: String?
    @Option(name: Setting.previewURL.name, help: Setting.previewURL.argumentHelp) var previewURL: String?
    @Option(name: Setting.extraHosts.name, help: Setting.extraHosts.argumentHelp) var extraHosts: String?
    @Option(name: Setting.allowedOrigins.name, help: Setting.allowedOrigins.argumentHelp) var allowedOrigins: String?
    @Option(name: Setting.embedOrigins.name, help: Setting.embedOrigins.argumentHelp) var embedOrigins: String?
    @Option(name: Setting.dataDirectory.name, help: Setting.dataDirectory.argumentHelp) var dataDirectory: String?
    @Option(name: Setting.publicDirectory.name, help: Setting.publicDirectory.argumentHelp) var publicDirectory: String?
    @Option(name: Setting.templateDirectory.name, help: Setting.templateDirectory.argumentHelp)
    var templateDirectory: String?
    @Option(name: Setting.anthropicKey.name, help: Setting.anthropicKey.argumentHelp) var anthropicKey: String?
    @Option(name: Setting.anthropicToken.name, help: Setting.anthropicToken.argumentHelp) var anthropicToken: String?
    @Option(name: Setting.anthropicBaseURL.name, help: Setting.anthropicBaseURL.argumentHelp)
    var anthropicBaseURL: String?
    @Option(name: Setting.answers.name, help: Setting.answers.argumentHelp) var answers: String?
    @Option(name: Setting.codeModel.name, help: Setting.codeModel.argumentHelp) var codeModel: String?
    @Option(name: Setting.chatModel.name, help: Setting.chatModel.argumentHelp) var chatModel: String?
    @Option(name: Setting.sandbox.name, help: Setting.sandbox.argumentHelp) var sandbox: String?
    @Option(name: Setting.sandboxUIDs.name, help: Setting.sandboxUIDs.argumentHelp) var sandboxUIDs: String?
    @Option(name: Setting.maximumSandboxes.name, help: Setting.maximumSandboxes.argumentHelp)
    var maximumSandboxes: String?
    @Option(name: Setting.idleSleep.name, help: Setting.idleSleep.argumentHelp) var idleSleep: String?
    @Option(name: Setting.browser.name, help: Setting.browser.argumentHelp) var browser: String?
    @Option(name: Setting.stillsAtOnce.name, help: Setting.stillsAtOnce.argumentHelp) var stillsAtOnce: String?
    @Option(name: Setting.stillTimeout.name, help: Setting.stillTimeout.argumentHelp) var stillTimeout: String?
    @Option(name: Setting.adminSecret.name, help: Setting.adminSecret.argumentHelp) var adminSecret: String?
    @Option(name: Setting.tokenSecret.name, help: Setting.tokenSecret.argumentHelp) var tokenSecret: String?
    @Option(name: Setting.authentication.name, help: Setting.authentication.argumentHelp) var authentication: String?
    @Option(name: Setting.allowOpen.name, help: Setting.allowOpen.argumentHelp) var allowOpen: String?
    @Option(name: Setting.logLevel.name, help: Setting.logLevel.argumentHelp) var logLevel: String?
    @Option(name: Setting.queueLimit.name, help: Setting.queueLimit.argumentHelp)
    var queueLimit: String?
    @Option(name: Setting.maximumGenerations.name, help: Setting.maximumGenerations.argumentHelp)
    var maximumGenerations: String?
    @Option(name: Setting.maximumRepairs.name, help: Setting.maximumRepairs.argumentHelp)
    var maximumRepairs: String?
    @Option(name: Setting.tokenInterval.name, help: Setting.tokenInterval.argumentHelp)
    var tokenInterval: String?
    @Option(name: Setting.modelRetries.name, help: Setting.modelRetries.argumentHelp)
    var modelRetries: String?
    @Option(name: Setting.modelIdleTimeout.name, help: Setting.modelIdleTimeout.argumentHelp)
    var modelIdleTimeout: String?
    @Option(name: Setting.modelConnectTimeout.name, help: Setting.modelConnectTimeout.argumentHelp)
    var modelConnectTimeout: String?
    @Option(name: Setting.maximumPendingBytes.name, help: Setting.maximumPendingBytes.argumentHelp)
    var maximumPendingBytes: String?
    @Option(name: Setting.eventLoops.name, help: Setting.eventLoops.argumentHelp) var eventLoops: String?
    @Option(name: Setting.drainWindow.name, help: Setting.drainWindow.argumentHelp) var drainWindow: String?
    @Option(name: Setting.maximumSubscriptions.name, help: Setting.maximumSubscriptions.argumentHelp)
    var maximumSubscriptions: String?
    @Option(name: Setting.maximumCommandRate.name, help: Setting.maximumCommandRate.argumentHelp)
    var maximumCommandRate: String?
    @Option(name: Setting.cursorRate.name, help: Setting.cursorRate.argumentHelp) var cursorRate: String?
    @Option(name: Setting.maximumConnections.name, help: Setting.maximumConnections.argumentHelp)
    var maximumConnections: String?
    @Option(name: Setting.maximumConnectionsPerAddress.name, help: Setting.maximumConnectionsPerAddress.argumentHelp)
    var maximumConnectionsPerAddress: String?
    @Option(name: Setting.reservedDescriptors.name, help: Setting.reservedDescriptors.argumentHelp)
    var reservedDescriptors: String?
    @Option(name: Setting.maximumFrameBytes.name, help: Setting.maximumFrameBytes.argumentHelp)
    var maximumFrameBytes: String?
    @Option(name: Setting.maximumMessageBytes.name, help: Setting.maximumMessageBytes.argumentHelp)
    var maximumMessageBytes: String?
    @Option(name: Setting.connectTimeout.name, help: Setting.connectTimeout.argumentHelp) var connectTimeout: String?
    @Option(name: Setting.pingInterval.name, help: Setting.pingInterval.argumentHelp) var pingInterval: String?
    @Option(name: Setting.pongTimeout.name, help: Setting.pongTimeout.argumentHelp) var pongTimeout: String?
    @Option(name: Setting.historyPublications.name, help: Setting.historyPublications.argumentHelp)
    var historyPublications: String?
    @Option(name: Setting.historySeconds.name, help: Setting.historySeconds.argumentHelp) var historySeconds: String?
    @Option(name: Setting.historyBytes.name, help: Setting.historyBytes.argumentHelp) var historyBytes: String?
    @Option(name: Setting.compression.name, help: Setting.compression.argumentHelp) var compression: String?
    @Option(name: Setting.compressionThreshold.name, help: Setting.compressionThreshold.argumentHelp)
    var compressionThreshold: String?
    @Option(name: Setting.sandboxMemory.name, help: Setting.sandboxMemory.argumentHelp)
    var sandboxMemory: String?
    @Option(name: Setting.sandboxTasks.name, help: Setting.sandboxTasks.argumentHelp)
    var sandboxTasks: String?
    @Option(name: Setting.maximumSnapshots.name, help: Setting.maximumSnapshots.argumentHelp)
    var maximumSnapshots: String?
    @Option(name: Setting.maximumSnapshotSize.name, help: Setting.maximumSnapshotSize.argumentHelp)
    var maximumSnapshotSize: String?
    @Option(name: Setting.bubblewrap.name, help: Setting.bubblewrap.argumentHelp)
    var bubblewrap: String?

    /// The settings that were given.
    var values: [Setting: String] {
        let all: [Setting: String?] = [
            .host: host, .port: port, .publicURL: publicURL, .previewURL: previewURL, .extraHosts: extraHosts,
            .allowedOrigins: allowedOrigins, .embedOrigins: embedOrigins, .dataDirectory: dataDirectory,
            .publicDirectory: publicDirectory,
            .templateDirectory: templateDirectory, .anthropicKey: anthropicKey, .anthropicToken: anthropicToken,
            .anthropicBaseURL: anthropicBaseURL, .answers: answers, .codeModel: codeModel, .chatModel: chatModel,
            .sandbox: sandbox,
            .sandboxUIDs: sandboxUIDs, .maximumSandboxes: maximumSandboxes, .idleSleep: idleSleep,
            .browser: browser, .stillsAtOnce: stillsAtOnce, .stillTimeout: stillTimeout, .adminSecret: adminSecret,
            .tokenSecret: tokenSecret,
            .authentication: authentication, .allowOpen: allowOpen, .logLevel: logLevel,
            .queueLimit: queueLimit, .maximumGenerations: maximumGenerations, .maximumRepairs: maximumRepairs,
            .tokenInterval: tokenInterval, .modelRetries: modelRetries, .modelIdleTimeout: modelIdleTimeout,
            .modelConnectTimeout: modelConnectTimeout, .maximumPendingBytes: maximumPendingBytes,
            .eventLoops: eventLoops, .drainWindow: drainWindow, .maximumSubscriptions: maximumSubscriptions,
            .maximumCommandRate: maximumCommandRate, .cursorRate: cursorRate,
            .maximumConnections: maximumConnections, .maximumConnectionsPerAddress: maximumConnectionsPerAddress,
            .reservedDescriptors: reservedDescriptors,
            .maximumFrameBytes: maximumFrameBytes, .maximumMessageBytes: maximumMessageBytes,
            .connectTimeout: connectTimeout, .pingInterval: pingInterval, .pongTimeout: pongTimeout,
            .historyPublications: historyPublications, .historySeconds: historySeconds, .historyBytes: historyBytes,
            .compression: compression, .compressionThreshold: compressionThreshold,
            .sandboxMemory: sandboxMemory, .sandboxTasks: sandboxTasks,
            .maximumSnapshots: maximumSnapshots, .maximumSnapshotSize: maximumSnapshotSize,
            .bubblewrap: bubblewrap,
        ]
        return all.compactMapValues { $0 }
    }
}

extension Setting {
    fileprivate var name: NameSpecification { .customLong(flag) }
    fileprivate var argumentHelp: ArgumentHelp { ArgumentHelp(stringLiteral: help) }
}
