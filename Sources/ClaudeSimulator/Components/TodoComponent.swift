extension Archetype {
    /// Tasks to tick off.
    static let todo = Archetype(
        name: "todo",
        noun: "a to-do list",
        detail: "adding, ticking off, filtering and clearing what is done",
        keywords: [
            "todo", "todos", "to do", "to dos", "todo list", "to do list", "task*", "task list", "checklist",
            "shopping list",
            "grocery*", "packing list", "errand*", "chore*",
        ],
        grounds: [.paper, .tint, .paper, .dark],
        values: { words in ["ITEMS": TodoItems.literal(for: words)] },
        source: #"""
            import { useState, type FormEvent } from "react";

            const TITLE = __TITLE__;
            const START = __ITEMS__;
            const FILTERS = ["All", "Open", "Done"];

            export default function App() {
              const [items, setItems] = useState(START.map((text, id) => ({ id, text, done: id === 1 })));
              const [text, setText] = useState("");
              const [filter, setFilter] = useState("All");
              const open = items.filter((item) => !item.done).length;
              const shown = items.filter((item) => filter === "All" || item.done === (filter === "Done"));

              function add(event: FormEvent) {
                event.preventDefault();
                if (text.trim() === "") return;
                const id = Math.max(-1, ...items.map((item) => item.id)) + 1;
                setItems([...items, { id, text: text.trim(), done: false }]);
                setText("");
              }

              function toggle(id: number) {
                setItems(items.map((item) => (item.id === id ? { ...item, done: !item.done } : item)));
              }

              function reset() {
                setItems(START.map((text, id) => ({ id, text, done: false })));
                setFilter("All");
                setText("");
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-16 ${theme.page}`}>
                  <div className={`mx-auto max-w-2xl ${theme.scale}`}>
                    <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
                      <h1 className={`text-4xl sm:text-5xl ${theme.display}`}>{TITLE}</h1>
                      <p className={theme.quiet} aria-live="polite">
                        {open === 0 ? "All done" : `${open} left`}
                      </p>
                    </header>

                    <form onSubmit={add} className="mt-8 flex gap-3">
                      <input
                        value={text}
                        onChange={(event) => setText(event.target.value)}
                        aria-label="New entry"
                        placeholder="What else?"
                        className={`h-12 min-w-0 flex-1 px-4 ${theme.corner} ${theme.field}`}
                      />
                      <button className={`h-12 px-6 font-semibold ${theme.corner} ${theme.accent}`}>Add</button>
                    </form>

                    <div role="group" aria-label="Show" className="mt-6 flex gap-2">
                      {FILTERS.map((name) => (
                        <button
                          key={name}
                          onClick={() => setFilter(name)}
                          aria-pressed={filter === name}
                          className={`px-4 py-1.5 text-sm font-medium ${theme.pill} ${filter === name ? theme.accentSoft : theme.button}`}
                        >
                          {name}
                        </button>
                      ))}
                    </div>

                    <ul className={`mt-4 overflow-hidden ${theme.corner} ${theme.card}`}>
                      {shown.map((item) => (
                        <li key={item.id} className={`flex items-center border-b last:border-b-0 ${theme.line}`}>
                          <label className="flex flex-1 cursor-pointer items-center gap-4 px-5 py-4">
                            <input
                              type="checkbox"
                              checked={item.done}
                              onChange={() => toggle(item.id)}
                              className={`size-5 accent-current ${theme.accentText}`}
                            />
                            <span className={item.done ? `line-through ${theme.quiet}` : ""}>{item.text}</span>
                          </label>
                          <button
                            onClick={() => setItems(items.filter((other) => other.id !== item.id))}
                            aria-label={`Remove ${item.text}`}
                            className={`px-5 py-4 text-xl leading-none ${theme.quiet}`}
                          >
                            ×
                          </button>
                        </li>
                      ))}
                      {shown.length === 0 && <li className={`px-5 py-8 text-center ${theme.quiet}`}>Nothing here.</li>}
                    </ul>

                    <button
                      onClick={() => setItems(items.filter((item) => !item.done))}
                      disabled={open === items.length}
                      className={`mt-4 text-sm underline underline-offset-4 disabled:opacity-50 ${theme.quiet}`}
                    >
                      Clear what is done
                    </button>

                    {/* More sections go here */}
                  </div>
                </main>
              );
            }

            __THEME__
            """#
    )
}

/// The list's first entries for a wish.
enum TodoItems {
    /// A TypeScript array of texts.
    static func literal(for words: Words) -> String {
        let items: [String]
        if words.containsAny(["shopping", "grocer*", "groceries", "market"]) {
            items = ["Bread from the corner bakery", "Lemons", "Oat milk", "Two tins of tomatoes"]
        } else if words.containsAny(["packing", "travel", "trip", "holiday", "camping"]) {
            items = ["Passport", "Chargers and adapters", "Rain jacket", "Something to read"]
        } else if words.containsAny(["chore*", "clean*", "house*", "flat"]) {
            items = ["Water the plants", "Take out the paper", "Change the sheets", "Fix the dripping tap"]
        } else {
            items = ["Reply to Hanna about Thursday", "Book the train", "Water the plants", "Read twenty pages"]
        }
        return "[\n" + items.map { "  \(Literal.string($0)),\n" }.joined() + "]"
    }
}
