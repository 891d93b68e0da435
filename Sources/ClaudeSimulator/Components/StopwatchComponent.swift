extension Archetype {
    /// Measures time with laps.
    static let stopwatch = Archetype(
        name: "stopwatch",
        noun: "a stopwatch",
        detail: "laps, and the fastest and slowest of them marked",
        keywords: ["stopwatch", "stop watch", "lap timer", "lap*"],
        grounds: [.dark, .paper, .vivid],
        source: #"""
            import { useEffect, useState } from "react";

            const TITLE = __TITLE__;

            function clock(ms: number) {
              const tenths = Math.floor(ms / 100);
              const minutes = String(Math.floor(tenths / 600)).padStart(2, "0");
              return `${minutes}:${String(Math.floor(tenths / 10) % 60).padStart(2, "0")}.${tenths % 10}`;
            }

            export default function App() {
              const [elapsed, setElapsed] = useState(0);
              const [startedAt, setStartedAt] = useState<number | null>(null);
              const [laps, setLaps] = useState<number[]>([]);
              const running = startedAt !== null;
              const splits = laps.map((at, index) => at - (laps[index - 1] ?? 0));
              const fastest = Math.min(...splits);
              const slowest = Math.max(...splits);

              useEffect(() => {
                if (startedAt === null) return;
                const tick = setInterval(() => setElapsed(Date.now() - startedAt), 50);
                return () => clearInterval(tick);
              }, [startedAt]);

              function toggle() {
                setStartedAt(running ? null : Date.now() - elapsed);
              }

              function reset() {
                setStartedAt(null);
                setElapsed(0);
                setLaps([]);
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-16 ${theme.page}`}>
                  <div className={`mx-auto max-w-2xl ${theme.scale}`}>
                    <header>
                      <h1 className={`text-3xl sm:text-4xl ${theme.display}`}>{TITLE}</h1>
                    </header>

                    <p
                      role="timer"
                      aria-label="Elapsed time"
                      className={`mt-10 font-mono text-6xl font-bold tabular-nums tracking-tighter sm:text-8xl ${theme.accentText}`}
                    >
                      {clock(elapsed)}
                    </p>

                    <div className="mt-8 grid grid-cols-3 gap-3">
                      <button onClick={toggle} className={`h-14 text-lg font-semibold ${theme.corner} ${theme.accent}`}>
                        {running ? "Stop" : "Start"}
                      </button>
                      <button
                        onClick={() => setLaps([...laps, elapsed])}
                        disabled={!running}
                        className={`h-14 disabled:opacity-50 ${theme.corner} ${theme.button}`}
                      >
                        Lap
                      </button>
                      <button onClick={reset} disabled={elapsed === 0} className={`h-14 disabled:opacity-50 ${theme.corner} ${theme.button}`}>
                        Clear
                      </button>
                    </div>

                    <section aria-label="Laps" className={`mt-10 border-t ${theme.line}`}>
                      {laps.length === 0 && <p className={`py-6 ${theme.quiet}`}>Laps appear here, the newest on top.</p>}
                      <ol>
                        {splits
                          .map((split, index) => (
                            <li key={index} className={`flex items-baseline gap-4 border-b py-3.5 ${theme.line}`}>
                              <span className={`w-16 ${theme.quiet}`}>Lap {index + 1}</span>
                              <span className="font-mono text-lg tabular-nums">{clock(split)}</span>
                              {splits.length > 1 && split === fastest && (
                                <span className={`px-2 py-0.5 text-sm ${theme.pill} ${theme.accentSoft}`}>fastest</span>
                              )}
                              {splits.length > 1 && split === slowest && <span className={`text-sm ${theme.quiet}`}>slowest</span>}
                              <span className={`ml-auto font-mono tabular-nums ${theme.quiet}`}>{clock(laps[index])}</span>
                            </li>
                          ))
                          .reverse()}
                      </ol>
                    </section>

                    {/* More sections go here */}
                  </div>
                </main>
              );
            }

            __THEME__
            """#
    )
}
