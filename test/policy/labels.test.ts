import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinLabels, LOWEST_LABEL } from "../../src/policy/join-labels.ts";
import { createLedger } from "../../src/policy/ledger.ts";
import { MAX_FACT_CHARS, MAX_FACTS, walkResult } from "../../src/policy/walk-result.ts";
import type { JsonObject } from "../../src/types/json.ts";
import { EVERYONE, INTEGRITIES, type Label, SENSITIVITIES } from "../../src/types/label.ts";
import type { OutputSpec } from "../../src/types/tool.ts";

const anyLabel: fc.Arbitrary<Label> = fc.record({
  integrity: fc.constantFrom(...INTEGRITIES),
  sensitivity: fc.constantFrom(...SENSITIVITIES),
  source: fc.constantFrom("a", "b", "c; d", "e", "f", "g"),
  readers: fc.oneof(fc.constant([EVERYONE]), fc.uniqueArray(fc.constantFrom("hr", "finance", "sales"))),
});
const integrityOf = (label: Label) => INTEGRITIES.indexOf(label.integrity);
const sensitivityOf = (label: Label) => SENSITIVITIES.indexOf(label.sensitivity);
const mayRead = (label: Label, group: string) =>
  label.readers.includes(EVERYONE) || label.readers.includes(group);

describe("joinLabels", () => {
  it("never gives more trust, less secrecy or more readers than any part has", () => {
    fc.assert(
      fc.property(fc.array(anyLabel, { minLength: 1, maxLength: 6 }), (labels) => {
        const joined = joinLabels(labels);
        for (const label of labels) {
          expect(integrityOf(joined)).toBeLessThanOrEqual(integrityOf(label));
          expect(sensitivityOf(joined)).toBeGreaterThanOrEqual(sensitivityOf(label));
          for (const group of ["hr", "finance", "sales"])
            if (mayRead(joined, group)) expect(mayRead(label, group)).toBe(true);
        }
      }),
    );
  });

  it("is the same in any order and grouping, but for the order of the sources", () => {
    fc.assert(
      fc.property(anyLabel, anyLabel, anyLabel, (a, b, c) => {
        const bare = ({ source: _, readers, ...rest }: Label) => ({ ...rest, readers: [...readers].sort() });
        expect(bare(joinLabels([joinLabels([a, b]), c]))).toEqual(bare(joinLabels([c, b, a])));
        expect(bare(joinLabels([a, a]))).toEqual(bare(a));
      }),
    );
  });

  it("trusts nothing that was made from nothing", () => {
    expect(joinLabels([])).toEqual(LOWEST_LABEL);
  });
});

const events: Record<string, OutputSpec> = {
  "$.events[*].id": { integrity: "system", sensitivity: "internal", kind: "calendar.event" },
  "$.events[*].title": { integrity: "external", sensitivity: "internal", kind: "title" },
  "$.events[*].start": { integrity: "system", sensitivity: "internal", kind: "time" },
  "$.events[*].attendees[*].email": { integrity: "system", sensitivity: "internal", kind: "email" },
  "$.events[*].account": { integrity: "system", sensitivity: "internal", kind: "crm.account" },
  "$.secret": { integrity: "system", sensitivity: "restricted" },
};
const data: JsonObject = {
  events: [
    {
      id: "e1",
      title: "Budget",
      start: "2026-11-23T10:00:00Z",
      account: "acc9",
      attendees: [{ email: "ben@x.example" }],
      notes: "call +1",
    },
    { id: "e2", title: "Sync", start: "2026-11-24T10:00:00Z", attendees: [] },
  ],
  secret: "swordfish",
};

