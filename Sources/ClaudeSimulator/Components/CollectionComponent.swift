extension Archetype {
    /// A collection of anything, for wishes that name nothing rehearsed.
    static let collection = Archetype(
        name: "collection",
        noun: "a small collection",
        detail: "entries to add, search, rate and sort",
        keywords: [
            "collection", "library", "catalogue", "catalog", "wishlist", "wish list", "books", "movies", "films",
            "records", "inventory", "list", "bookmarks", "contacts", "gallery",
        ],
        grounds: [.paper, .tint, .deep],
        source: #"""
            import { useMemo, useState, type FormEvent } from "react";

            const TITLE = __TITLE__;
            const START = [
              { id: 1, name: "The one that started it", note: "Found by chance, kept ever since.", stars: 5 },
              { id: 2, name: "A quiet favourite", note: "Nobody else seems to know it.", stars: 4 },
              { id: 3, name: "Better than expected", note: "Lent by a friend, due back in May.", stars: 3 },
              { id: 4, name: "Worth another look", note: "Did not get it the first time.", stars: 2 },
            ];

            export default function App() {
              const [entries, setEntries] = useState(START);
              const [search, setSearch] = useState("");
              const [name, setName] = useState("");
              const [byStars, setByStars] = useState(false);
              const shown = useMemo(() => {
                const found = entries.filter((e) => `${e.name} ${e.note}`.toLowerCase().includes(search.toLowerCase()));
                return byStars ? [...found].sort((a, b) => b.stars - a.stars) : found;
              }, [entries, search, byStars]);

              function add(event: FormEvent) {
                event.preventDefault();
                if (name.trim() === "") return;
                setEntries([{ id: Date.now(), name: name.trim(), note: "Added just now.", stars: 0 }, ...entries]);
                setName("");
              }

              function rate(id: number, stars: number) {
                setEntries(entries.map((entry) => (entry.id === id ? { ...entry, stars } : entry)));
              }

              function reset() {
                setEntries(START);
                setSearch("");
                setName("");
                setByStars(false);
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-8 sm:py-16 ${theme.page}`}>
                  <div className={`mx-auto max-w-5xl ${theme.scale}`}>
                    <header>
                      <h1 className={`text-4xl sm:text-5xl ${theme.display}`}>{TITLE}</h1>
                      <p className={`mt-2 ${theme.quiet}`} aria-live="polite">
                        {shown.length} of {entries.length} shown
                      </p>
                    </header>

                    <div className="mt-8 flex flex-wrap gap-3">
                      <form onSubmit={add} className="flex min-w-64 flex-1 gap-3">
                        <input
                          value={name}
                          onChange={(event) => setName(event.target.value)}
                          aria-label="New entry"
                          placeholder="Add something"
                          className={`h-12 min-w-0 flex-1 px-4 ${theme.corner} ${theme.field}`}
                        />
                        <button className={`h-12 px-6 font-semibold ${theme.corner} ${theme.accent}`}>Add</button>
                      </form>
                      <input
                        type="search"
                        value={search}
                        onChange={(event) => setSearch(event.target.value)}
                        aria-label="Search"
                        placeholder="Search"
                        className={`h-12 min-w-40 flex-1 px-4 sm:max-w-52 ${theme.corner} ${theme.field}`}
                      />
                      <button
                        onClick={() => setByStars(!byStars)}
                        aria-pressed={byStars}
                        className={`h-12 px-5 ${theme.corner} ${byStars ? theme.accentSoft : theme.button}`}
                      >
                        Best first
                      </button>
                    </div>

                    <ul className="mt-6 grid gap-4 sm:grid-cols-2">
                      {shown.map((entry) => (
                        <li key={entry.id} className={`flex flex-col p-6 ${theme.corner} ${theme.card}`}>
                          <div className="flex items-start justify-between gap-3">
                            <h2 className="text-xl font-semibold">{entry.name}</h2>
                            <button
                              onClick={() => setEntries(entries.filter((other) => other.id !== entry.id))}
                              aria-label={`Remove ${entry.name}`}
                              className={`text-xl leading-none ${theme.quiet}`}
                            >
                              ×
                            </button>
                          </div>
                          <p className={`mt-1 ${theme.quiet}`}>{entry.note}</p>
                          <div role="group" aria-label={`Stars for ${entry.name}`} className="mt-5 flex gap-1.5">
                            {[1, 2, 3, 4, 5].map((star) => (
                              <button
                                key={star}
                                onClick={() => rate(entry.id, star === entry.stars ? 0 : star)}
                                aria-label={`${star} of 5`}
                                aria-pressed={star <= entry.stars}
                                className={`size-5 ${theme.pill} ${star <= entry.stars ? theme.accent : theme.soft}`}
                              />
                            ))}
                          </div>
                        </li>
                      ))}
                    </ul>
                    {shown.length === 0 && <p className={`mt-8 text-center ${theme.quiet}`}>Nothing matches “{search}”.</p>}

                    {/* More sections go here */}
                  </div>
                </main>
              );
            }

            __THEME__
            """#
    )
}
