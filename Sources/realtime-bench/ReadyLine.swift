#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Prints the line that tells a waiting runner where to connect, at once even into a pipe.
func writeReadyLine(host: String, port: Int) {
    let line = "listening on http://\(host):\(port)\n"
    line.withCString { text in
        _ = write(STDOUT_FILENO, text, strlen(text))
    }
}
