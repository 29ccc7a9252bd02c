import { expect, test } from "vitest";
import { findVerb } from "../../../src/policy/find-verb.ts";
import { invoiceTools } from "../../../tools/invoice/tools.ts";
import { wordsOf } from "../../../tools/match-words.ts";

const writes = invoiceTools.filter((tool) => tool.manifest.effect !== "read");

test.each(
  writes.flatMap((tool) =>
    tool.manifest.examples.map((example) => [tool.name, example, tool.manifest.verbs] as const),
  ),
)("%s: '%s' has a verb that the gate knows", (_name, example, verbs) => {
  expect(findVerb(wordsOf(example), verbs)).not.toBeNull();
});

test.each(["do not pay this invoice", "what does this invoice say", "is the Nordkabel invoice correct"])(
  "'%s' does not ask to pay anything",
  (said) => {
    const pay = writes.find((tool) => tool.name === "invoice.pay");
    expect(findVerb(wordsOf(said), pay?.manifest.verbs ?? [])).toBeNull();
  },
);