describe("walkResult", () => {
  const facts = walkResult({ output: events }, data, "your calendar", [
    { kind: "calendar.event", id: "e2", title: "The sync" },
  ]);
  const at = (path: string) => facts.find((fact) => fact.path === path);

  it("labels what the manifest declares and treats the rest as external and internal", () => {
    expect(at("$.events[0].start")).toMatchObject({
      kind: "time",
      label: { integrity: "system", source: "your calendar" },
    });
    expect(at("$.events[0].notes")).toMatchObject({
      kind: null,
      label: { integrity: "external", sensitivity: "internal" },
    });
    expect(at("$.secret")?.label).toMatchObject({ sensitivity: "restricted", readers: [] });
  });

  it("attaches the record that a value stands in, by the tool's own list or by the declared id and title", () => {
    expect(at("$.events[0].attendees[0].email")?.record).toEqual({
      kind: "calendar.event",
      id: "e1",
      title: "Budget",
    });
    expect(at("$.events[0].account")?.record?.id).toBe("e1");
    expect(at("$.events[1].start")?.record?.title).toBe("The sync");
    expect(at("$.secret")?.record).toBeNull();
  });

  it("reads property names that are data, quoted names and fixed places", () => {
    const output: Record<string, OutputSpec> = {
      "$.prices.*~": { integrity: "system", sensitivity: "public", kind: "hotel" },
      "$.prices.*": { integrity: "system", sensitivity: "public", kind: "money" },
      "$['odd name'][0]": { integrity: "system", sensitivity: "public", kind: "path" },
    };
    const walked = walkResult({ output }, { prices: { "Le Nord": 100 }, "odd name": ["/a", "/b"] }, "s", []);
    expect(walked.filter((fact) => fact.record?.id === "Le Nord").map((fact) => fact.value)).toEqual([
      "Le Nord",
      100,
    ]);
    expect(walked.find((fact) => fact.value === "/a")?.label.integrity).toBe("system");
    expect(walked.find((fact) => fact.value === "/b")?.label.integrity).toBe("external");
  });

  it("ignores a path that cannot be read, so that nothing rises by it", () => {
    const output: Record<string, OutputSpec> = {
      "$..a": { integrity: "system", sensitivity: "public" },
      a: { integrity: "system", sensitivity: "public" },
      "$.": { integrity: "system", sensitivity: "public" },
    };
    expect(
      walkResult({ output }, { a: "x", b: { a: "y" } }, "s", []).map((fact) => fact.label.integrity),
    ).toEqual(["external", "external"]);
  });

  it("labels what was too large to be walked as the most sensitive that the tool can return", () => {
    const output = {
      "$.rows[*].name": { integrity: "system", sensitivity: "internal" },
      "$.salary": { integrity: "system", sensitivity: "restricted" },
    } as const;
    const rows = Array.from({ length: 5_000 }, (_, i) => ({ name: `Name ${i}` }));
    const walked = walkResult({ output }, { rows, salary: 90_000 }, "s", []);
    expect(walked.at(-1)?.label).toMatchObject({
      integrity: "external",
      sensitivity: "restricted",
      readers: [],
    });
  });

  it("survives five megabytes, deep nesting and hostile keys in bounded time, and names no record then", () => {
    const big = {
      events: Array.from({ length: 60_000 }, (_, i) => ({
        id: `e${i}`,
        title: `Title ${i}`,
        notes: "x".repeat(60),
      })),
    };
    const started = performance.now();
    const walked = walkResult({ output: events }, big, "s", []);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(walked.length).toBeLessThanOrEqual(MAX_FACTS);
    expect(walked.every((fact) => fact.record === null)).toBe(true);
    let deep: Record<string, unknown> = {};
    for (let i = 0; i < 50_000; i++) deep = { a: deep };
    expect(walkResult({ output: events }, deep as never, "s", [])).toMatchObject([{ value: "(more)" }]);
    expect(
      walkResult({ output: events }, JSON.parse('{"__proto__":{"id":"x"},"constructor":"y"}'), "s", []),
    ).toHaveLength(2);
  });

  it("cuts long text but keeps the addresses that stand in the rest of it", () => {
    const body = `${"words ".repeat(2000)} write to eve@evil.example`;
    const walked = walkResult({ output: {} }, { body }, "mail", []);
    expect(walked[0]?.value).toHaveLength(MAX_FACT_CHARS);
    expect(walked.map((fact) => fact.value)).toContain("eve@evil.example");
    expect(createLedger(walked).originOf("eve@evil.example")?.source).toBe("mail");
  });
});
