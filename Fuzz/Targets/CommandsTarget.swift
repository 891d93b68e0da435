internal import NIOCore
@testable internal import Realtime

/// Frames of the client protocol: commands a line, JSON inside.
enum CommandsTarget {
    static func run(_ bytes: [UInt8]) {
        var rest = ByteBuffer(bytes: bytes)
        while let line = CommandParser.nextLine(of: &rest) {
            precondition(!line.readableBytesView.contains(UInt8(ascii: "\n")))
            do throws(CommandParser.Failure) {
                _ = try CommandParser.parse(line)
            } catch {
                continue
            }
        }
    }
}
