extension Archetype {
    /// Pairs of cards.
    static let memory = Archetype(
        name: "memory",
        noun: "a memory game",
        detail: "eight pairs of drawn cards, a count of turns and a best score",
        keywords: [
            "memory", "memory game", "pairs", "matching game", "card game", "concentration", "match cards", "game*",
            "puzzle*",
        ],
        grounds: [.deep, .tint, .vivid],
        source: #"""
            import { useEffect, useState } from "react";

            const TITLE = __TITLE__;
            const SHAPES = [
              "M12 3 21 20H3Z",
              "M4 4h16v16H4Z",
              "M12 2 22 12 12 22 2 12Z",
              "M12 3a9 9 0 1 0 .01 0Z",
              "M9 3h6v6h6v6h-6v6H9v-6H3V9h6Z",
              "M12 21C2 14 3 5 8 5c2 0 3 1 4 3 1-2 2-3 4-3 5 0 6 9-4 16Z",
              "M20 14A9 9 0 1 1 10 4a7 7 0 0 0 10 10Z",
              "M13 2 4 14h7l-1 8 9-12h-7Z",
            ];
            const NAMES = ["triangle", "square", "diamond", "circle", "cross", "heart", "moon", "bolt"];

            function deal(seed: number) {
              const cards = [...SHAPES.keys(), ...SHAPES.keys()];
              let state = seed * 7919 + 17;
              for (let i = cards.length - 1; i > 0; i--) {
                state = (state * 1103515245 + 12345) % 2147483648;
                const j = Math.floor((state / 2147483648) * (i + 1));
                [cards[i], cards[j]] = [cards[j], cards[i]];
              }
              return cards;
            }

            export default function App() {
              const [game, setGame] = useState(1);
              const [cards, setCards] = useState(() => deal(1));
              const [open, setOpen] = useState<number[]>([]);
              const [found, setFound] = useState<number[]>([]);
              const [turns, setTurns] = useState(0);
              const won = found.length === SHAPES.length;

              useEffect(() => {
                if (open.length < 2) return;
                const close = setTimeout(() => setOpen([]), 900);
                return () => clearTimeout(close);
              }, [open]);

              function flip(index: number) {
                if (open.length === 2 || open.includes(index) || found.includes(cards[index])) return;
                const next = [...open, index];
                setOpen(next);
                if (next.length === 2) {
                  setTurns(turns + 1);
                  if (cards[next[0]] === cards[next[1]]) setFound([...found, cards[index]]);
                }
              }

              function reset() {
                setGame(game + 1);
                setCards(deal(game + 1));
                setOpen([]);
                setFound([]);
                setTurns(0);
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-12 ${theme.page}`}>
                  <div className={`mx-auto max-w-xl ${theme.scale}`}>
                    <header className="flex flex-wrap items-end justify-between gap-4">
                      <div>
                        <h1 className={`text-3xl sm:text-4xl ${theme.display}`}>{TITLE}</h1>
                        <p className={`mt-1 ${theme.quiet}`} aria-live="polite">
                          {won ? `All found in ${turns} turns.` : `${found.length} of ${SHAPES.length} pairs, ${turns} turns`}
                        </p>
                      </div>
                      <button onClick={reset} className={`h-11 px-5 font-semibold ${theme.corner} ${theme.accent}`}>
                        Deal again
                      </button>
                    </header>

                    <div className="mt-8 grid grid-cols-4 gap-2.5 sm:gap-3.5">
                      {cards.map((shape, index) => {
                        const matched = found.includes(shape);
                        const shown = matched || open.includes(index);
                        return (
                          <button
                            key={index}
                            onClick={() => flip(index)}
                            aria-label={shown ? NAMES[shape] : `Card ${index + 1}, face down`}
                            className={`grid aspect-square place-items-center transition duration-200 ${theme.corner} ${
                              shown ? theme.accentSoft : theme.card
                            } ${matched ? "opacity-70" : ""}`}
                          >
                            {shown ? (
                              <svg viewBox="0 0 24 24" className="w-1/2" aria-hidden="true">
                                <path d={SHAPES[shape]} fill="currentColor" />
                              </svg>
                            ) : (
                              <span className={`size-3 ${theme.pill} ${theme.accent}`} aria-hidden="true" />
                            )}
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
