extension Archetype {
    /// Three in a row.
    static let ticTacToe = Archetype(
        name: "tic-tac-toe",
        noun: "a game of tic-tac-toe",
        detail: "two players on one screen, a tally and undo",
        keywords: [
            "tic tac toe", "tictactoe", "tic tac", "noughts and crosses", "three in a row", "two player game",
            "board game",
        ],
        grounds: [.paper, .vivid, .dark, .tint],
        source: #"""
            import { useState } from "react";

            const TITLE = __TITLE__;
            const LINES = [
              [0, 1, 2],
              [3, 4, 5],
              [6, 7, 8],
              [0, 3, 6],
              [1, 4, 7],
              [2, 5, 8],
              [0, 4, 8],
              [2, 4, 6],
            ];

            function winningLine(moves: number[], who: number) {
              const own = moves.filter((_, turn) => turn % 2 === who);
              return LINES.find((line) => line.every((cell) => own.includes(cell)));
            }

            export default function App() {
              const [moves, setMoves] = useState<number[]>([]);
              const [tally, setTally] = useState([0, 0, 0]);
              const line = winningLine(moves, 0) ?? winningLine(moves, 1);
              const over = line !== undefined || moves.length === 9;
              const player = moves.length % 2;

              function play(cell: number) {
                if (over || moves.includes(cell)) return;
                const next = [...moves, cell];
                setMoves(next);
                const winner = winningLine(next, player) ? player : next.length === 9 ? 2 : -1;
                if (winner !== -1) setTally(tally.map((count, index) => (index === winner ? count + 1 : count)));
              }

              function reset() {
                setMoves([]);
                setTally([0, 0, 0]);
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-14 ${theme.page}`}>
                  <div className={`mx-auto grid max-w-4xl gap-10 md:grid-cols-[1fr_26rem] ${theme.scale}`}>
                    <div className="flex flex-col">
                      <header>
                        <h1 className={`text-4xl sm:text-5xl ${theme.display}`}>{TITLE}</h1>
                        <p className="mt-4 text-xl" aria-live="polite">
                          {line ? `${"XO"[1 - player]} wins.` : over ? "A draw." : `${"XO"[player]} to play`}
                        </p>
                      </header>
                      <dl className={`mt-8 border-t ${theme.line}`}>
                        {["X", "O", "Draws"].map((name, index) => (
                          <div key={name} className={`flex justify-between border-b py-3 ${theme.line}`}>
                            <dt className={theme.quiet}>{name}</dt>
                            <dd className="font-semibold tabular-nums">{tally[index]}</dd>
                          </div>
                        ))}
                      </dl>
                      <div className="mt-8 flex gap-3">
                        <button onClick={() => setMoves([])} className={`h-12 px-6 font-semibold ${theme.corner} ${theme.accent}`}>
                          {over ? "Next round" : "Start over"}
                        </button>
                        <button
                          onClick={() => setMoves(moves.slice(0, -1))}
                          disabled={moves.length === 0 || over}
                          className={`h-12 px-5 disabled:opacity-50 ${theme.corner} ${theme.button}`}
                        >
                          Take back
                        </button>
                      </div>
                    </div>

                    <div className="grid grid-cols-3 gap-2.5">
                      {Array.from({ length: 9 }, (_, cell) => {
                        const turn = moves.indexOf(cell);
                        const mark = turn === -1 ? "" : "XO"[turn % 2];
                        return (
                          <button
                            key={cell}
                            onClick={() => play(cell)}
                            aria-label={`Row ${Math.floor(cell / 3) + 1}, column ${(cell % 3) + 1}: ${mark || "empty"}`}
                            className={`aspect-square text-6xl font-bold sm:text-7xl ${theme.corner} ${
                              line?.includes(cell) ? theme.accent : theme.card
                            } ${mark === "X" && !line?.includes(cell) ? theme.accentText : ""}`}
                          >
                            {mark}
                          </button>
                        );
                      })}
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
