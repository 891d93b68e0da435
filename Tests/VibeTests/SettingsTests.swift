import ArgumentParser
import ClaudeSimulator
import Orchestration
import Realtime
import Testing
import VibeServer
import WebSocketCodec

@testable import vibe

@Suite struct SettingsTests {
    @Test func aFlagBeatsTheEnvironmentWhichBeatsTheFile() throws {
        let file: [Setting: String] = [.host: "file", .port: "1", .codeModel: "file"]
        let environment = ["VIBE_HOST": "environment", "VIBE_PORT": "2", "VIBE_CODE_MODEL": ""]
        let settings = Settings(flags: [.host: "flag"], environment: environment, file: file)
        let configuration = try settings.configuration()
        #expect(configuration.host == "flag" && configuration.port == 2)
        #expect(configuration.codeModel == "file", "an empty variable counts as unset")
        #expect(configuration.chatModel == ServerConfiguration().chatModel)
    }

    @Test func everySettingHasItsOwnFlagVariableAndKey() throws {
        #expect(Set(Setting.allCases.map(\.environment)).count == Setting.allCases.count)
        #expect(Set(Setting.allCases.map(\.key)).count == Setting.allCases.count)
        let arguments = Setting.allCases.flatMap { ["--\($0.flag)", "value-of-\($0.flag)"] }
        let flags = try SettingFlags.parse(arguments)
        #expect(flags.values.count == Setting.allCases.count)
        for setting in Setting.allCases { #expect(flags.values[setting] == "value-of-\(setting.flag)") }
        let help = ServeCommand.helpMessage()
        for setting in Setting.allCases {
            #expect(help.contains("--\(setting.flag) ") && help.contains(setting.environment))
        }
    }

    @Test func shapesOfAnswersAreReadInOrder() throws {
        func answers(_ text: String) throws -> [AnswerShape] {
            try Settings(flags: [.answers: text], environment: [:], file: [:]).configuration().answers
        }
        #expect(try answers("question, doc-fence,question") == [.question, .docFence, .question])
        let error = try #require(throws: ConfigurationError.self) { try answers("question,list") }
        for shape in AnswerShape.allCases { #expect("\(error)".contains(shape.rawValue)) }
        let help = SimulateClaudeCommand.helpMessage()
        let command = try SimulateClaudeCommand.parse(["--answer", "question", "--answer", "bom"])
        #expect(command.answer == [.question, .bom])
        let refused = SimulateClaudeCommand.message(
            for: try #require(throws: (any Error).self) {
                try SimulateClaudeCommand.parse(["--answer", "list"])
            }
        )
        for shape in AnswerShape.allCases {
            #expect(help.contains(shape.rawValue) && refused.contains(shape.rawValue))
        }
    }

    @Test func listsRangesAndSwitchesAreRead() throws {
        let environment = [
            "VIBE_EXTRA_HOSTS": " a.example , b.example,", "VIBE_SANDBOX_UIDS": "100-200", "VIBE_SANDBOX": "process",
            "VIBE_ALLOW_OPEN": "1", "ANTHROPIC_API_KEY": "k",
        ]
        let configuration = try Settings(flags: [:], environment: environment, file: [:]).configuration()
        #expect(configuration.extraHosts == ["a.example", "b.example"])
        #expect(configuration.sandboxUIDs == 100...200 && configuration.sandbox == .process && configuration.allowOpen)
        #expect(!configuration.usesSimulator && "\(configuration)".contains("k\"") == false)
    }

    @Test func sleepAndPicturesAreRead() throws {
        let environment = [
            "VIBE_IDLE_SLEEP": "7", "VIBE_MAX_STILLS": "0", "VIBE_CHROMIUM": "off", "VIBE_STILL_TIMEOUT": "9",
        ]
        let configuration = try Settings(flags: [:], environment: environment, file: [:]).configuration()
        #expect(configuration.orchestration.idleSleep == .seconds(7) && configuration.orchestration.stillsAtOnce == 0)
        #expect(configuration.browser == "off" && configuration.pictureTimeout == .seconds(9))
        let usual = try Settings(flags: [:], environment: [:], file: [:]).configuration()
        #expect(usual.orchestration.idleSleep == .seconds(15 * 60) && usual.orchestration.stillsAtOnce == 1)
        #expect(usual.pictureTimeout == .seconds(20))
        for (name, text) in [("VIBE_IDLE_SLEEP", "-1"), ("VIBE_IDLE_SLEEP", "soon"), ("VIBE_MAX_STILLS", "1000")] {
            #expect(throws: ConfigurationError.self) {
                try Settings(flags: [:], environment: [name: text], file: [:]).configuration()
            }
        }
    }

    @Test func limitsOfConnectionsAndHistoryAreRead() throws {
        let environment = [
            "VIBE_MAX_CONNECTIONS": "10", "VIBE_MAX_CONNECTIONS_PER_ADDRESS": "2", "VIBE_MAX_FRAME_BYTES": "2048",
            "VIBE_MAX_MESSAGE_BYTES": "4096", "VIBE_CONNECT_TIMEOUT": "3", "VIBE_PING_INTERVAL": "4",
            "VIBE_PONG_TIMEOUT": "5", "VIBE_CURSOR_RATE": "6", "VIBE_HISTORY_PUBLICATIONS": "7",
            "VIBE_HISTORY_SECONDS": "8", "VIBE_HISTORY_BYTES": "9000", "VIBE_RESERVED_DESCRIPTORS": "11",
        ]
        let configuration = try Settings(flags: [:], environment: environment, file: [:]).configuration()
        #expect(configuration.connections.maximum == 10 && configuration.connections.maximumPerAddress == 2)
        #expect(configuration.connections.reservedDescriptors == 11)
        let hub = configuration.hub
        #expect(hub.messageLimits == WebSocketLimits(maximumFrameBytes: 2_048, maximumMessageBytes: 4_096))
        #expect(hub.connectTimeout == .seconds(3) && hub.pingInterval == .seconds(4) && hub.pongTimeout == .seconds(5))
        #expect(hub.maximumPublicationsPerSecond == 6)
        let history = configuration.orchestration.history
        #expect(history.maximumPublications == 7 && history.maximumAge == .seconds(8) && history.maximumBytes == 9_000)
    }

