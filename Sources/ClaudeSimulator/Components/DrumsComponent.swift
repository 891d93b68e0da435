extension Archetype {
    /// A step sequencer.
    static let drums = Archetype(
        name: "drums",
        noun: "a drum machine",
        detail: "sixteen steps, five voices and a tempo",
        keywords: [
            "drum*", "drum machine", "sequencer", "beat*", "beat maker", "music*", "synth*", "loop", "rhythm",
            "metronome", "808", "piano",
            "sound*",
        ],
        grounds: [.dark, .deep, .dark],
        source: #"""
            import { useEffect, useRef, useState } from "react";

            const TITLE = __TITLE__;
            const STEPS = 16;
            const VOICES = [
              { name: "Kick", hertz: 58, length: 0.22, steps: [0, 4, 8, 11, 12] },
              { name: "Snare", hertz: 190, length: 0.14, steps: [4, 12] },
              { name: "Hat", hertz: 3200, length: 0.04, steps: [0, 2, 4, 6, 8, 10, 12, 14, 15] },
              { name: "Bass", hertz: 98, length: 0.3, steps: [0, 3, 7, 10] },
              { name: "Bell", hertz: 740, length: 0.5, steps: [6, 14] },
            ];

            function begin() {
              return VOICES.map((voice) => Array.from({ length: STEPS }, (_, step) => voice.steps.includes(step)));
            }

            export default function App() {
              const [grid, setGrid] = useState(begin);
              const [tempo, setTempo] = useState(104);
              const [playing, setPlaying] = useState(false);
              const [step, setStep] = useState(0);
              const audio = useRef<AudioContext | null>(null);

              function play(row: number) {
                const context = audio.current;
                if (!context) return;
                const tone = context.createOscillator();
                const gain = context.createGain();
                const { hertz, length } = VOICES[row];
                tone.type = row === 2 ? "square" : row === 3 ? "sawtooth" : "sine";
                tone.frequency.setValueAtTime(hertz * (row < 2 ? 2 : 1), context.currentTime);
                tone.frequency.exponentialRampToValueAtTime(hertz, context.currentTime + 0.05);
                gain.gain.setValueAtTime(row === 2 ? 0.05 : 0.25, context.currentTime);
                gain.gain.exponentialRampToValueAtTime(0.001, context.currentTime + length);
                tone.connect(gain).connect(context.destination);
                tone.start();
                tone.stop(context.currentTime + length);
              }

              useEffect(() => {
                if (!playing) return;
                grid.forEach((row, index) => row[step] && play(index));
                const next = setTimeout(() => setStep((step + 1) % STEPS), 15000 / tempo);
                return () => clearTimeout(next);
              }, [playing, step, tempo]);

              function toggle(row: number, column: number) {
                setGrid(grid.map((steps, i) => (i === row ? steps.map((on, j) => (j === column ? !on : on)) : steps)));
              }

              function start() {
                if (!audio.current && "AudioContext" in window) audio.current = new AudioContext();
                setPlaying(!playing);
              }

              function reset() {
                setGrid(begin());
                setTempo(104);
                setPlaying(false);
                setStep(0);
              }

              return (
                <main className={`min-h-screen px-4 py-10 sm:px-8 sm:py-14 ${theme.page}`}>
                  <div className={`mx-auto max-w-5xl ${theme.scale}`}>
                    <header className="flex flex-wrap items-center justify-between gap-5">
                      <h1 className={`text-3xl sm:text-4xl ${theme.display}`}>{TITLE}</h1>
                      <div className="flex flex-wrap items-center gap-4">
                        <label className="flex items-center gap-3 font-mono text-sm">
                          <input
                            type="range"
                            min="60"
                            max="180"
                            value={tempo}
                            onChange={(event) => setTempo(Number(event.target.value))}
                            aria-label="Tempo"
                            className={`w-32 accent-current ${theme.accentText}`}
                          />
                          {tempo} bpm
                        </label>
                        <button onClick={start} className={`h-11 min-w-24 px-5 font-semibold ${theme.corner} ${theme.accent}`}>
                          {playing ? "Stop" : "Play"}
                        </button>
                      </div>
                    </header>

                    <div className={`mt-8 space-y-2 p-3 sm:p-6 ${theme.corner} ${theme.card}`}>
                      {grid.map((row, voice) => (
                        <div key={VOICES[voice].name} className="items-center gap-3 sm:flex">
                          <span className={`mb-1 block w-14 font-mono text-xs sm:mb-0 ${theme.quiet}`}>{VOICES[voice].name}</span>
                          <div className="grid flex-1 grid-cols-16 gap-0.5 sm:gap-1.5">
                            {row.map((on, column) => (
                              <button
                                key={column}
                                onClick={() => toggle(voice, column)}
                                aria-pressed={on}
                                aria-label={`${VOICES[voice].name}, step ${column + 1}`}
                                className={`h-10 rounded-sm sm:h-12 ${on ? theme.accent : theme.soft} ${
                                  playing && column === step ? "ring-2 ring-current" : ""
                                } ${column % 4 === 0 ? "" : "opacity-85"}`}
                              />
                            ))}
                          </div>
                        </div>
                      ))}
                    </div>

                    <div className={`mt-4 flex flex-wrap items-center justify-between gap-3 text-sm ${theme.quiet}`}>
                      <p>
                        {grid.flat().filter(Boolean).length} hits a bar{playing ? `, step ${step + 1}` : ""}
                      </p>
                      <button
                        onClick={() => setGrid(grid.map((row) => row.map(() => false)))}
                        className={`px-4 py-2 ${theme.corner} ${theme.button}`}
                      >
                        Clear the grid
                      </button>
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
