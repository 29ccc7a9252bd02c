import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createEncoder } from "../src/context/encoder.ts";
import { classify, type IntentExample, trainIntents } from "../src/models/intent-classifier.ts";
import { BUILT_IN_EXAMPLES, NONE } from "../src/models/planner/built-in-intents.ts";

/** Names that data sets give to what is no intent. */
const OUT = new Set(["oos", "out_of_scope", "none"]);
/** An intent wins from a third of the share of "none of them": a wrong guess is asked about, a refusal is a dead end. */
const ODDS = 0.3;

type Row = { readonly text: string; readonly intent: string };

const { values } = parseArgs({
  options: {
    train: { type: "string" },
    test: { type: "string" },
    "per-intent": { type: "string", default: "20" },
    "in-scope": { type: "string" },
    json: { type: "boolean" },
  },
});
if (!values.train || !values.test) {
  console.error(
    "Usage: npm run -s bench:planner -- --train FILE --test FILE [--per-intent N] [--in-scope a,b] [--json]",
  );
  process.exit(2);
}

const read = (file: string): readonly Row[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => JSON.parse(line) as Row);

const perIntent = Number(values["per-intent"]);
const train = read(values.train);
const test = read(values.test);
const scope = new Set(
  values["in-scope"]?.split(",").map((s) => s.trim()) ??
    train.map((r) => r.intent).filter((i) => !OUT.has(i)),
);

const taken = new Map<string, number>();
const examples: IntentExample[] = [];
for (const { text, intent } of train) {
  const isIn = scope.has(intent);
  const count = taken.get(intent) ?? 0;
  // One line of each other intent stands for all that is out of scope, and as many of those marked so.
  const most = isIn || OUT.has(intent) ? perIntent : 1;
  if (count >= most) continue;
  taken.set(intent, count + 1);
  examples.push({ text, intent: isIn ? intent : NONE });
}
const notes: string[] = [];
if (!examples.some((e) => e.intent === NONE)) {
  examples.push(...BUILT_IN_EXAMPLES.filter((e) => e.intent === NONE));
  notes.push("The training file has nothing out of scope; the planner's own lines stand in.");
}

const encoder = createEncoder();
const begun = performance.now();
const model = await trainIntents(examples, encoder, { negatives: [NONE] });
console.error(
  `Trained on ${examples.length} lines of ${scope.size} intents in ${Math.round(performance.now() - begun)} ms`,
);

let inScope = 0;
let right = 0;
let outOfScope = 0;
let rejected = 0;
const times: number[] = [];
for (const { text, intent } of test) {
  const start = performance.now();
  const found = await classify(model, text, encoder, { odds: ODDS });
  times.push(performance.now() - start);
  if (scope.has(intent)) {
    inScope += 1;
    if (found.intent === intent) right += 1;
  } else {
    outOfScope += 1;
    if (found.intent === null) rejected += 1;
  }
}
times.sort((a, b) => a - b);
const result = {
  inScopeAccuracy: inScope > 0 ? right / inScope : null,
  outOfScopeRecall: outOfScope > 0 ? rejected / outOfScope : null,
  msP50: times[Math.floor(times.length / 2)] ?? null,
  examples: examples.length,
  inScopeLines: inScope,
  outOfScopeLines: outOfScope,
  notes,
};
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, null, 2));
process.exit(0);
