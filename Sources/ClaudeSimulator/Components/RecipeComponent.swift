extension Archetype {
    /// A recipe that scales with the guests.
    static let recipe = Archetype(
        name: "recipe",
        noun: "a recipe page",
        detail: "amounts that follow the number of guests and steps to tick off",
        keywords: [
            "recipe*", "cooking", "cook book", "ragu", "ragù", "ingredients", "meal", "soup", "pancake*", "cookies",
            "curry", "cake",
        ],
        grounds: [.tint, .paper, .tint, .deep],
        values: { words in RecipeTexts.values(for: words) },
        source: #"""
            import { useState } from "react";

            const TITLE = __TITLE__;
            const SERVES = __SERVES__;
            const INTRO = __INTRO__;
            const INGREDIENTS = __INGREDIENTS__;
            const STEPS = __STEPS__;

            function amount(value: number) {
              if (value >= 20) return String(Math.round(value / 5) * 5);
              const whole = Math.floor(value);
              const part = ["", "¼", "½", "¾", ""][Math.round((value - whole) * 4)];
              const up = value - whole >= 0.875 ? whole + 1 : whole;
              return up === 0 && part !== "" ? part : `${up}${part}`;
            }

            export default function App() {
              const [guests, setGuests] = useState(SERVES);
              const [done, setDone] = useState<number[]>([]);
              const current = STEPS.findIndex((_, index) => !done.includes(index));

              function toggle(index: number) {
                setDone(done.includes(index) ? done.filter((other) => other !== index) : [...done, index]);
              }

              function reset() {
                setGuests(SERVES);
                setDone([]);
              }

              return (
                <main className={`min-h-screen px-5 py-10 sm:px-10 sm:py-14 ${theme.page}`}>
                  <div className={`mx-auto max-w-6xl ${theme.scale}`}>
                    <div className="grid gap-10 md:grid-cols-2 lg:gap-16">
                      <div className="min-w-0">
                        <header>
                          <h1 className={`text-4xl leading-none sm:text-6xl ${theme.display} ${theme.accentText}`}>{TITLE}</h1>
                          <p className={`mt-4 ${theme.quiet}`}>{INTRO}</p>
                        </header>

                        <div className={`mt-8 flex items-center gap-4 border-y py-4 ${theme.line}`}>
                          <span className="font-semibold">Serves</span>
                          <button
                            onClick={() => setGuests(Math.max(1, guests - 1))}
                            aria-label="One guest fewer"
                            className={`size-10 text-xl leading-none ${theme.pill} ${theme.accent}`}
                          >
                            −
                          </button>
                          <output aria-live="polite" className="w-10 text-center text-3xl font-bold tabular-nums">
                            {guests}
                          </output>
                          <button
                            onClick={() => setGuests(Math.min(24, guests + 1))}
                            aria-label="One guest more"
                            className={`size-10 text-xl leading-none ${theme.pill} ${theme.accent}`}
                          >
                            +
                          </button>
                        </div>

                        <ul>
                          {INGREDIENTS.map((item) => (
                            <li key={item.name} className={`grid grid-cols-[6rem_1fr] border-b border-dashed py-2.5 ${theme.line}`}>
                              <span className={`font-semibold tabular-nums ${theme.accentText}`}>
                                {amount((item.amount * guests) / SERVES)} {item.unit}
                              </span>
                              <span>{item.name}</span>
                            </li>
                          ))}
                        </ul>
                      </div>

                      <section aria-label="Method">
                        <ol className="space-y-3">
                          {STEPS.map((step, index) => (
                            <li key={step}>
                              <label
                                className={`flex cursor-pointer items-start gap-4 p-5 ${theme.corner} ${
                                  index === current ? theme.accent : theme.card
                                } ${done.includes(index) ? "opacity-60" : ""}`}
                              >
                                <span className="w-6 text-2xl font-bold leading-none tabular-nums opacity-70">{index + 1}</span>
                                <span className={`flex-1 ${done.includes(index) ? "line-through" : ""}`}>{step}</span>
                                <input
                                  type="checkbox"
                                  checked={done.includes(index)}
                                  onChange={() => toggle(index)}
                                  aria-label={`Step ${index + 1} is done`}
                                  className="mt-0.5 size-5 accent-current"
                                />
                              </label>
                            </li>
                          ))}
                        </ol>
                        <p className={`mt-4 text-sm ${theme.quiet}`} aria-live="polite">
                          {current === -1 ? "That is all. Enjoy it." : `${done.length} of ${STEPS.length} steps done`}
                        </p>
                      </section>
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

/// A recipe for a wish.
enum RecipeTexts {
    private struct Recipe {
        var serves: Int
        var intro: String
        var ingredients: [(Double, String, String)]
        var steps: [String]
    }

    /// Guests, opening line, ingredients and steps.
    static func values(for words: Words) -> [String: String] {
        let recipe: Recipe
        if words.containsAny(["pancake*", "breakfast", "waffle*", "cake", "cookies", "baking"]) {
            recipe = pancakes
        } else if words.containsAny(["curry", "dal", "dhal", "lentil*", "soup", "vegan", "vegetarian"]) {
            recipe = dal
        } else {
            recipe = ragu
        }
        let ingredients = recipe.ingredients.map { amount, unit, name in
            "  { amount: \(amount), unit: \(Literal.string(unit)), name: \(Literal.string(name)) },\n"
        }
        let steps = recipe.steps.map { "  \(Literal.string($0)),\n" }
        return [
            "SERVES": "\(recipe.serves)",
            "INTRO": Literal.string(recipe.intro),
            "INGREDIENTS": "[\n\(ingredients.joined())]",
            "STEPS": "[\n\(steps.joined())]",
        ]
    }

    private static let ragu = Recipe(
        serves: 4,
        intro: "Three hours, one pot. Do not rush the onions.",
        ingredients: [
            (400, "g", "beef shin, coarsely minced"), (200, "g", "pork shoulder"), (1.5, "", "onions, cut small"),
            (2, "", "sticks of celery"), (120, "ml", "red wine"), (800, "g", "peeled tomatoes"),
            (75, "ml", "whole milk"),
            (1, "", "parmesan rind"),
        ],
        steps: [
            "Sweat onion and celery in oil until soft and gold.",
            "Brown the meat in two batches. Let it catch a little.",
            "Pour in the wine and let it boil away.",
            "Tomatoes and rind, lid ajar, lowest flame for two and a half hours.",
            "Milk, salt, ten quiet minutes. Fish out the rind.",
        ]
    )

    private static let pancakes = Recipe(
        serves: 2,
        intro: "Thin, buttery, done in twenty minutes.",
        ingredients: [
            (125, "g", "flour"), (2, "", "eggs"), (250, "ml", "milk"), (1, "pinch", "of salt"),
            (30, "g", "butter, melted"),
            (0.5, "", "lemon, to squeeze over"), (2, "tbsp", "sugar"),
        ],
        steps: [
            "Whisk flour, salt and eggs with a third of the milk until smooth.",
            "Stir in the rest of the milk and the butter. Rest ten minutes.",
            "Heat the pan until a drop of water dances.",
            "A small ladle each, one minute a side.",
            "Sugar, lemon, roll, eat while the next one browns.",
        ]
    )

    private static let dal = Recipe(
        serves: 4,
        intro: "A pot of lentils for a cold evening, better the day after.",
        ingredients: [
            (250, "g", "red lentils"), (1, "", "onion"), (3, "", "cloves of garlic"), (1, "tsp", "turmeric"),
            (2, "tsp", "cumin seeds"), (400, "ml", "coconut milk"), (300, "g", "spinach"), (1, "", "lime"),
        ],
        steps: [
            "Rinse the lentils until the water runs clear.",
            "Simmer them with turmeric and a litre of water for twenty minutes.",
            "Fry onion, garlic and cumin until the edges turn brown.",
            "Stir both together with the coconut milk; five more minutes.",
            "Fold in the spinach. Lime and salt at the table.",
        ]
    )
}