    @Test func defaultsAreThoseThatTheHelpTells() throws {
        let fresh = ServerConfiguration()
        let told: [Setting: Int] = [
            .maximumConnections: fresh.connections.maximum,
            .maximumConnectionsPerAddress: fresh.connections.maximumPerAddress,
            .reservedDescriptors: fresh.connections.reservedDescriptors,
            .maximumFrameBytes: fresh.hub.messageLimits.maximumFrameBytes,
            .maximumMessageBytes: fresh.hub.messageLimits.maximumMessageBytes,
            .connectTimeout: Int(fresh.hub.connectTimeout.components.seconds),
            .pingInterval: Int(fresh.hub.pingInterval.components.seconds),
            .pongTimeout: Int(fresh.hub.pongTimeout.components.seconds),
            .cursorRate: try #require(fresh.hub.maximumPublicationsPerSecond),
            .historyPublications: fresh.orchestration.history.maximumPublications,
            .historySeconds: Int(fresh.orchestration.history.maximumAge.components.seconds),
            .historyBytes: fresh.orchestration.history.maximumBytes,
            .maximumPendingBytes: fresh.hub.maximumPendingBytes,
            .maximumSubscriptions: fresh.hub.maximumSubscriptions,
            .maximumCommandRate: try #require(fresh.hub.maximumCommandsPerSecond),
        ]
        for (setting, number) in told { #expect(setting.row.defaultText == "\(number)", "\(setting.environment)") }
    }

    @Test func compressionIsOnUnlessItIsSwitchedOff() throws {
        func compression(_ environment: [String: String]) throws -> CompressionOptions {
            try Settings(flags: [:], environment: environment, file: [:]).configuration().upgrade.compression
        }
        #expect(try compression([:]).isEnabled && compression([:]).threshold == 512)
        #expect(try compression(["VIBE_COMPRESSION": "on"]).isEnabled)
        #expect(try !compression(["VIBE_COMPRESSION": "off"]).isEnabled)
        #expect(try compression(["VIBE_COMPRESSION_THRESHOLD": "0"]).threshold == 0)
    }

    @Test(arguments: [
        ("VIBE_COMPRESSION", "deflate"), ("VIBE_COMPRESSION_THRESHOLD", "-1"), ("VIBE_PORT", "70000"),
        ("VIBE_PORT", "x"), ("VIBE_SANDBOX", "docker"), ("VIBE_SANDBOX_UIDS", "5"),
        ("VIBE_SANDBOX_UIDS", "9-5"), ("VIBE_SANDBOX_UIDS", "0-5"), ("VIBE_AUTH", "maybe"), ("VIBE_ALLOW_OPEN", "2"),
        ("VIBE_MAX_SANDBOXES", "0"), ("VIBE_MAX_CONNECTIONS", "0"), ("VIBE_MAX_CONNECTIONS_PER_ADDRESS", "-1"),
        ("VIBE_RESERVED_DESCRIPTORS", "-1"),
        ("VIBE_MAX_FRAME_BYTES", "10"), ("VIBE_MAX_MESSAGE_BYTES", "17000000"), ("VIBE_CONNECT_TIMEOUT", "0"),
        ("VIBE_PING_INTERVAL", "0"), ("VIBE_PONG_TIMEOUT", "1.5"), ("VIBE_CURSOR_RATE", "0"),
        ("VIBE_HISTORY_PUBLICATIONS", "0"), ("VIBE_HISTORY_SECONDS", "100000"), ("VIBE_HISTORY_BYTES", "1"),
    ])
    func wrongValuesAreNamed(name: String, value: String) throws {
        let settings = Settings(flags: [:], environment: [name: value], file: [:])
        let error = try #require(throws: ConfigurationError.self) { try settings.configuration() }
        #expect(error.description.contains(name) && error.description.contains(value))
    }

    @Test func theFileTakesScalarsAndLists() throws {
        let text = "port: 9000\nallow_open: true\nextra_hosts: [a.example, b.example]\nanthropic_api_key: \"0123\"\n"
        let values = try SettingsFile.parse(text, name: "vibe.yml")
        #expect(
            values == [.port: "9000", .allowOpen: "true", .extraHosts: "a.example,b.example", .anthropicKey: "0123"]
        )
        #expect(try SettingsFile.parse("", name: "vibe.yml").isEmpty)
    }

    @Test(arguments: ["prot: 1", "port: {a: 1}", "- port", "port: [1", "port: 1\nport: 2", "VIBE_PORT: 1"])
    func unknownKeysAndOtherShapesAreRefused(text: String) {
        #expect(throws: ConfigurationError.self) { try SettingsFile.parse(text, name: "vibe.yml") }
    }
}
