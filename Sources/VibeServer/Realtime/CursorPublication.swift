internal import NIOCore
internal import Realtime

/// What a client may publish to `app:{id}:cursors`: a pointer's place, or whether somebody types.
enum CursorPublication: Equatable, Sendable {
    case pointer(surface: Surface, x: Double, y: Double)
    case typing(Bool)

    /// What the pointer is over.
    enum Surface: String, Sendable { case preview, code }

    /// Bytes of a publication.
    static let maximumBytes = 512
    /// Of x as a fraction of the width, and of y in document pixels: how far a place may be.
    static let maximumX = 16.0
    static let maximumY = 1_000_000.0

    /// How long somebody who says to be typing is taken to be at it.
    static let typingMilliseconds = 3_000

    /// `nil` for anything but one of the two shapes.
    init?(_ data: ByteBuffer) {
        guard data.readableBytes <= Self.maximumBytes, let members = try? JSONObject(data),
            let surface = Self.read(members["surface"], { $0.string.flatMap(Surface.init) }),
            let x = Self.read(members["x"], \.number), let y = Self.read(members["y"], \.number),
            let typing = Self.read(members["typing"], \.bool)
        else { return nil }
        switch (surface, x, y, typing) {
        case (let surface?, let x?, let y?, nil) where abs(x) <= Self.maximumX && abs(y) <= Self.maximumY:
            self = .pointer(surface: surface, x: x, y: y)
        case (nil, nil, nil, let typing?):
            self = .typing(typing)
        default:
            return nil
        }
    }

    /// The outer `nil` stands for a member of another kind, the inner one for a member that is not there.
    private static func read<Value>(_ value: JSONValue?, _ kind: (JSONValue) -> Value?) -> Value?? {
        guard let value else { return .some(nil) }
        return kind(value).map { .some($0) }
    }

    /// What it tells about: of one thing only the newest is of interest.
    var surfaceName: String {
        switch self {
        case .pointer(let surface, _, _): surface.rawValue
        case .typing: "typing"
        }
    }

    /// Only the members that belong to it.
    var data: ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        switch self {
        case .pointer(let surface, let x, let y):
            json.member("surface", surface.rawValue)
            json.key("x")
            json.value(x)
            json.key("y")
            json.value(y)
        case .typing(let typing):
            json.member("typing", typing)
        }
        json.endObject()
        return json.buffer
    }
}
