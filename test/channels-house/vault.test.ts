import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVault, rotateVault } from "../../src/connect/vault.ts";
import { findVaultKey, readVaultKey } from "../../src/connect/vault-key.ts";
import type { Db } from "../../src/store/db.ts";
import { databaseKinds, freshDatabase } from "../setup/database.ts";

const keyOf = (byte: number) => readVaultKey(Buffer.alloc(32, byte).toString("base64"));
const [FIRST, SECOND] = [keyOf(1), keyOf(2)];

for (const kind of databaseKinds()) {
  describe(`the vault on ${kind}`, () => {
    let db: Db;
    beforeAll(async () => {
      db = await freshDatabase(kind);
    });
    afterAll(async () => await db.close());

    it("gives back what was put in, and keeps none of it readable", async () => {
      const vault = createVault(db, () => FIRST, "slack");
      await fc.assert(
        fc.asyncProperty(fc.string({ minLength: 12, unit: "binary" }), async (given) => {
          const secret = given.toWellFormed();
          await vault.write("token", secret);
          expect(await vault.read("token")).toBe(secret);
          const [row] = await db.query<{ sealed: Uint8Array; nonce: Uint8Array }>(
            "select sealed, nonce from vault",
          );
          expect(Buffer.from(row?.sealed ?? []).includes(Buffer.from(secret))).toBe(false);
          expect(row?.nonce).toHaveLength(12);
        }),
        { numRuns: 25 },
      );
      await vault.remove("token");
      expect(await vault.read("token")).toBeNull();
    });

    it("seals the same secret differently each time", async () => {
      const vault = createVault(db, () => FIRST, "slack");
      const seen = new Set<string>();
      for (let i = 0; i < 5; i++) {
        await vault.write("same", "xoxb-1");
        const [row] = await db.query<{ sealed: Uint8Array }>(
          "select sealed from vault where name = 'slack/same'",
        );
        seen.add(Buffer.from(row?.sealed ?? []).toString("hex"));
      }
      expect(seen.size).toBe(5);
    });

    it("opens nothing under another key, moved to another name, or changed", async () => {
      const vault = createVault(db, () => FIRST, "slack");
      await vault.write("one", "xoxb-secret");
      await expect(createVault(db, () => SECOND, "slack").read("one")).rejects.toMatchObject({
        code: "VLT-403",
      });
      expect(await createVault(db, () => FIRST, "teams").read("one")).toBeNull();
      await db.query(
        "insert into vault select 'teams/one', key_id, nonce, sealed from vault where name = 'slack/one'",
      );
      await expect(createVault(db, () => FIRST, "teams").read("one")).rejects.toMatchObject({
        code: "VLT-422",
      });
      await db.query(
        "update vault set sealed = set_byte(sealed, 0, get_byte(sealed, 0) # 1) where name = 'slack/one'",
      );
      const failure = await vault.read("one").catch((error: Error) => error);
      expect(failure).toMatchObject({ code: "VLT-422" });
      expect(String(failure)).not.toContain("xoxb-secret");
      await db.query("delete from vault");
    });

    it("changes its key for all or for none, and may be asked twice", async () => {
      const vault = createVault(db, () => FIRST, "slack");
      for (const name of ["a", "b", "c"]) await vault.write(name, `secret ${name}`);
      expect(await rotateVault(db, FIRST, SECOND)).toBe(3);
      expect(await rotateVault(db, FIRST, SECOND)).toBe(0);
      expect(await createVault(db, () => SECOND, "slack").read("b")).toBe("secret b");
      await vault.write("d", "under the first again");
      await expect(rotateVault(db, keyOf(3), keyOf(4))).rejects.toMatchObject({ code: "VLT-403" });
      const rows = await db.query<{ id: string }>("select distinct key_id as id from vault order by id");
      expect(rows.map(({ id }) => id)).toEqual([FIRST.id, SECOND.id].toSorted());
    });
  });
}

describe("the vault's key", () => {
  const directory = mkdtempSync(join(tmpdir(), "steward-vault-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("is made once, for the owner of the data directory alone", () => {
    const home = join(directory, "made");
    const key = findVaultKey({ given: null, directory: home, kind: "pglite" });
    expect(key.bytes).toHaveLength(32);
    expect(findVaultKey({ given: null, directory: home, kind: "pglite" }).id).toBe(key.id);
    expect(statSync(join(home, "vault.key")).mode & 0o777).toBe(0o600);
    expect(readdirSync(home)).toEqual(["vault.key"]);
    expect(key.id).not.toContain(readFileSync(join(home, "vault.key"), "utf8").slice(0, 8));
  });

  it("that lies open to others is refused", () => {
    const home = join(directory, "made");
    chmodSync(join(home, "vault.key"), 0o644);
    expect(() => findVaultKey({ given: null, directory: home, kind: "pglite" })).toThrow(/chmod 600/);
  });

  it("must be given on a server, and is taken before the file", () => {
    const given = Buffer.alloc(32, 9).toString("base64");
    expect(findVaultKey({ given, directory, kind: "postgres" }).id).toBe(keyOf(9).id);
    expect(() => findVaultKey({ given: null, directory, kind: "postgres" })).toThrow(
      expect.objectContaining({ code: "VLT-412" }),
    );
  });

  it.each([
    "",
    "short",
    "x".repeat(44),
    Buffer.alloc(31).toString("base64"),
    Buffer.alloc(33).toString("base64"),
  ])("is not %j, and what was given is never repeated", (given) => {
    const file = join(directory, "vault.key");
    writeFileSync(file, given, { mode: 0o600 });
    const failure = (() => {
      try {
        return readVaultKey(given);
      } catch (error) {
        return error as Error;
      }
    })();
    expect(failure).toMatchObject({ code: "VLT-400" });
    if (given !== "") expect(String((failure as Error).message)).not.toContain(given);
  });
});
