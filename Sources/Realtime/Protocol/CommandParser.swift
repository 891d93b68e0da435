internal import NIOCore

/// Reads commands from the text frames of a client: pure, no state.
enum CommandParser {
    /// Bytes a channel's name may have, all of them printable ASCII.
    static let maximumChannelBytes = 255

    /// A frame that holds something else than commands; it ends the connection.
    struct Failure: Error, Equatable {}

    /// Cuts a frame at its line feeds; lines of nothing but whitespace are left out.
    static func lines(of frame: ByteBuffer) -> [ByteBuffer] {
        var lines: [ByteBuffer] = []
        var rest = frame
        while rest.readableBytes > 0 {
            let view = rest.readableBytesView
            let length = view.firstIndex(of: UInt8(ascii: "\n")).map { $0 - view.startIndex } ?? rest.readableBytes
            if let line = rest.readSlice(length: length), !isBlank(line) { lines.append(line) }
            rest.moveReaderIndex(forwardBy: min(1, rest.readableBytes))
        }
        return lines
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
        for name in ["presence", "presence_stats", "history"] as [StaticString] {
            if let value = object[name] {
                return parameters(value) { parameters in channel(of: parameters).map { _ in .unavailable } }
            }
        }
        if object["ping"] != nil { return .unavailable }
        if let value = object["send"] { return parameters(value) { _ in .send } }
        if let value = object["rpc"] { return parameters(value, rpc) }
        if object["refresh"] != nil || object["sub_refresh"] != nil { return .unavailable }
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
        return .connect(parameters)
    }

    private static func subscribe(_ object: JSONObject) -> Command.Request? {
        guard let channel = channel(of: object) else { return nil }
        var parameters = SubscribeParameters(channel: channel, data: object["data"]?.text)
        guard
            read(object["recover"], as: \.bool, into: &parameters.recover),
            read(object["epoch"], as: \.string, into: &parameters.epoch),
            read(object["offset"], as: \.unsignedInteger, into: &parameters.offset)
        else { return nil }
        return .subscribe(parameters)
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
        guard let name = object["channel"]?.string, !name.isEmpty, name.utf8.count <= maximumChannelBytes else {
            return nil
        }
        return name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } ? name : nil
    }

    private static func isBlank(_ line: ByteBuffer) -> Bool {
        line.readableBytesView.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }
}
