import Foundation
import Testing

@testable import Orchestration

/// One answer of the corpus beside this file, with what it must turn out to be.
///
/// `NAME.txt` is the answer. `NAME.outcome` begins with lines of `key: value`, then `---`, then the file or the prose, exactly.
/// `NAME.before`, where elisions are looked for, is the version before.
struct AnswerCase: Sendable, CustomTestStringConvertible {
    var name: String
    var answer: String
    var values: [String: String]
    var text: String
    var previous: String?

    var testDescription: String { name }
    var isFile: Bool { values["outcome"] == "file" }
    var restarts: Int { values["restarts"].flatMap(Int.init) ?? -1 }

    static let all: [AnswerCase] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Answers")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return names.filter { $0.hasSuffix(".txt") }.sorted().compactMap {
            AnswerCase(String($0.dropLast(4)), in: folder)
        }
    }()

    private init?(_ name: String, in folder: URL) {
        func read(_ suffix: String) -> String? {
            (try? Data(contentsOf: folder.appending(path: name + suffix))).map { String(decoding: $0, as: UTF8.self) }
        }
        guard let answer = read(".txt"), let outcome = read(".outcome") else { return nil }
        let mark = Array("---\n".utf8)
        guard let split = outcome.utf8.firstRange(of: mark) else { return nil }
        self.name = name
        self.answer = answer
        previous = read(".before")
        text = String(decoding: outcome.utf8[split.upperBound...], as: UTF8.self)
        values = [:]
        for line in String(decoding: outcome.utf8[..<split.lowerBound], as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            values[String(parts[0])] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
    }
}

/// What a reader made of an answer.
struct ReadAnswer: Equatable {
    var code: [UInt8] = []
    var restarts = 0
    var answer: Answer
    /// What was shown before the answer ended.
    var live: [UInt8] = []

    /// Reads an answer cut into pieces.
    init(_ pieces: [String]) {
        var reader = AnswerReader()
        var code: [UInt8] = []
        var restarts = 0
        func apply(_ actions: [AnswerReader.Action]) {
            for action in actions {
                switch action {
                case .append(let text): code += Array(text.utf8)
                case .restart:
                    restarts += 1
                    code = []
                }
            }
        }
        for piece in pieces { apply(reader.feed(piece)) }
        live = code
        let end = reader.finish()
        apply(end.actions)
        answer = end.answer
        self.code = code
        self.restarts = restarts
    }
}

extension String {
    /// Cut at every scalar.
    var scalarPieces: [String] { unicodeScalars.map { String($0) } }
}
