internal import NIOCore
@testable internal import Realtime

/// Frames of the client protocol: commands a line, JSON inside.
enum CommandsTarget {
    static func run(_ bytes: [UInt8]) {
        for line in CommandParser.lines(of: ByteBuffer(bytes: bytes)) {
            precondition(!line.readableBytesView.contains(UInt8(ascii: "\n")))
            do throws(CommandParser.Failure) {
                _ = try CommandParser.parse(line)
            } catch {
                continue
            }
        }
    }
}
