extension Archetype {
    /// Words a minute.
    static let typing = Archetype(
        name: "typing",
        noun: "a typing test",
        detail: "speed, accuracy and your best so far",
        keywords: [
            "typing*", "typing test", "type racer", "words per minute", "wpm", "keyboard practice", "touch typing",
            "typewriter",
        ],
        grounds: [.tint, .dark, .paper],
        source: #"""
            import { useState } from "react";

            const TITLE = __TITLE__;
            const TEXTS = [
              "The lighthouse keeper wrote one line a day, and on most days it said that nothing had happened.",
              "Bread asks for flour, water, salt and a patience that no recipe has ever managed to write down.",
              "Somewhere between the second and the third cup of tea the plan began to look almost sensible.",
            ];

            export default function App() {
              const [round, setRound] = useState(0);
              const [typed, setTyped] = useState("");
              const [startedAt, setStartedAt] = useState(0);
              const [seconds, setSeconds] = useState(0);
              const [best, setBest] = useState(0);
              const text = TEXTS[round % TEXTS.length];
              const right = [...typed].filter((letter, index) => letter === text[index]).length;
              const finished = typed.length === text.length;
              const speed = seconds > 0 ? Math.round(right / 5 / (seconds / 60)) : 0;
              const accuracy = typed.length > 0 ? Math.round((right / typed.length) * 100) : 100;

              function type(value: string) {
                if (finished || value.length > text.length) return;
                const start = typed.length === 0 ? Date.now() : startedAt;
                const passed = Math.max(0.5, (Date.now() - start) / 1000);
                setStartedAt(start);
                setSeconds(value.length > 1 ? passed : 0);
                setTyped(value);
                if (value.length === text.length) {
                  const good = [...value].filter((letter, index) => letter === text[index]).length;
                  setBest(Math.max(best, Math.round(good / 5 / (passed / 60))));
                }
              }

              function again(step: number) {
                setRound(round + step);
                setTyped("");
                setSeconds(0);
              }

              function reset() {
                again(0);
                setBest(0);
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-16 ${theme.page}`}>
                  <div className={`mx-auto max-w-4xl ${theme.scale}`}>
                    <header>
                      <h1 className={`text-4xl sm:text-5xl ${theme.display}`}>{TITLE}</h1>
                      <p className={`mt-2 ${theme.quiet}`}>The clock starts with your first letter.</p>
                    </header>

                    <dl className="mt-8 flex gap-6 sm:gap-10">
                      {[
                        { name: "words a minute", value: speed },
                        { name: "accuracy", value: `${accuracy} %` },
                        { name: "your best", value: best === 0 ? "–" : best },
                      ].map((figure) => (
                        <div key={figure.name}>
                          <dd className={`whitespace-nowrap text-2xl font-bold tabular-nums sm:text-4xl ${theme.accentText}`}>{figure.value}</dd>
                          <dt className={`text-sm ${theme.quiet}`}>{figure.name}</dt>
                        </div>
                      ))}
                    </dl>

                    <p className={`mt-8 p-6 font-mono text-xl leading-relaxed sm:p-8 sm:text-2xl ${theme.corner} ${theme.card}`}>
                      {[...text].map((letter, index) => (
                        <span
                          key={index}
                          className={
                            index === typed.length
                              ? `rounded-sm ${theme.accentSoft}`
                              : index > typed.length
                                ? theme.quiet
                                : typed[index] === letter
                                  ? ""
                                  : "rounded-sm bg-red-600 text-white"
                          }
                        >
                          {letter}
                        </span>
                      ))}
                    </p>

                    <textarea
                      value={typed}
                      onChange={(event) => type(event.target.value)}
                      rows={2}
                      spellCheck={false}
                      autoCapitalize="off"
                      aria-label="Type the text here"
                      placeholder="Type here"
                      className={`mt-4 w-full resize-none p-4 font-mono ${theme.corner} ${theme.field}`}
                    />
                    <div className="mt-3 flex flex-wrap items-center gap-3">
                      <button onClick={() => again(1)} className={`h-12 px-6 font-semibold ${theme.corner} ${theme.accent}`}>
                        Next text
                      </button>
                      <button onClick={() => again(0)} className={`h-12 px-5 ${theme.corner} ${theme.button}`}>
                        Once more
                      </button>
                      <p aria-live="polite" className="font-medium">
                        {finished ? `Done in ${seconds.toFixed(1)} seconds.` : ""}
                      </p>
                    </div>

                    {/* More sections go here */}
                  </div>
                </main>
              );
            }

            __THEME__
            """#
    )
}
