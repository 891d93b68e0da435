internal import NIOCore

/// Reads commands from the text frames of a client: pure, no state.
enum CommandParser {
    /// Bytes a channel's name may have, all of them printable ASCII.
    static let maximumChannelBytes = 255

    /// A frame that holds something else than commands; it ends the connection.
    struct Failure: Error, Equatable {}

    /// Takes the next line of a frame; lines of nothing but whitespace are left out.
    ///
    /// - Returns: `nil` at the frame's end.
    static func nextLine(of frame: inout ByteBuffer) -> ByteBuffer? {
        while frame.readableBytes > 0 {
            let view = frame.readableBytesView
            let length = view.firstIndex(of: UInt8(ascii: "\n")).map { $0 - view.startIndex } ?? frame.readableBytes
            let line = frame.readSlice(length: length)
            frame.moveReaderIndex(forwardBy: min(1, frame.readableBytes))
            if let line, !isBlank(line) { return line }
        }
        return nil
    }

    /// Reads one line.
    ///
    /// - Throws: `Failure` when it is not a JSON object, or its `id` is not an integer from 0 to 2^32 − 1.
    static func parse(_ line: ByteBuffer) throws(Failure) -> Command {
        let object: JSONObject
        do { object = try JSONObject(line) } catch { throw Failure() }
        var id: UInt32 = 0
        if let value = object["id"] {
            guard let number = value.unsignedInteger.flatMap(UInt32.init(exactly:)) else { throw Failure() }
            id = number
        }
        return Command(id: id, request: request(of: object, id: id))
    }

    /// The first request that is there, in the order of the protocol's definition.
    private static func request(of object: JSONObject, id: UInt32) -> Command.Request {
        if let value = object["connect"] { return parameters(value, otherwise: .malformedConnect, connect) }
        if let value = object["subscribe"] { return parameters(value, subscribe) }
        if let value = object["unsubscribe"] {
            return parameters(value) { parameters in channel(of: parameters).map { .unsubscribe(channel: $0) } }
        }
        if let value = object["publish"] { return parameters(value, publish) }
        if let value = object["presence"] {
            return parameters(value) { parameters in channel(of: parameters).map { .presence(channel: $0) } }
        }
        if let value = object["presence_stats"] {
            return parameters(value) { parameters in channel(of: parameters).map { .presenceStats(channel: $0) } }
        }
        if let value = object["history"] { return parameters(value, history) }
        if object["ping"] != nil { return .unavailable }
        if let value = object["send"] { return parameters(value) { _ in .send } }
        if let value = object["rpc"] { return parameters(value, rpc) }
        if let value = object["refresh"] {
            return parameters(value) { parameters in token(of: parameters).map { .refresh(token: $0) } }
        }
        if let value = object["sub_refresh"] { return parameters(value, subRefresh) }
        return id == 0 ? .pong : .unknown
    }

    private static func parameters(
        _ value: JSONValue,
        otherwise malformed: Command.Request = .malformed,
        _ read: (JSONObject) -> Command.Request?
    ) -> Command.Request {
        guard let object = try? value.object(), let request = read(object) else { return malformed }
        return request
    }

    private static func connect(_ object: JSONObject) -> Command.Request? {
        var parameters = ConnectParameters()
        guard
            read(object["token"], as: \.string, into: &parameters.token),
            read(object["name"], as: \.string, into: &parameters.name),
            read(object["version"], as: \.string, into: &parameters.version)
        else { return nil }
        parameters.data = object["data"]?.text
        if let value = object["subs"] {
            guard let subscriptions = try? value.object(), let positions = positions(subscriptions) else { return nil }
            parameters.positions = positions
        }
        return .connect(parameters)
    }

    /// `connect.subs`: of each channel the recovery that is asked for.
    private static func positions(_ object: JSONObject) -> [String: StreamPosition]? {
        var positions: [String: StreamPosition] = [:]
        for (key, value) in object.entries {
            guard isChannelName(key), let member = try? value.object() else { return nil }
            var parameters = SubscribeParameters(channel: key)
            guard readRecovery(member, into: &parameters) else { return nil }
            positions[key] = parameters.recovery
        }
        return positions
    }

    private static func subscribe(_ object: JSONObject) -> Command.Request? {
        guard let channel = channel(of: object) else { return nil }
        var parameters = SubscribeParameters(channel: channel, data: object["data"]?.text)
        var ignored = false
        guard
            read(object["token"], as: \.string, into: &parameters.token),
            read(object["positioned"], as: \.bool, into: &ignored),
            read(object["recoverable"], as: \.bool, into: &ignored),
            read(object["join_leave"], as: \.bool, into: &ignored),
            readRecovery(object, into: &parameters)
        else { return nil }
        return .subscribe(parameters)
    }

    private static func readRecovery(_ object: JSONObject, into parameters: inout SubscribeParameters) -> Bool {
        var isRecovering = false
        var position = StreamPosition(epoch: "", offset: 0)
        guard
            read(object["recover"], as: \.bool, into: &isRecovering),
            read(object["epoch"], as: \.string, into: &position.epoch),
            read(object["offset"], as: \.unsignedInteger, into: &position.offset)
        else { return false }
        parameters.recovery = isRecovering ? position : nil
        return true
    }

    private static func history(_ object: JSONObject) -> Command.Request? {
        guard let channel = channel(of: object) else { return nil }
        var parameters = HistoryParameters(channel: channel)
        guard
            read(object["limit"], as: \.integer, into: &parameters.limit),
            read(object["reverse"], as: \.bool, into: &parameters.isReverse)
        else { return nil }
        if let value = object["since"] {
            guard let since = try? value.object() else { return nil }
            var position = StreamPosition(epoch: "", offset: 0)
            guard
                read(since["epoch"], as: \.string, into: &position.epoch),
                read(since["offset"], as: \.unsignedInteger, into: &position.offset)
            else { return nil }
            parameters.since = position
        }
        return .history(parameters)
    }

    private static func subRefresh(_ object: JSONObject) -> Command.Request? {
        guard let channel = channel(of: object), let token = token(of: object) else { return nil }
        return .subRefresh(channel: channel, token: token)
    }

    private static func token(of object: JSONObject) -> String? {
        var token = ""
        return read(object["token"], as: \.string, into: &token) ? token : nil
    }

    private static func publish(_ object: JSONObject) -> Command.Request? {
        guard let channel = channel(of: object), let data = object["data"] else { return nil }
        return .publish(PublishParameters(channel: channel, data: data.text))
    }

    private static func rpc(_ object: JSONObject) -> Command.Request? {
        var method = ""
        guard read(object["method"], as: \.string, into: &method) else { return nil }
        return .rpc(method: method, data: object["data"]?.text)
    }

    /// Sets `target` when there is a value; false when it is of another kind.
    private static func read<Value>(
        _ value: JSONValue?,
        as kind: (JSONValue) -> Value?,
        into target: inout Value
    ) -> Bool {
        guard let value else { return true }
        guard let read = kind(value) else { return false }
        target = read
        return true
    }

    private static func read<Value>(
        _ value: JSONValue?,
        as kind: (JSONValue) -> Value?,
        into target: inout Value?
    ) -> Bool {
        guard let value else { return true }
        target = kind(value)
        return target != nil
    }

    /// The protocol's channels are ASCII: so equality of names is equality of bytes.
    private static func channel(of object: JSONObject) -> String? {
        guard let name = object["channel"]?.string, isChannelName(name) else { return nil }
        return name
    }

    private static func isChannelName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= maximumChannelBytes && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func isBlank(_ line: ByteBuffer) -> Bool {
        line.readableBytesView.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }
}
