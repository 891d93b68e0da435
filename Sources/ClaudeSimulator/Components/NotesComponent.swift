extension Archetype {
    /// A pad that understands a little Markdown.
    static let notes = Archetype(
        name: "notes",
        noun: "a note pad",
        detail: "several notes, a little Markdown and a live preview",
        keywords: [
            "note*", "notepad", "note pad", "markdown*", "editor", "journal*", "diary", "writing", "scratchpad", "blog",
        ],
        grounds: [.paper, .tint, .dark],
        source: #"""
            import { useState, type ReactNode } from "react";

            const TITLE = __TITLE__;
            const START = [
              "# Ideas for the allotment\n\nTry **beans** along the fence again.\n\n- lovage by the water butt\n- two rows of leeks\n- *no* courgettes this year",
              "# Letter to Ines\n\nAsk about the boat. Say that the photographs came out, **all of them**.",
            ];

            function inline(text: string): ReactNode[] {
              return text.split(/(\*\*[^*]+\*\*|\*[^*]+\*|`[^`]+`)/).map((part, index) => {
                if (part.startsWith("**") && part.length > 4) return <strong key={index}>{part.slice(2, -2)}</strong>;
                if (part.startsWith("*") && part.length > 2) return <em key={index}>{part.slice(1, -1)}</em>;
                if (part.startsWith("`") && part.length > 2) return <code key={index}>{part.slice(1, -1)}</code>;
                return part;
              });
            }

            function heading(note: string) {
              return note.split("\n")[0].replace(/^#+\s*/, "") || "Empty note";
            }

            export default function App() {
              const [notes, setNotes] = useState(START);
              const [chosen, setChosen] = useState(0);
              const note = notes[chosen] ?? "";
              const words = note.split(/\s+/).filter((word) => /\w/.test(word)).length;

              function write(text: string) {
                setNotes(notes.map((other, index) => (index === chosen ? text : other)));
              }

              function add() {
                setNotes([...notes, ""]);
                setChosen(notes.length);
              }

              function remove() {
                const rest = notes.filter((_, index) => index !== chosen);
                setNotes(rest.length > 0 ? rest : [""]);
                setChosen(Math.max(0, chosen - 1));
              }

              function reset() {
                setNotes(START);
                setChosen(0);
              }

              return (
                <main className={`min-h-screen px-5 py-8 sm:px-8 sm:py-12 ${theme.page}`}>
                  <div className={`mx-auto max-w-6xl ${theme.scale}`}>
                    <header className="flex flex-wrap items-center justify-between gap-4">
                      <h1 className={`text-3xl sm:text-4xl ${theme.display}`}>{TITLE}</h1>
                      <button onClick={add} className={`h-11 px-5 font-semibold ${theme.corner} ${theme.accent}`}>
                        New note
                      </button>
                    </header>

                    <div className="mt-8 grid gap-5 lg:grid-cols-[13rem_1fr_1fr]">
                      <ul aria-label="Notes" className="space-y-1.5">
                        {notes.map((text, index) => (
                          <li key={index}>
                            <button
                              onClick={() => setChosen(index)}
                              aria-pressed={index === chosen}
                              className={`w-full truncate px-4 py-3 text-left ${theme.corner} ${index === chosen ? theme.accentSoft : ""}`}
                            >
                              {heading(text)}
                            </button>
                          </li>
                        ))}
                      </ul>

                      <div>
                        <textarea
                          value={note}
                          onChange={(event) => write(event.target.value)}
                          aria-label="Text of the note"
                          placeholder="# A heading, then whatever comes"
                          className={`h-96 w-full resize-none p-5 font-mono text-sm leading-relaxed ${theme.corner} ${theme.field}`}
                        />
                        <p className={`mt-2 flex justify-between text-sm ${theme.quiet}`}>
                          <span aria-live="polite">{words} words</span>
                          <button onClick={remove} className="underline underline-offset-4">
                            Throw away
                          </button>
                        </p>
                      </div>

                      <article aria-label="Preview" className={`h-96 overflow-auto p-6 ${theme.corner} ${theme.card}`}>
                        {note.split("\n").map((line, index) => {
                          if (line.startsWith("#")) {
                            return (
                              <h2 key={index} className={`mb-3 text-2xl ${theme.display}`}>
                                {inline(line.replace(/^#+\s*/, ""))}
                              </h2>
                            );
                          }
                          if (/^[-*] /.test(line)) {
                            return (
                              <p key={index} className="flex gap-2.5 py-0.5">
                                <span className={theme.accentText}>•</span>
                                <span>{inline(line.slice(2))}</span>
                              </p>
                            );
                          }
                          return (
                            <p key={index} className="min-h-3 leading-relaxed">
                              {inline(line)}
                            </p>
                          );
                        })}
                      </article>
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
