internal import CFuzzer

/// Fuzzes one parser: `vibe-fuzz TARGET [libFuzzer's arguments]`.
///
/// Each target feeds what libFuzzer makes up to a parser, and checks what must hold for whatever came: a failed check traps,
/// which libFuzzer reports with the input that did it.
@main
enum Main {
    static func main() {
        let name = CommandLine.arguments.dropFirst().first ?? ""
        guard let target = targets[name] else {
            print("usage: vibe-fuzz \(targets.keys.sorted().joined(separator: "|")) [libFuzzer's arguments]")
            return
        }
        // The target's name is ours; libFuzzer gets what follows.
        var arguments: [UnsafeMutablePointer<CChar>?] = [CommandLine.unsafeArgv[0]]
        for index in 2..<max(2, Int(CommandLine.argc)) { arguments.append(CommandLine.unsafeArgv[index]) }
        var count = Int32(arguments.count)
        arguments.append(nil)
        arguments.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            _ = LLVMFuzzerRunDriver(&count, &start, target)
        }
    }

    private static let targets: [String: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32] = [
        "handshake": { fuzz($0, $1, HandshakeTarget.run) },
        "frames": { fuzz($0, $1, FramesTarget.run) },
        "inflate": { fuzz($0, $1, InflateTarget.run) },
        "commands": { fuzz($0, $1, CommandsTarget.run) },
        "events": { fuzz($0, $1, EventsTarget.run) },
    ]
}

/// Hands an input over as an array.
private func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int, _ run: ([UInt8]) -> Void) -> Int32 {
    run(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}
