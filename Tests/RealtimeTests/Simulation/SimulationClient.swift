import Logging
import NIOCore
import NIOEmbedded
import WebSocketCodec

@testable import Realtime

/// A client of the protocol in the simulation: it applies what it is sent as CONTRACT §3 says, and complains of everything
/// else.
final class SimulationClient {
    /// What it knows of one channel.
    struct Topic {
        var isSubscribed = false
        /// The state and where it stands; kept when the subscription ends, to recover from.
        var state = SimulationState()
        var position: StreamPosition?
        /// Who has come and gone since the subscription began.
        var present: [String: Bool] = [:]
        /// The newest number of each publisher's key, in the channel without history.
        var newest: [String: Int] = [:]
        /// The server has said that something was missed: to be subscribed to again.
        var isToBeResubscribed = false
    }

    /// A command that waits for its answer.
    private enum Question {
        case connect
        case subscribe(String, from: StreamPosition?)
        case unsubscribe(String)
        case other
    }

    let name: String
    private let broker: SimulationBroker
    let fail: (String) -> Void
    let note: (String) -> Void
    private(set) var topics: [String: Topic] = [:]
    /// The id that the server gave; `nil` while it is not connected.
    var id: String?
    private(set) var link: EmbeddedChannel?
    /// What it has instead where it speaks no protocol; its channels, and the id of the last event.
    var stream: SimulationStreamLink?
    var streamChannels: [String] = []
    var lastEventID = ""
    /// From where the stream was asked to go on.
    var recovering: [String: StreamPosition] = [:]
    private var gate = FlushGate()
    private var decoder = MessageDecoder(role: .client)
    private var questions: [Int: Question] = [:]
    private var lastID = 0
    /// Whether joins and leaves must alternate: not for one that may be slow, which is told the newest only.
    let isStrict: Bool
    /// Whether it only takes one-way streams.
    let isOneWay: Bool

    // What happened, so that a test sees that the schedules do reach it.
    var counts = SimulationCounts()

    init(
        name: String,
        isStrict: Bool,
        isOneWay: Bool = false,
        broker: SimulationBroker,
        note: @escaping (String) -> Void,
        fail: @escaping (String) -> Void
    ) {
        self.name = name
        self.isStrict = isStrict
        self.isOneWay = isOneWay
        self.broker = broker
        self.note = note
        self.fail = fail
    }

    var isLinked: Bool { link != nil || stream != nil }
    var waitsForAnswers: Bool { !questions.isEmpty || (stream != nil && id == nil) }

    subscript(_ channel: String) -> Topic {
        get { topics[channel] ?? Topic() }
        set { topics[channel] = newValue }
    }

    // MARK: The link

    /// Opens a connection and sends `connect`.
    func connect(
        _ hub: Hub,
        loop: EmbeddedEventLoop,
        isCompressing: Bool,
        serverChannels: [String],
        recovers: Bool
    ) throws {
        var compression: CompressionParameters?
        if isCompressing {
            var parameters = CompressionParameters()
            parameters.serverNoContextTakeover = true
            parameters.clientNoContextTakeover = true
            compression = parameters
        }
        gate = FlushGate()
        decoder = MessageDecoder(
            limits: .init(maximumFrameBytes: 1 << 24, maximumMessageBytes: 1 << 24),
            role: .client,
            compression: compression
        )
        let handler = RealtimeHandler(
            hub: hub,
            application: SimulationApplication(),
            logger: Self.logger,
            compression: compression
        )
        let channel = EmbeddedChannel(handlers: [gate, handler], loop: loop)
        channel.connect(to: try SocketAddress(unixDomainSocketPath: "/simulation"), promise: nil)
        link = channel
        let list = serverChannels.map { "\"\($0)\"" }.joined(separator: ",")
        let positions = serverChannels.compactMap { name -> String? in
            guard recovers, let position = self[name].position else { return nil }
            return #""\#(name)":{"recover":true,"epoch":"\#(position.epoch)","offset":\#(position.offset)}"#
        }
        send(#""connect":{"data":{"channels":[\#(list)]},"subs":{\#(positions.joined(separator: ","))}}"#, .connect)
    }

    private static let logger = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }

    /// The network is cut.
    func cut() {
        guard isLinked else { return }
        stream?.cut()
        link?.close(promise: nil)
        gone()
    }

    /// The socket takes nothing, or takes it again.
    func shut(_ isShut: Bool) {
        stream?.isShut = isShut
        guard link != nil else { return }
        if isShut { gate.shut() } else { gate.open() }
    }

