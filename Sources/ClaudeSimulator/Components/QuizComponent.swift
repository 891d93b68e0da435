extension Archetype {
    /// Questions with four answers.
    static let quiz = Archetype(
        name: "quiz",
        noun: "a quiz",
        detail: "a score, an explanation after each answer and another round at the end",
        keywords: ["quiz*", "trivia", "quiz me", "questions", "flashcard*", "flash card*", "exam", "guess the"],
        grounds: [.vivid, .tint, .deep],
        values: { words in ["QUESTIONS": QuizQuestions.literal(for: words)] },
        source: #"""
            import { useState } from "react";

            const TITLE = __TITLE__;
            const QUESTIONS = __QUESTIONS__;

            export default function App() {
              const [index, setIndex] = useState(0);
              const [picked, setPicked] = useState<number | null>(null);
              const [score, setScore] = useState(0);
              const finished = index === QUESTIONS.length;
              const question = QUESTIONS[Math.min(index, QUESTIONS.length - 1)];

              function pick(option: number) {
                if (picked !== null) return;
                setPicked(option);
                if (option === question.right) setScore(score + 1);
              }

              function next() {
                setIndex(index + 1);
                setPicked(null);
              }

              function reset() {
                setIndex(0);
                setPicked(null);
                setScore(0);
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-16 ${theme.page}`}>
                  <div className={`mx-auto max-w-3xl ${theme.scale}`}>
                    <header className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
                      <h1 className={`text-xl ${theme.display}`}>{TITLE}</h1>
                      <p className={`tabular-nums ${theme.quiet}`}>
                        {finished ? "Finished" : `Question ${index + 1} of ${QUESTIONS.length}`} · {score} right
                      </p>
                    </header>
                    <div className={`mt-4 h-1.5 overflow-hidden ${theme.pill} ${theme.soft}`}>
                      <div
                        className={`h-full transition-all ${theme.accent}`}
                        style={{ width: `${(index / QUESTIONS.length) * 100}%` }}
                      />
                    </div>

                    {finished ? (
                      <section className="mt-14 text-center">
                        <p className={`text-8xl font-extrabold tabular-nums ${theme.accentText}`}>
                          {score}/{QUESTIONS.length}
                        </p>
                        <p className="mt-4 text-xl">
                          {score === QUESTIONS.length ? "Flawless." : score > QUESTIONS.length / 2 ? "Well done." : "Next time, then."}
                        </p>
                        <button onClick={reset} className={`mt-8 h-12 px-7 font-semibold ${theme.corner} ${theme.accent}`}>
                          Play again
                        </button>
                      </section>
                    ) : (
                      <section className="mt-10 sm:mt-14">
                        <h2 className={`text-3xl leading-tight sm:text-5xl ${theme.display}`}>{question.text}</h2>
                        <div className="mt-8 grid gap-3 sm:grid-cols-2">
                          {question.options.map((option, number) => {
                            const isRight = picked !== null && number === question.right;
                            const isWrong = picked === number && number !== question.right;
                            return (
                              <button
                                key={option}
                                onClick={() => pick(number)}
                                aria-disabled={picked !== null}
                                className={`flex items-center gap-4 px-5 py-4 text-left text-lg font-medium ${theme.corner} ${
                                  isRight ? theme.accentSoft : theme.button
                                } ${isWrong ? "line-through opacity-60" : ""}`}
                              >
                                <span className="font-mono text-sm opacity-70">{"ABCD"[number]}</span>
                                {option}
                                {isRight && <span className="ml-auto">✓</span>}
                              </button>
                            );
                          })}
                        </div>
                        <div className="mt-6 flex min-h-14 flex-wrap items-center justify-between gap-4" aria-live="polite">
                          {picked !== null && (
                            <>
                              <p className={`max-w-md ${theme.quiet}`}>{question.why}</p>
                              <button onClick={next} className={`h-12 px-7 font-semibold ${theme.corner} ${theme.accent}`}>
                                {index + 1 === QUESTIONS.length ? "See the result" : "Next"}
                              </button>
                            </>
                          )}
                        </div>
                      </section>
                    )}

                    {/* More sections go here */}
                  </div>
                </main>
              );
            }

            __THEME__
            """#
    )
}

/// The quiz's questions for a wish.
enum QuizQuestions {
    private typealias Question = (text: String, options: [String], right: Int, why: String)

    /// A TypeScript array of questions.
    static func literal(for words: Words) -> String {
        let questions: [Question]
        if words.containsAny(["capital*", "geograph*", "countr*", "city", "cities", "flags", "world", "map*"]) {
            questions = capitals
        } else if words.containsAny([
            "space", "planet*", "science", "physics", "astronom*", "moon", "chemistry", "biology",
        ]) {
            questions = science
        } else if words.containsAny(["animal*", "nature", "bird*", "cat", "cats", "dog", "dogs", "ocean", "plants"]) {
            questions = animals
        } else {
            questions = general
        }
        let items = questions.map { question in
            let options = question.options.map(Literal.string).joined(separator: ", ")
            return """
                  {
                    text: \(Literal.string(question.text)),
                    options: [\(options)],
                    right: \(question.right),
                    why: \(Literal.string(question.why)),
                  },

                """
        }
        return "[\n" + items.joined() + "]"
    }

    private static let capitals: [Question] = [
        (
            "What is the capital of Turkey?", ["Istanbul", "Ankara", "Izmir", "Bursa"], 1,
            "Ankara has been Turkey's capital since 1923."
        ),
        (
            "What is the capital of Australia?", ["Sydney", "Melbourne", "Canberra", "Perth"], 2,
            "Canberra was built as a compromise between Sydney and Melbourne."
        ),
        (
            "Which capital is the highest above the sea?", ["Quito", "La Paz", "Bogotá", "Kathmandu"], 1,
            "La Paz, the seat of government, lies at about 3,640 metres."
        ),
        (
            "What is the capital of Morocco?", ["Casablanca", "Marrakesh", "Fez", "Rabat"], 3,
            "Rabat; Casablanca is larger."
        ),
        (
            "Which capital is the northernmost?", ["Reykjavík", "Helsinki", "Oslo", "Tallinn"], 0,
            "Reykjavík lies at 64 degrees north."
        ),
    ]

    private static let science: [Question] = [
        (
            "Which planet has the shortest day?", ["Mercury", "Earth", "Jupiter", "Mars"], 2,
            "Jupiter turns once in just under ten hours."
        ),
        (
            "What is most of the air made of?", ["Oxygen", "Nitrogen", "Argon", "Carbon dioxide"], 1,
            "Nitrogen makes up about 78 per cent."
        ),
        (
            "How long does sunlight travel to us?", ["8 seconds", "8 minutes", "8 hours", "8 days"], 1,
            "About eight minutes and twenty seconds."
        ),
        (
            "Which of these is a noble gas?", ["Neon", "Chlorine", "Hydrogen", "Ozone"], 0,
            "Neon hardly reacts with anything."
        ),
        (
            "What does a barometer measure?", ["Humidity", "Wind", "Pressure", "Rainfall"], 2,
            "The pressure of the air."
        ),
    ]

    private static let animals: [Question] = [
        (
            "Which animal has three hearts?", ["Octopus", "Giraffe", "Earthworm", "Blue whale"], 0,
            "Two serve the gills, one the rest of the body."
        ),
        (
            "What is a group of owls called?", ["A murder", "A parliament", "A pride", "A school"], 1,
            "A parliament of owls."
        ),
        (
            "Which bird flies backwards?", ["Swift", "Kingfisher", "Hummingbird", "Puffin"], 2,
            "A hummingbird's wings turn in the shoulder."
        ),
        (
            "How many arms has a squid?", ["Six", "Eight", "Ten", "Twelve"], 1,
            "Eight arms, and two longer tentacles beside them."
        ),
        (
            "Which mammal lays eggs?", ["Bat", "Sloth", "Otter", "Platypus"], 3,
            "The platypus, and the echidnas."
        ),
    ]

    private static let general: [Question] = [
        (
            "Which of these was invented first?", ["Telephone", "Bicycle", "Light bulb", "Zip"], 1,
            "The first bicycle rolled in 1817."
        ),
        ("How many strings has a cello?", ["Three", "Four", "Five", "Six"], 1, "Four: C, G, D and A."),
        ("What does a sommelier know best?", ["Cheese", "Wine", "Bread", "Maps"], 1, "Wine, and what goes with it."),
        (
            "Which colour has the longest wavelength?", ["Blue", "Green", "Yellow", "Red"], 3,
            "Red, at about 700 nanometres."
        ),
        (
            "What is a palindrome?", ["A bird", "A bridge", "A word that reads the same backwards", "A knot"], 2,
            "Like level, or noon."
        ),
    ]
}
