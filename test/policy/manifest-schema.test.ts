import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { manifestSchemaPage } from "../../docs/write-manifest-schema.ts";
import { readManifests } from "../../src/policy/manifest-schema.ts";

const ROOT = join(import.meta.dirname, "../..");
const send = { name: "send_note", effect: "write", verbs: ["send"], args: { to: { role: "dest" } } };

const problemsOf = (value: unknown) => {
  const file = readManifests(typeof value === "string" ? value : JSON.stringify(value));
  return file.ok ? [] : file.problems;
};

describe("a file of tool manifests", () => {
  it("is described by the published schema, which is in step with the code", () => {
    expect(readFileSync(join(ROOT, "docs/tool-manifest.schema.json"), "utf8")).toBe(manifestSchemaPage());
  });

  it("may be a list, an object of tools, or an object by name", () => {
    for (const shape of [[send], { tools: [send] }, { send_note: { ...send, name: undefined } }]) {
      const file = readManifests(JSON.stringify(shape));
      expect(file.ok && file.manifests.map(({ name }) => name)).toEqual(["send_note"]);
    }
  });

  it("gets what a person need not write: a title, labels, an empty output, no undo", () => {
    const file = readManifests(JSON.stringify([{ ...send, args: { sendTo: { role: "dest" } } }]));
    expect(file.ok && file.manifests[0]).toMatchObject({
      title: "send note",
      args: { sendTo: { role: "dest", label: "send to" } },
      output: {},
      idempotency: "none",
      compensate: null,
    });
  });

  it("takes an output without an integrity as external", () => {
    const file = readManifests(JSON.stringify([{ ...send, output: { "$.text": { kind: "text" } } }]));
    expect(file.ok && file.manifests[0]?.output["$.text"]).toEqual({
      integrity: "external",
      sensitivity: "internal",
      kind: "text",
    });
  });

  it.each([
    ["no JSON", "{", /^The file is not JSON/],
    ["no list", "3", /^the file: /],
    ["no effect", [{ name: "x", verbs: [] }], /^x, effect: /],
    ["an unknown role", [{ ...send, args: { to: { role: "who" } } }], /^send_note, args\.to\.role: /],
    ["a strange effect", [{ ...send, effect: "delete" }], /^send_note, effect: /],
    ["a path without $", [{ ...send, output: { text: {} } }], /^send_note, output\.text/],
    ["a name with spaces", [{ ...send, name: "send a note" }], /^send a note, name: /],
    ["one tool twice", [send, send], /^send_note: declared twice/],
    ["an integrity that only users have", [{ ...send, output: { $: { integrity: "user" } } }], /integrity/],
  ])("is refused with the place when there is %s", (_, value, message) => {
    expect(problemsOf(value)[0]).toMatch(message);
  });

  it("says which keys it left out, and reads the rest", () => {
    const file = readManifests(
      JSON.stringify([{ ...send, colour: "red", args: { to: { role: "dest", trusted: true } } }]),
    );
    expect(file.ok && file.warnings).toEqual([
      'send_note, args.to: "trusted" is not a part of a manifest; left out.',
      'send_note: "colour" is not a part of a manifest; left out.',
    ]);
    expect(file.ok && file.manifests[0]?.args.to).toEqual({ role: "dest", label: "to" });
  });

  it("tells the start of a time from its end by the argument's name", () => {
    const book = {
      name: "book_room",
      effect: "write",
      args: {
        check_in: { role: "time" },
        end_day: { role: "time" },
        date: { role: "time" },
        toDay: { role: "time", part: "day" },
      },
    };
    const file = readManifests(JSON.stringify([book]));
    const parts = file.ok && Object.values(file.manifests[0]?.args ?? {}).map(({ part }) => part);
    expect(parts).toEqual(["start", "end", undefined, "day"]);
  });

  it("takes a tool that opens links as one that tells the outside something", () => {
    const fetch = { name: "get_page", effect: "read", args: { url: { role: "url" } } };
    const file = readManifests(JSON.stringify([fetch]));
    expect(file.ok && file.manifests[0]?.effect).toBe("egress");
    expect(file.ok && file.warnings[0]).toMatch(/^get_page: it opens links/);
  });

  it("is what the bench brings along", () => {
    const folder = join(ROOT, "bench/gate/manifests");
    for (const name of readdirSync(folder)) {
      const file = readManifests(readFileSync(join(folder, name), "utf8"));
      expect(file).toMatchObject({ ok: true, warnings: [] });
    }
  });
});
