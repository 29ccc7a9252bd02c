import type { ArgSpec } from "../types/tool.ts";
import { computeAmounts } from "./computed-amounts.ts";
import { FROM_USER, type Ground, type Grounding, type GroundValue } from "./grounding.ts";

/**
 * Money (minor units unless the manifest says `major`): written by the user, the amount of the record that
 * is meant, or worked out of it as the user said: "by 5,000", "10 % more", "double it", "half".
 */
export const groundAmount: GroundValue = (value, spec, grounding) => {
  const amount = typeof value === "number" ? value : Number(String(value).trim() || Number.NaN);
  if (!Number.isFinite(amount)) return null;
  const scales = scalesOf(spec, amount, grounding);
  const { said } = grounding;
  for (const scale of scales) {
    if (said.numbers.some((number) => !number.isPercent && isSame(number.value * scale, amount)))
      return FROM_USER;
  }
  for (const own of ownAmounts(grounding)) {
    if (own === amount) return { rule: "G4", text: "as it is now" };
    const worked = workedOut(own, amount, scales, grounding);
    if (worked) return worked;
  }
  for (const { value: base, text } of computeAmounts(grounding)) {
    if (isSame(base, amount)) return { rule: "G4", text };
    const worked = workedOut(base, amount, scales, grounding);
    if (worked) return worked;
    const { numbers } = grounding.said;
    if (numbers.some((number) => number.isPercent && isSame((base * number.value) / 100, amount)))
      return { rule: "G1", text: `the share you said of ${text}` };
  }
  return null;
};

/**
 * How the user's figure and the argument's relate. A manifest settles it with `unit`; without one it is minor
 * units, unless there are fractions in the argument or in the system's own amounts, which cents never have.
 */
function scalesOf(spec: ArgSpec, amount: number, { ledger }: Grounding): readonly number[] {
  if (spec.unit) return spec.unit === "major" ? [1] : [100];
  const isFraction = (value: unknown) => typeof value === "number" && !Number.isInteger(value);
  const hasFractions = ledger.facts.some(
    ({ kind, value, label }) => kind === "money" && label.integrity !== "external" && isFraction(value),
  );
  return isFraction(amount) || hasFractions ? [1] : [100];
}

function workedOut(own: number, amount: number, scales: readonly number[], { said }: Grounding): Ground {
  const phrase = said.currentPhrase;
  const delta = amount - own;
  if (/ (?:double|twice) /.test(phrase) && amount === own * 2)
    return { rule: "G1", text: "twice what it is now, as you said" };
  if (/ triple /.test(phrase) && amount === own * 3)
    return { rule: "G1", text: "three times what it is now, as you said" };
  if (/ (?:half|halve) /.test(phrase) && isSame(amount * 2, own))
    return { rule: "G1", text: "half of what it is now, as you said" };
  for (const number of said.numbers) {
    if (number.isPercent && isSame(Math.abs(delta), Math.round((own * number.value) / 100))) {
      return { rule: "G1", text: `changed by the ${number.value} % you said` };
    }
    if (
      !number.isPercent &&
      number.isDelta &&
      scales.some((scale) => isSame(Math.abs(delta), Math.abs(number.value) * scale))
    ) {
      return { rule: "G1", text: "changed by what you said" };
    }
  }
  return null;
}

function ownAmounts(grounding: Grounding): readonly number[] {
  return grounding.targets.flatMap((target) =>
    target.facts.flatMap((fact) =>
      fact.kind === "money" && typeof fact.value === "number" && fact.label.integrity !== "external"
        ? [fact.value]
        : [],
    ),
  );
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) < 0.005;
}
