extension Archetype {
    /// Cards in three columns.
    static let kanban = Archetype(
        name: "kanban",
        noun: "a board",
        detail: "three columns and cards that move by button or by dragging",
        keywords: ["kanban*", "board", "trello*", "sprint*", "project board", "task board", "backlog", "roadmap"],
        grounds: [.tint, .paper, .dark],
        source: #"""
            import { useState, type FormEvent } from "react";

            const TITLE = __TITLE__;
            const COLUMNS = ["Next", "Doing", "Done"];
            const START = [
              { id: 1, text: "Sketch the first screen", column: 0 },
              { id: 2, text: "Ask three people what they miss", column: 0 },
              { id: 3, text: "Write the opening paragraph", column: 1 },
              { id: 4, text: "Choose two typefaces", column: 1 },
              { id: 5, text: "Name the thing", column: 2 },
            ];

            export default function App() {
              const [cards, setCards] = useState(START);
              const [text, setText] = useState("");
              const [dragged, setDragged] = useState<number | null>(null);

              function move(id: number, column: number) {
                if (column < 0 || column >= COLUMNS.length) return;
                setCards(cards.map((card) => (card.id === id ? { ...card, column } : card)));
              }

              function add(event: FormEvent) {
                event.preventDefault();
                if (text.trim() === "") return;
                setCards([...cards, { id: Math.max(0, ...cards.map((card) => card.id)) + 1, text: text.trim(), column: 0 }]);
                setText("");
              }

              function reset() {
                setCards(START);
                setText("");
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-14 ${theme.page}`}>
                  <div className={`mx-auto max-w-6xl ${theme.scale}`}>
                    <header className="flex flex-wrap items-end justify-between gap-6">
                      <div>
                        <h1 className={`text-4xl ${theme.display}`}>{TITLE}</h1>
                        <p className={`mt-2 ${theme.quiet}`}>
                          {cards.filter((card) => card.column === 2).length} of {cards.length} done
                        </p>
                      </div>
                      <form onSubmit={add} className="flex w-full gap-2 sm:w-auto">
                        <input
                          value={text}
                          onChange={(event) => setText(event.target.value)}
                          aria-label="New card"
                          placeholder="New card"
                          className={`h-11 min-w-0 flex-1 px-4 sm:w-64 ${theme.corner} ${theme.field}`}
                        />
                        <button className={`h-11 px-5 font-semibold ${theme.corner} ${theme.accent}`}>Add</button>
                      </form>
                    </header>

                    <div className="mt-8 grid items-start gap-4 md:grid-cols-3">
                      {COLUMNS.map((name, column) => (
                        <section
                          key={name}
                          aria-label={name}
                          onDragOver={(event) => event.preventDefault()}
                          onDrop={() => dragged !== null && move(dragged, column)}
                          className={`min-h-48 p-3 ${theme.corner} ${theme.soft}`}
                        >
                          <h2 className="flex items-baseline justify-between px-2 pb-3 pt-1 font-semibold">
                            {name}
                            <span className={`text-sm font-normal ${theme.quiet}`}>
                              {cards.filter((card) => card.column === column).length}
                            </span>
                          </h2>
                          <ul className="space-y-2.5">
                            {cards
                              .filter((card) => card.column === column)
                              .map((card) => (
                                <li
                                  key={card.id}
                                  draggable
                                  onDragStart={() => setDragged(card.id)}
                                  className={`cursor-grab p-4 ${theme.corner} ${theme.card}`}
                                >
                                  <p className={column === 2 ? `line-through ${theme.quiet}` : ""}>{card.text}</p>
                                  <div className="mt-3 flex gap-2 text-sm">
                                    {column > 0 && (
                                      <button
                                        onClick={() => move(card.id, column - 1)}
                                        aria-label={`Move ${card.text} back to ${COLUMNS[column - 1]}`}
                                        className={`px-2.5 py-1 ${theme.pill} ${theme.button}`}
                                      >
                                        ←
                                      </button>
                                    )}
                                    {column < 2 && (
                                      <button
                                        onClick={() => move(card.id, column + 1)}
                                        aria-label={`Move ${card.text} on to ${COLUMNS[column + 1]}`}
                                        className={`px-2.5 py-1 ${theme.pill} ${theme.accentSoft}`}
                                      >
                                        {COLUMNS[column + 1]} →
                                      </button>
                                    )}
                                  </div>
                                </li>
                              ))}
                          </ul>
                        </section>
                      ))}
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
