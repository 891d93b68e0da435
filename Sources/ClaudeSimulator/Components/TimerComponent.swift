extension Archetype {
    /// Counts down from one of five presets.
    static let timer = Archetype(
        name: "timer",
        noun: "a countdown timer",
        detail: "five presets, a ring that empties and a pause button",
        keywords: [
            "timer", "timers", "countdown", "tea timer", "egg timer", "kitchen timer", "count down", "brew*", "steep*",
            "tea",
            "coffee timer",
        ],
        grounds: [.deep, .dark, .tint, .paper],
        values: { words in ["PRESETS": TimerPresets.literal(for: words)] },
        source: #"""
            import { useEffect, useState } from "react";

            const TITLE = __TITLE__;
            const PRESETS = __PRESETS__;

            function clock(seconds: number) {
              const whole = Math.ceil(seconds);
              return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
            }

            export default function App() {
              const [chosen, setChosen] = useState(0);
              const [left, setLeft] = useState(PRESETS[0].seconds);
              const [endsAt, setEndsAt] = useState<number | null>(null);
              const [finished, setFinished] = useState(0);
              const total = PRESETS[chosen].seconds;
              const running = endsAt !== null;
              const round = 2 * Math.PI * 88;

              useEffect(() => {
                if (endsAt === null) return;
                const tick = setInterval(() => {
                  const rest = Math.max(0, (endsAt - Date.now()) / 1000);
                  setLeft(rest);
                  if (rest === 0) {
                    setEndsAt(null);
                    setFinished((count) => count + 1);
                  }
                }, 100);
                return () => clearInterval(tick);
              }, [endsAt]);

              function choose(index: number) {
                setChosen(index);
                setLeft(PRESETS[index].seconds);
                setEndsAt(null);
              }

              function toggle() {
                const from = left === 0 ? total : left;
                setLeft(from);
                setEndsAt(running ? null : Date.now() + from * 1000);
              }

              function reset() {
                choose(chosen);
                setFinished(0);
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-16 ${theme.page}`}>
                  <div className={`mx-auto max-w-4xl ${theme.scale}`}>
                    <header>
                      <h1 className={`text-4xl sm:text-5xl ${theme.display}`}>{TITLE}</h1>
                      <p className={`mt-2 ${theme.quiet}`}>Pick a time, press start, do something else.</p>
                    </header>

                    <div className="mt-10 grid items-center gap-10 md:grid-cols-2">
                      <div className="text-center">
                        <svg viewBox="0 0 200 200" className="mx-auto w-full max-w-80" role="img" aria-label={`${clock(left)} left`}>
                          <circle cx="100" cy="100" r="88" fill="none" stroke="currentColor" strokeWidth="9" className={theme.faint} />
                          <circle
                            cx="100"
                            cy="100"
                            r="88"
                            fill="none"
                            stroke="currentColor"
                            strokeWidth="9"
                            strokeLinecap="round"
                            strokeDasharray={round}
                            strokeDashoffset={round * (1 - left / total)}
                            transform="rotate(-90 100 100)"
                            className={theme.accentText}
                          />
                          <text x="100" y="88" textAnchor="middle" fontSize="11" fill="currentColor" opacity="0.8">
                            {left === 0 ? "Ready" : PRESETS[chosen].name}
                          </text>
                          <text x="100" y="127" textAnchor="middle" fontSize="42" fontWeight="800" fill="currentColor">
                            {clock(left)}
                          </text>
                        </svg>
                        <div className="mt-6 flex justify-center gap-3">
                          <button onClick={toggle} className={`h-12 min-w-32 px-6 font-semibold ${theme.corner} ${theme.accent}`}>
                            {running ? "Pause" : left === 0 ? "Again" : "Start"}
                          </button>
                          <button onClick={() => choose(chosen)} className={`h-12 px-5 ${theme.corner} ${theme.button}`}>
                            Rewind
                          </button>
                        </div>
                        <p className={`mt-4 text-sm ${theme.quiet}`} aria-live="polite">
                          {finished === 0 ? "Nothing finished yet" : `${finished} finished`}
                        </p>
                      </div>

                      <ul className={`p-2 ${theme.corner} ${theme.card}`}>
                        {PRESETS.map((preset, index) => (
                          <li key={preset.name}>
                            <button
                              onClick={() => choose(index)}
                              aria-pressed={index === chosen}
                              className={`flex w-full items-baseline justify-between px-4 py-3.5 text-left ${theme.corner} ${
                                index === chosen ? theme.accentSoft : ""
                              }`}
                            >
                              <span className="font-medium">{preset.name}</span>
                              <span className="font-mono tabular-nums">{clock(preset.seconds)}</span>
                            </button>
                          </li>
                        ))}
                      </ul>
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

/// The timer's presets for a wish.
enum TimerPresets {
    /// A TypeScript array of name and seconds; a duration that the wish names comes first.
    static func literal(for words: Words) -> String {
        var presets: [(String, Int)]
        if words.containsAny(["tea", "teas", "brew*", "steep*"]) {
            presets = [("Sencha", 90), ("Darjeeling", 180), ("Assam", 240), ("Oolong", 270), ("Rooibos", 420)]
        } else if words.containsAny(["egg", "eggs", "kitchen", "cook*", "pasta"]) {
            presets = [("Soft egg", 300), ("Hard egg", 540), ("Pasta", 600), ("Rice", 900), ("Bread", 2400)]
        } else if words.containsAny(["workout", "gym", "exercise", "plank", "stretch", "fitness"]) {
            presets = [("Plank", 60), ("Stretch", 120), ("Intervals", 240), ("Skipping", 600), ("Run", 1500)]
        } else {
            presets = [
                ("One minute", 60), ("Three minutes", 180), ("Five minutes", 300), ("A quarter", 900),
                ("Half an hour", 1800),
            ]
        }
        if let asked = words.duration {
            presets.removeLast()
            presets.insert(("Yours", asked), at: 0)
        }
        return "[\n"
            + presets.map { "  { name: \(Literal.string($0.0)), seconds: \($0.1) },\n" }.joined() + "]"
    }
}
