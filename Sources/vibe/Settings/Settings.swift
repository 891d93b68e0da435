internal import Claude
internal import ClaudeSimulator
internal import Logging
internal import Orchestration
internal import Realtime
internal import Sandboxes
internal import VibeServer
internal import WebSocketCodec

/// The settings of one start: a flag beats the environment, which beats the file.
struct Settings: Sendable {
    private let values: [Setting: String]

    /// Empty texts of environment and file count as unset.
    init(flags: [Setting: String], environment: [String: String], file: [Setting: String]) {
        var values: [Setting: String] = [:]
        for setting in Setting.allCases {
            let candidates = [flags[setting], environment[setting.environment], file[setting]]
            values[setting] = candidates.compactMap { $0 }.first { !$0.isEmpty }
        }
        self.values = values
    }

    /// - Throws: `ConfigurationError` naming the setting that is wrong and what it takes.
    func configuration() throws -> ServerConfiguration {
        var configuration = ServerConfiguration()
        if let host = values[.host] { configuration.host = host }
        configuration.port = try integer(.port, 0...65_535) ?? configuration.port
        configuration.publicURL = values[.publicURL]
        configuration.previewURL = values[.previewURL]
        configuration.extraHosts = list(.extraHosts)
        configuration.allowedOrigins = list(.allowedOrigins)
        configuration.embedOrigins = list(.embedOrigins)
        if let folder = values[.dataDirectory] { configuration.dataDirectory = folder }
        configuration.publicDirectory = values[.publicDirectory]
        configuration.templateDirectory = values[.templateDirectory]
        configuration.anthropicKey = values[.anthropicKey].map { Secret($0) }
        configuration.anthropicToken = values[.anthropicToken].map { Secret($0) }
        configuration.anthropicBaseURL = values[.anthropicBaseURL]
        configuration.answers = try list(.answers).map { name in
            guard let shape = AnswerShape(rawValue: name) else {
                let names = AnswerShape.allCases.map(\.rawValue).joined(separator: ", ")
                throw ConfigurationError("\(Setting.answers.environment) cannot be \"\(name)\". It takes \(names).")
            }
            return shape
        }
        if let model = values[.codeModel] { configuration.codeModel = model }
        if let model = values[.chatModel] { configuration.chatModel = model }
        configuration.sandbox = try choice(.sandbox) ?? configuration.sandbox
        configuration.sandboxUIDs = try range(.sandboxUIDs) ?? configuration.sandboxUIDs
        configuration.maximumSandboxes = try integer(.maximumSandboxes, 1...100_000) ?? configuration.maximumSandboxes
        configuration.adminSecret = values[.adminSecret].map { Secret($0) }
        configuration.tokenSecret = values[.tokenSecret].map { Secret($0) }
        configuration.authentication = try choice(.authentication) ?? configuration.authentication
        configuration.allowOpen = try flag(.allowOpen) ?? configuration.allowOpen
        try readLimits(into: &configuration)
        try readConnectionLimits(into: &configuration)
        try readHistoryLimits(into: &configuration.orchestration.history)
        return configuration
    }

    private func readLimits(into configuration: inout ServerConfiguration) throws {
        if let number = try integer(.queueLimit, 0...1_000) { configuration.orchestration.queueLimit = number }
        if let number = try integer(.maximumGenerations, 1...10_000) {
            configuration.orchestration.maximumGenerations = number
        }
        if let number = try integer(.maximumRepairs, 0...10) { configuration.orchestration.maximumRepairs = number }
        if let number = try integer(.tokenInterval, 0...10_000) {
            configuration.orchestration.tokenInterval = .milliseconds(number)
        }
        if let number = try integer(.modelRetries, 0...100) { configuration.model.maximumRetries = number }
        if let number = try integer(.modelIdleTimeout, 1...86_400) {
            configuration.model.idleTimeout = .seconds(number)
        }
        if let number = try integer(.modelConnectTimeout, 1...3_600) {
            configuration.model.connectTimeout = .seconds(number)
        }
        if let number = try integer(.sandboxMemory, 64...1_048_576) {
            configuration.sandboxLimits.memoryBytes = UInt64(number) << 20
        }
        if let number = try integer(.sandboxTasks, 32...100_000) { configuration.sandboxLimits.tasks = UInt64(number) }
        if let number = try integer(.maximumSnapshots, 1...100_000) { configuration.snapshots.maximumCount = number }
        if let number = try integer(.maximumSnapshotSize, 1...1_048_576) {
            configuration.snapshots.maximumBytes = UInt64(number) << 20
        }
        if let path = values[.bubblewrap] { configuration.bubblewrap = path }
        if let number = try integer(.idleSleep, 0...31_536_000) {
            configuration.orchestration.idleSleep = .seconds(number)
        }
        if let number = try integer(.stillsAtOnce, 0...64) { configuration.orchestration.stillsAtOnce = number }
        if let number = try integer(.stillTimeout, 1...3_600) { configuration.pictureTimeout = .seconds(number) }
        configuration.browser = values[.browser]
    }

