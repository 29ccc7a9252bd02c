import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Db } from "../../src/store/db.ts";
import { findFiles, readFile, saveFile } from "../../src/store/files/files.ts";
import { forgetAnswers, keepAnswer, takeKey } from "../../src/store/idempotency/idempotency.ts";
import { revokeToken, saveToken, useToken } from "../../src/store/tokens/tokens.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";

describe.each(databaseKinds())("on %s", (kind) => {
  let db: Db;
  beforeAll(async () => {
    db = await freshDatabase(kind);
  });
  afterAll(async () => await db.close());

  const key = (name: string, requestHash = "a") => ({ principal: "ana@example.com", key: name, requestHash });
  const STALE_MS = 60_000;

  test("of many who take a key at once, one gets it", async () => {
    const found = await Promise.all(Array.from({ length: 20 }, () => takeKey(db, key("race"), STALE_MS)));
    expect(found.filter((one) => one.state === "mine")).toHaveLength(1);
    expect(found.filter((one) => one.state === "running")).toHaveLength(19);
  });

  test("a key whose process died can be taken again, once, and by the same request only", async () => {
    await takeKey(db, key("dead"), STALE_MS);
    await db.query("update idempotency set at = now() - interval '2 minutes' where key = 'dead'");
    expect(await takeKey(db, key("dead", "b"), STALE_MS)).toEqual({ state: "other-request" });
    expect(await takeKey(db, key("dead"), STALE_MS)).toEqual({ state: "mine" });
    expect(await takeKey(db, key("dead"), STALE_MS)).toEqual({ state: "running" });
  });

  test("an answer stays the same until it is forgotten, also one that is null", async () => {
    for (const [name, body] of [
      ["object", { a: [1, "ü"] }],
      ["nothing", null],
    ] as const) {
      await takeKey(db, key(name), STALE_MS);
      await keepAnswer(db, key(name), { status: 200, body });
      expect(await takeKey(db, key(name), 0)).toEqual({ state: "answered", status: 200, body });
    }
    await db.query("update idempotency set at = now() - interval '25 hours' where key = 'object'");
    expect(await forgetAnswers(db, 24)).toBe(1);
    expect((await takeKey(db, key("object", "other"), STALE_MS)).state).toBe("mine");
  });

  test("a token works from its creation to its end", async () => {
    const make = async (id: string, expiresAt: Date | null) =>
      await saveToken(db, {
        id,
        hash: new TextEncoder().encode(id.padEnd(32)),
        principal: "ana@example.com",
        name: "",
        isAdmin: false,
        expiresAt,
      });
    const use = async (id: string) => await useToken(db, new TextEncoder().encode(id.padEnd(32)));
    await make("tok_a", null);
    await make("tok_b", new Date(Date.now() - 1_000));
    expect((await use("tok_a"))?.id).toBe("tok_a");
    expect(await use("tok_b")).toBeNull();
    expect(await use("tok_c")).toBeNull();
    const first = await revokeToken(db, "tok_a");
    expect(await use("tok_a")).toBeNull();
    expect((await revokeToken(db, "tok_a"))?.revokedAt).toEqual(first?.revokedAt);
    expect(await revokeToken(db, "tok_c")).toBeNull();
  });

  test("a file comes back byte by byte, to its owner only", async () => {
    const content = Uint8Array.from({ length: 256 }, (_, i) => i);
    const file = {
      id: "fil_1",
      owner: "ana@example.com",
      name: "a.bin",
      mediaType: "x/y",
      bytes: 256,
      content,
    };
    await saveFile(db, file);
    const back = await readFile(db, "fil_1", "ana@example.com");
    expect(Buffer.from(back?.content ?? []).equals(Buffer.from(content))).toBe(true);
    expect(await readFile(db, "fil_1", "eve@example.com")).toBeNull();
    expect(await findFiles(db, ["fil_0", "fil_1"], "ana@example.com")).toEqual([
      { id: "fil_1", name: "a.bin", mediaType: "x/y", bytes: 256 },
    ]);
    expect(await findFiles(db, ["fil_1"], "eve@example.com")).toEqual([]);
  });
});
