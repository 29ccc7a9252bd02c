import { EVERYONE, INTEGRITIES, type Label, SENSITIVITIES } from "../types/label.ts";

/** The label of a value about which nothing is known: it steers nothing. */
export const LOWEST_LABEL: Label = {
  integrity: "external",
  sensitivity: "internal",
  source: "an unknown source",
  readers: [EVERYONE],
};

const MAX_SOURCES = 4;

/**
 * The label of what was made from several values: lowest integrity, highest sensitivity, and readers only
 * who may read all of them. Groups are compared by name; a person in two groups is not worked out, which
 * errs on the side of fewer readers. Of nothing at all, `LOWEST_LABEL`.
 */
export function joinLabels(labels: readonly Label[]): Label {
  const [first, ...rest] = labels;
  if (!first) return LOWEST_LABEL;
  let { integrity, sensitivity, readers } = first;
  const sources = new Set(first.source.split("; "));
  for (const label of rest) {
    if (INTEGRITIES.indexOf(label.integrity) < INTEGRITIES.indexOf(integrity)) integrity = label.integrity;
    if (SENSITIVITIES.indexOf(label.sensitivity) > SENSITIVITIES.indexOf(sensitivity)) {
      sensitivity = label.sensitivity;
    }
    readers = joinReaders(readers, label.readers);
    for (const source of label.source.split("; ")) sources.add(source);
  }
  const named = [...sources].filter((source) => source !== "and others");
  const source =
    named.slice(0, MAX_SOURCES).join("; ") +
    (named.length > MAX_SOURCES || sources.has("and others") ? "; and others" : "");
  return { integrity, sensitivity, source, readers };
}

function joinReaders(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a.includes(EVERYONE)) return b;
  if (b.includes(EVERYONE)) return a;
  return a.filter((reader) => b.includes(reader));
}
