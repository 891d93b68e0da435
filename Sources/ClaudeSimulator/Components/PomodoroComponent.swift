extension Archetype {
    /// Rounds of focus and rest.
    static let pomodoro = Archetype(
        name: "pomodoro",
        noun: "a focus timer",
        detail: "rounds of work and rest and a count of the rounds done",
        keywords: ["pomodoro*", "focus timer", "focus", "focus session*", "work session*", "deep work", "study timer"],
        grounds: [.vivid, .tint, .deep],
        values: { words in ["MINUTES": "\(max(1, min(120, (words.duration ?? 1500) / 60)))"] },
        source: #"""
            import { useEffect, useState } from "react";

            const TITLE = __TITLE__;
            const MINUTES = __MINUTES__;
            const PHASES = [
              { name: "Focus", seconds: MINUTES * 60, note: "One thing. Everything else can wait." },
              { name: "Short break", seconds: 5 * 60, note: "Stand up, look far away." },
              { name: "Long break", seconds: 15 * 60, note: "A walk, a tea, no screen." },
            ];

            export default function App() {
              const [phase, setPhase] = useState(0);
              const [left, setLeft] = useState(PHASES[0].seconds);
              const [running, setRunning] = useState(false);
              const [rounds, setRounds] = useState(0);
              const [task, setTask] = useState("");
              const done = 1 - left / PHASES[phase].seconds;

              useEffect(() => {
                if (!running) return;
                const tick = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1000);
                return () => clearInterval(tick);
              }, [running]);

              useEffect(() => {
                if (left > 0) return;
                const finished = phase === 0 ? rounds + 1 : rounds;
                const next = phase !== 0 ? 0 : finished % 4 === 0 ? 2 : 1;
                setRounds(finished);
                setPhase(next);
                setLeft(PHASES[next].seconds);
                setRunning(false);
              }, [left, phase, rounds]);

              function choose(index: number) {
                setPhase(index);
                setLeft(PHASES[index].seconds);
                setRunning(false);
              }

              function reset() {
                choose(0);
                setRounds(0);
                setTask("");
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-16 ${theme.page}`}>
                  <div className={`mx-auto max-w-2xl text-center ${theme.scale}`}>
                    <header>
                      <h1 className={`text-3xl sm:text-4xl ${theme.display}`}>{TITLE}</h1>
                      <p className={`mt-2 ${theme.quiet}`}>{PHASES[phase].note}</p>
                    </header>

                    <div role="group" aria-label="Phase" className={`mt-8 inline-flex p-1 ${theme.corner} ${theme.soft}`}>
                      {PHASES.map((item, index) => (
                        <button
                          key={item.name}
                          onClick={() => choose(index)}
                          aria-pressed={index === phase}
                          className={`px-3 py-2 text-sm font-medium sm:px-5 ${theme.corner} ${index === phase ? theme.accent : ""}`}
                        >
                          {item.name}
                        </button>
                      ))}
                    </div>

                    <p role="timer" className="mt-8 text-8xl font-extrabold tabular-nums tracking-tighter sm:text-9xl">
                      {Math.floor(left / 60)}:{String(left % 60).padStart(2, "0")}
                    </p>
                    <div className={`mx-auto mt-6 h-2 max-w-md overflow-hidden ${theme.pill} ${theme.soft}`}>
                      <div className={`h-full ${theme.accent}`} style={{ width: `${done * 100}%` }} />
                    </div>

                    <label className="mx-auto mt-8 block max-w-md text-left">
                      <span className={`text-sm ${theme.quiet}`}>Working on</span>
                      <input
                        value={task}
                        onChange={(event) => setTask(event.target.value)}
                        placeholder="The first chapter"
                        className={`mt-1 h-12 w-full px-4 ${theme.corner} ${theme.field}`}
                      />
                    </label>

                    <div className="mt-6 flex justify-center gap-3">
                      <button
                        onClick={() => setRunning(!running)}
                        className={`h-12 min-w-36 px-6 font-semibold ${theme.corner} ${theme.accent}`}
                      >
                        {running ? "Pause" : "Start"}
                      </button>
                      <button onClick={() => setLeft(0)} className={`h-12 px-5 ${theme.corner} ${theme.button}`}>
                        Skip
                      </button>
                    </div>

                    <div className="mt-8 flex items-center justify-center gap-2" aria-label={`${rounds} rounds done`} role="img">
                      {[0, 1, 2, 3].map((dot) => (
                        <span key={dot} className={`size-3 ${theme.pill} ${dot < rounds % 4 ? theme.accent : theme.soft}`} />
                      ))}
                      <span className={`ml-2 text-sm ${theme.quiet}`}>{rounds} rounds today</span>
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
