internal import FoundationEssentials
internal import NIOCore
internal import Realtime

/// What a client may publish to `app:{id}:cursors`: a pointer's place, or whether somebody types.
enum CursorPublication: Equatable, Sendable {
    case pointer(surface: Surface, x: Double, y: Double)
    case typing(Bool)

    /// What the pointer is over.
    enum Surface: String, Decodable, Sendable { case preview, code }

    /// Bytes of a publication.
    static let maximumBytes = 512
    /// Of x as a fraction of the width, and of y in document pixels: how far a place may be.
    static let maximumX = 16.0
    static let maximumY = 1_000_000.0

    private struct Members: Decodable {
        var surface: Surface?
        var x: Double?
        var y: Double?
        var typing: Bool?
    }

    /// `nil` for anything but one of the two shapes.
    init?(_ data: ByteBuffer) {
        guard data.readableBytes <= Self.maximumBytes,
            let members = try? JSONDecoder().decode(Members.self, from: Data(data.readableBytesView))
        else { return nil }
        switch (members.surface, members.x, members.y, members.typing) {
        case (let surface?, let x?, let y?, nil) where abs(x) <= Self.maximumX && abs(y) <= Self.maximumY:
            self = .pointer(surface: surface, x: x, y: y)
        case (nil, nil, nil, let typing?):
            self = .typing(typing)
        default:
            return nil
        }
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
