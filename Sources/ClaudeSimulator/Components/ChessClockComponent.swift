extension Archetype {
    /// Two clocks, one running.
    static let chessClock = Archetype(
        name: "chess-clock",
        noun: "a chess clock",
        detail: "two halves to tap, an increment and a count of moves",
        keywords: ["chess clock", "chess", "game clock", "two player clock", "blitz"],
        grounds: [.paper, .dark, .tint],
        values: { words in ["MINUTES": "\(max(1, min(180, (words.duration ?? 300) / 60)))"] },
        source: #"""
            import { useEffect, useState } from "react";

            const TITLE = __TITLE__;
            const MINUTES = __MINUTES__;
            const INCREMENT = 3;
            const SIDES = ["White", "Black"];

            function clock(ms: number) {
              const seconds = Math.ceil(ms / 1000);
              if (ms > 0 && ms < 10000) return (ms / 1000).toFixed(1);
              return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
            }

            export default function App() {
              const [left, setLeft] = useState([MINUTES * 60000, MINUTES * 60000]);
              const [moves, setMoves] = useState([0, 0]);
              const [turn, setTurn] = useState<number | null>(null);
              const [paused, setPaused] = useState(false);
              const fallen = left.indexOf(0);
              const running = turn !== null && !paused && fallen === -1;

              useEffect(() => {
                if (!running) return;
                let before = Date.now();
                const tick = setInterval(() => {
                  const now = Date.now();
                  const passed = now - before;
                  before = now;
                  setLeft((times) => times.map((time, side) => (side === turn ? Math.max(0, time - passed) : time)));
                }, 100);
                return () => clearInterval(tick);
              }, [running, turn]);

              function press(side: number) {
                if (fallen !== -1 || paused || (turn !== null && turn !== side)) return;
                if (turn !== null) {
                  setLeft(left.map((time, i) => (i === side ? time + INCREMENT * 1000 : time)));
                  setMoves(moves.map((count, i) => (i === side ? count + 1 : count)));
                }
                setTurn(1 - side);
              }

              function reset() {
                setLeft([MINUTES * 60000, MINUTES * 60000]);
                setMoves([0, 0]);
                setTurn(null);
                setPaused(false);
              }

              return (
                <main className={`min-h-screen px-5 py-8 sm:px-8 sm:py-10 ${theme.page}`}>
                  <div className={`mx-auto max-w-5xl ${theme.scale}`}>
                    <header className="flex flex-wrap items-center justify-between gap-4">
                      <h1 className={`text-2xl sm:text-3xl ${theme.display}`}>{TITLE}</h1>
                      <div className="flex gap-2">
                        <button
                          onClick={() => setPaused(!paused)}
                          disabled={turn === null || fallen !== -1}
                          className={`h-11 px-5 disabled:opacity-50 ${theme.corner} ${theme.button}`}
                        >
                          {paused ? "Go on" : "Pause"}
                        </button>
                        <button onClick={reset} className={`h-11 px-5 ${theme.corner} ${theme.button}`}>
                          New game
                        </button>
                      </div>
                    </header>

                    <div className={`mt-6 grid overflow-hidden sm:grid-cols-2 ${theme.corner}`}>
                      {SIDES.map((name, side) => (
                        <button
                          key={name}
                          onClick={() => press(side)}
                          aria-label={`${name} has moved, ${clock(left[side])} left`}
                          className={`flex h-64 flex-col items-center justify-center gap-3 sm:h-112 ${
                            side === 0 ? "bg-stone-200 text-stone-950" : "bg-stone-950 text-stone-100"
                          } ${turn !== null && turn !== side ? "opacity-60" : ""}`}
                        >
                          <span className="text-7xl font-extrabold tabular-nums tracking-tighter sm:text-8xl">{clock(left[side])}</span>
                          <span className="text-lg">
                            {name} · {moves[side]} moves
                          </span>
                          <span
                            className={`px-3 py-1 text-sm font-medium ${theme.pill} ${
                              fallen === side || turn === side ? theme.accent : "invisible"
                            }`}
                          >
                            {fallen === side ? "out of time" : paused ? "paused" : "thinking"}
                          </span>
                        </button>
                      ))}
                    </div>
                    <p className={`mt-4 text-center ${theme.quiet}`} aria-live="polite">
                      {turn === null
                        ? "Black taps to start White’s clock. Each move adds three seconds."
                        : fallen !== -1
                          ? `${SIDES[1 - fallen]} wins on time.`
                          : `${SIDES[turn]} to move.`}
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