    private func readConnectionLimits(into configuration: inout ServerConfiguration) throws {
        if let number = try integer(.maximumPendingBytes, 4_096...1_073_741_824) {
            configuration.hub.maximumPendingBytes = number
        }
        configuration.eventLoops = try integer(.eventLoops, 1...1_024) ?? configuration.eventLoops
        if let number = try integer(.drainWindow, 0...60_000) { configuration.hub.drainWindow = .milliseconds(number) }
        if let number = try integer(.maximumSubscriptions, 1...100_000) {
            configuration.hub.maximumSubscriptions = number
        }
        if let number = try integer(.maximumCommandRate, 1...1_000_000) {
            configuration.hub.maximumCommandsPerSecond = number
        }
        if let isOn = try flag(.compression) { configuration.upgrade.compression.isEnabled = isOn }
        if let number = try integer(.compressionThreshold, 0...1_073_741_824) {
            configuration.upgrade.compression.threshold = number
        }
        if let number = try integer(.cursorRate, 1...1_000_000) {
            configuration.hub.maximumPublicationsPerSecond = number
        }
        if let number = try integer(.maximumConnections, 1...10_000_000) { configuration.connections.maximum = number }
        if let number = try integer(.maximumConnectionsPerAddress, 0...10_000_000) {
            configuration.connections.maximumPerAddress = number
        }
        if let number = try integer(.reservedDescriptors, 0...1_000_000) {
            configuration.connections.reservedDescriptors = number
        }
        if let number = try integer(.maximumFrameBytes, 1_024...16_777_216) {
            configuration.hub.messageLimits.maximumFrameBytes = number
        }
        if let number = try integer(.maximumMessageBytes, 1_024...16_777_216) {
            configuration.hub.messageLimits.maximumMessageBytes = number
        }
        if let number = try integer(.connectTimeout, 1...3_600) {
            configuration.hub.connectTimeout = .seconds(number)
        }
        if let number = try integer(.pingInterval, 1...3_600) { configuration.hub.pingInterval = .seconds(number) }
        if let number = try integer(.pongTimeout, 1...3_600) { configuration.hub.pongTimeout = .seconds(number) }
    }

    private func readHistoryLimits(into history: inout HistoryOptions) throws {
        if let number = try integer(.historyPublications, 1...1_000_000) { history.maximumPublications = number }
        if let number = try integer(.historySeconds, 1...86_400) { history.maximumAge = .seconds(number) }
        if let number = try integer(.historyBytes, 1_024...1_073_741_824) { history.maximumBytes = number }
    }

    /// How much is logged; `info` by default.
    func logLevel() throws -> Logger.Level {
        guard let text = values[.logLevel] else { return .info }
        guard let level = Logger.Level(rawValue: text.lowercased()) else { throw wrong(.logLevel, text) }
        return level
    }

    private func list(_ setting: Setting) -> [String] {
        (values[setting] ?? "").split(separator: ",").map { $0.drop { $0 == " " } }.map { text in
            String(text.prefix(upTo: text.lastIndex { $0 != " " }.map(text.index(after:)) ?? text.startIndex))
        }.filter { !$0.isEmpty }
    }

    private func integer(_ setting: Setting, _ range: ClosedRange<Int>) throws -> Int? {
        guard let text = values[setting] else { return nil }
        guard let value = Int(text), range.contains(value) else { throw wrong(setting, text) }
        return value
    }

    private func range(_ setting: Setting) throws -> ClosedRange<UInt32>? {
        guard let text = values[setting] else { return nil }
        let ends = text.split(separator: "-").map { UInt32($0) }
        guard ends.count == 2, let low = ends[0], let high = ends[1], low >= 1, low <= high, high < .max else {
            throw wrong(setting, text)
        }
        return low...high
    }

    private func flag(_ setting: Setting) throws -> Bool? {
        switch values[setting]?.lowercased() {
        case nil: nil
        case "1", "true", "yes", "on": true
        case "0", "false", "no", "off": false
        case let text?: throw wrong(setting, text)
        }
    }

    private func choice<Choice: RawRepresentable<String>>(_ setting: Setting) throws -> Choice? {
        guard let text = values[setting] else { return nil }
        guard let choice = Choice(rawValue: text) else { throw wrong(setting, text) }
        return choice
    }

    private func wrong(_ setting: Setting, _ text: String) -> ConfigurationError {
        ConfigurationError("\(setting.environment) cannot be \"\(text)\". \(setting.help)")
    }
}