    private func gone() {
        if let link { while (try? link.readOutbound(as: ByteBuffer.self)) != nil {} }
        link = nil
        stream = nil
        id = nil
        questions = [:]
        for name in topics.keys { ended(name) }
    }

    private func ended(_ channel: String) {
        self[channel].isSubscribed = false
        self[channel].present = [:]
        self[channel].newest = [:]
    }

    // MARK: Commands

    /// Asks to be subscribed; `recovers` from where it stands, when it stands anywhere.
    func subscribe(_ channel: String, recovers: Bool) {
        self[channel].isToBeResubscribed = false
        var recovery = ""
        if recovers, let position = self[channel].position {
            recovery = #","recover":true,"epoch":"\#(position.epoch)","offset":\#(position.offset)"#
        }
        send(
            #""subscribe":{"channel":"\#(channel)"\#(recovery)}"#,
            .subscribe(channel, from: recovers ? self[channel].position : nil)
        )
    }

    func unsubscribe(_ channel: String) { send(#""unsubscribe":{"channel":"\#(channel)"}"#, .unsubscribe(channel)) }

    func publish(_ channel: String, key: String, number: Int) {
        send(#""publish":{"channel":"\#(channel)","data":{"key":"\#(key)","number":\#(number)}}"#, .other)
    }

    func ask(_ method: String, _ channel: String) {
        send(#""\#(method)":{"channel":"\#(channel)","limit":-1}"#, .other)
    }

    /// Sends what is no command.
    func misbehave() { write(.text, ByteBuffer(string: "{")) }

    private func send(_ command: String, _ question: Question) {
        guard link != nil else { return }
        lastID += 1
        questions[lastID] = question
        write(.text, ByteBuffer(string: "{\"id\":\(lastID),\(command)}"))
    }

    private func write(_ opcode: Opcode, _ payload: ByteBuffer) {
        guard let link, link.isActive else { return }
        var frame = ByteBuffer()
        FrameEncoder.writeMasked(opcode, payload: payload, key: 0x0A0B_0C0D, into: &frame)
        do { try link.writeInbound(frame) } catch { fail("\(name): \(error)") }
    }

    // MARK: Answers and pushes

    /// Takes in what has come; false when there was nothing.
    @discardableResult
    func read() throws -> Bool {
        var hasRead = readStream()
        while let link {
            if let event = try decoder.next() {
                take(event)
            } else if let bytes = try link.readOutbound(as: ByteBuffer.self) {
                hasRead = true
                decoder.append(bytes)
            } else {
                if !link.isActive { gone() }
                break
            }
        }
        return hasRead
    }

    private func take(_ event: WebSocketEvent) {
        switch event {
        case .text(let payload):
            for line in String(buffer: payload).split(separator: "\n") {
                guard let message = PlainJSON.read(line) else { return fail("\(name): no JSON: \(line)") }
                if line == "{}" { write(.text, ByteBuffer(string: "{}")) } else { take(message) }
            }
        case .close(let status):
            note("\(name) is told \(status?.code ?? 0)")
            counts.closed[status?.code ?? 0, default: 0] += 1
            write(.close, ByteBuffer(bytes: [UInt8((status?.code ?? 0) >> 8), UInt8((status?.code ?? 0) & 0xFF)]))
            if link?.isActive == true { link?.close(promise: nil) }
            gone()
        default:
            fail("\(name): \(event)")
        }
    }

    private func take(_ message: Parsed) {
        guard let id = message["id"].int else { return take(push: message["push"]) }
        guard let question = questions.removeValue(forKey: id) else {
            return fail("\(name): answer to nothing: \(message)")
        }
        if let code = message["error"]["code"].int {
            note("\(name): error \(code)")
            if case .connect = question {
                // A greeting fails with its channel. Clients then close, and come again later.
                if code != 102 { fail("\(name): error \(code)") }
                return cut()
            }
            // Subscribed already, closed, or asked of what it does not hold.
            if ![102, 103, 105, 108].contains(code) { fail("\(name): error \(code)") }
            return
        }
        switch question {
        case .subscribe(let channel, let position):
            subscribed(
                channel,
                message["subscribe"],
                isRecovering: position != nil,
                hasMovedOn: position != self[channel].position
            )
        case .unsubscribe(let channel):
            ended(channel)
        case .other:
            break
        case .connect:
            guard let client = message["connect"]["client"].string else { return fail("\(name): \(message)") }
            self.id = client
            for channel in message["connect"]["subs"].keys {
                let result = message["connect"]["subs"][channel]
                subscribed(channel, result, isRecovering: result["was_recovering"].bool ?? false)
            }
        }
    }

    func take(push: Parsed) {
        guard let channel = push["channel"].string else { return }
        if !push["subscribe"].isAbsent { return subscribed(channel, push["subscribe"], isRecovering: false) }
        guard self[channel].isSubscribed else { return fail("\(name): push without a subscription: \(push)") }
        if !push["pub"].isAbsent {
            take(publication: push["pub"], channel: channel)
        } else if let client = push["join"]["info"]["client"].string {
            if isStrict, self[channel].present[client] == true { fail("\(name): \(client) joins twice") }
            self[channel].present[client] = true
        } else if let client = push["leave"]["info"]["client"].string {
            if isStrict, self[channel].present[client] == false { fail("\(name): \(client) leaves twice") }
            self[channel].present[client] = false
        } else if let code = push["unsubscribe"]["code"].int {
            note("\(name) is unsubscribed from \(channel) with \(code)")
            counts.unsubscribed[code, default: 0] += 1
            ended(channel)
            self[channel].isToBeResubscribed = code >= 2_500
        } else {
            fail("\(name): \(push)")
        }
    }

    func subscribed(_ channel: String, _ result: Parsed, isRecovering: Bool, hasMovedOn: Bool = false) {
        if self[channel].isSubscribed { fail("\(name): subscribed twice to \(channel)") }
        self[channel].isSubscribed = true
        self[channel].isToBeResubscribed = false
        guard let epoch = result["epoch"].string else { return }
        if isRecovering { counts.attempts += 1 }
        guard let offset = result["offset"].int, result["recoverable"].bool == true, result["positioned"].bool == true,
            (result["was_recovering"].bool ?? false) == isRecovering
        else { return fail("\(name): \(result)") }
        if result["recovered"].bool == true {
            guard case .array(let publications) = result["publications"], result["data"].isAbsent else {
                return fail("\(name): \(result)")
            }
            counts.recoveries += 1
            if self[channel].position?.epoch != epoch { fail("\(name): recovered in another epoch") }
            let held = self[channel].position?.offset ?? 0
            for publication in publications {
                // What had come between the question and its answer comes again: a client that is subscribed need not ask.
                if hasMovedOn, let offset = publication["offset"].int, offset <= held { continue }
                take(publication: publication, channel: channel)
            }
            let last = publications.last?["offset"].int.map(UInt64.init)
            if last ?? UInt64(offset) != UInt64(offset) { fail("\(name): recovered to \(last ?? 0) of \(offset)") }
            self[channel].position?.offset = UInt64(offset)
        } else {
            guard let state = SimulationState(result["data"]), result["publications"].isAbsent else {
                return fail("\(name): \(result)")
            }
            counts.snapshots += 1
            self[channel].state = state
            self[channel].position = StreamPosition(epoch: epoch, offset: UInt64(offset))
        }
        compare(channel, "after subscribing")
    }

    private func take(publication: Parsed, channel: String) {
        guard let offset = publication["offset"].int.map(UInt64.init) else {
            return takeNumber(publication, channel: channel)
        }
        guard var topic = topics[channel], let held = topic.position, let event = SimulationEvent(publication["data"])
        else {
            return fail("\(name): \(publication)")
        }
        if offset <= held.offset { fail("\(name): offset \(offset) of \(channel) after \(held.offset)") }
        if offset > held.offset + 1 { counts.merged += 1 }
        if !topic.state.apply(event) { fail("\(name): gap before \(offset) of \(channel)") }
        topic.position?.offset = offset
        topics[channel] = topic
        let expected = broker.state(at: StreamPosition(epoch: held.epoch, offset: offset))
        if topic.state.withoutThings != expected?.withoutThings { fail("\(name): \(channel) differs at \(offset)") }
    }

    private func takeNumber(_ publication: Parsed, channel: String) {
        guard let key = publication["data"]["key"].string, let number = publication["data"]["number"].int,
            let client = publication["info"]["client"].string
        else { return fail("\(name): \(publication)") }
        if let held = self[channel].newest["\(client)/\(key)"], held >= number {
            fail("\(name): number \(number) of \(key) after \(held)")
        }
        self[channel].newest["\(client)/\(key)"] = number
    }

    /// Complains when the state is not the publisher's.
    func compare(_ channel: String, _ when: String) {
        guard let position = self[channel].position else { return }
        if broker.state(at: position) != self[channel].state {
            fail("\(name): \(channel) is not the publisher's at \(position.offset) \(when)")
        }
    }
}
