import Testing

@testable import Orchestration

@Suite struct AnswerCorpusTests {
    @Test func hasEnoughAnswers() {
        #expect(AnswerCase.all.count >= 80)
    }

    @Test(arguments: AnswerCase.all)
    func turnsOutAsWrittenDown(_ example: AnswerCase) {
        let read = ReadAnswer([example.answer])
        switch read.answer.outcome {
        case .file(let file):
            #expect(example.isFile)
            #expect(Array(file.text.utf8) == Array(example.text.utf8), "\(file.text)")
            #expect("\(file.defaultExport)" == example.values["export"])
            #expect((file.isCut ? "yes" : "no") == example.values["cut"])
            #expect((file.isFragment ? "yes" : "no") == example.values["fragment"])
            #expect(read.code == Array(file.text.utf8))
        case .prose(let text):
            #expect(!example.isFile)
            #expect(text == example.text)
            #expect(read.code.isEmpty)
        }
        #expect(read.restarts == example.restarts)
        #expect(read.answer.skippedLanguages.joined(separator: " ") == example.values["skipped"] ?? "")
    }

    @Test(arguments: AnswerCase.all)
    func isTheSameHoweverItIsCut(_ example: AnswerCase) {
        let whole = ReadAnswer([example.answer])
        for pieces in cuts(of: example.answer) {
            let cut = ReadAnswer(pieces)
            #expect(cut.code == whole.code)
            #expect(cut.answer == whole.answer)
            #expect(cut.restarts == whole.restarts)
        }
    }

    private func cuts(of answer: String) -> [[String]] {
        var generator = Seeded(state: UInt64(answer.utf8.count))
        let scalars = Array(answer.unicodeScalars)
        var result = [answer.scalarPieces]
        for longest in [3, 17, 200] {
            var pieces: [String] = []
            var index = 0
            while index < scalars.count {
                let count = min(Int.random(in: 1...longest, using: &generator), scalars.count - index)
                var piece = String.UnicodeScalarView()
                piece.append(contentsOf: scalars[index..<(index + count)])
                pieces.append(String(piece))
                index += count
            }
            result.append(pieces)
        }
        return result
    }
}
