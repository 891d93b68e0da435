extension Archetype {
    /// A number and a button.
    static let counter = Archetype(
        name: "counter",
        noun: "a counter",
        detail: "a big number, steps up and down and a goal",
        keywords: [
            "counter", "count", "count*", "clicker", "tally", "increment", "click counter", "plus one", "score keeper",
            "scoreboard",
        ],
        grounds: [.paper, .tint, .vivid, .dark],
        values: { words in ["STEP": "\(words.step ?? 1)"] },
        source: #"""
            import { useState } from "react";

            const TITLE = __TITLE__;
            const STEP = __STEP__;
            const GOAL = 20;

            export default function App() {
              const [count, setCount] = useState(0);
              const [highest, setHighest] = useState(0);
              const done = Math.max(0, Math.min(1, count / GOAL));

              function change(by: number) {
                setCount(count + by);
                setHighest(Math.max(highest, count + by));
              }

              function reset() {
                setCount(0);
                setHighest(0);
              }

              return (
                <main className={`min-h-screen px-5 py-12 sm:px-8 sm:py-20 ${theme.page}`}>
                  <div className={`mx-auto max-w-xl text-center ${theme.scale}`}>
                    <header>
                      <h1 className={`text-3xl sm:text-4xl ${theme.display}`}>{TITLE}</h1>
                      <p className={`mt-2 ${theme.quiet}`}>Every press counts.</p>
                    </header>

                    <section className={`mt-10 p-8 sm:p-12 ${theme.corner} ${theme.card}`}>
                      <output
                        data-testid="count"
                        aria-live="polite"
                        className={`block text-8xl font-extrabold leading-none tabular-nums tracking-tighter sm:text-9xl ${theme.accentText}`}
                      >
                        {count}
                      </output>
                      <div
                        role="progressbar"
                        aria-label="On the way to the goal"
                        aria-valuemin={0}
                        aria-valuemax={GOAL}
                        aria-valuenow={Math.max(0, Math.min(GOAL, count))}
                        className={`mt-8 h-2 overflow-hidden ${theme.pill} ${theme.soft}`}
                      >
                        <div className={`h-full transition-all ${theme.accent}`} style={{ width: `${done * 100}%` }} />
                      </div>
                      <div className="mt-8 grid grid-cols-[auto_1fr] gap-3">
                        <button
                          onClick={() => change(-STEP)}
                          aria-label="Take one back"
                          className={`h-16 w-16 text-2xl ${theme.corner} ${theme.button}`}
                        >
                          −
                        </button>
                        <button onClick={() => change(STEP)} className={`h-16 px-6 text-xl font-semibold ${theme.corner} ${theme.accent}`}>
                          Count up
                        </button>
                      </div>
                    </section>

                    <p className={`mt-6 flex justify-center gap-6 text-sm ${theme.quiet}`}>
                      <span>Goal {GOAL}</span>
                      <span>Highest {highest}</span>
                      <button onClick={reset} className="underline underline-offset-4">
                        Start at zero
                      </button>
                    </p>

                    {/* More sections go here */}
                  </div>
                </main>
              );
            }

            __THEME__
            """#
    )
}
