import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { restoreEmbedded } from "../../src/store/backup/restore-backup.ts";
import { databaseKinds } from "../setup/database.ts";
import { emptyDatabase } from "./empty-server.ts";
import { steward, tempDirectory } from "./processes.ts";
import { BEN, SOFIA, serve } from "./serve.ts";

const LONG = 120_000;
const PACKED = fileURLToPath(new URL("../fixtures/installation-0.1.0-packed.backup.gz", import.meta.url));

type Card = { items: { action: string; approval: string | null; tool: string; status: string }[] };

describe.runIf(databaseKinds().includes("postgres"))("an installation on the command line", () => {
  /** It serves from there: questions are answered, what waited is approved and done, the record is whole. */
  async function expectGoesOn(directory: string, url: string): Promise<void> {
    const { server, call } = await serve(["--data", directory, "--database-url", url]);
    const asked = await call(BEN, "/api/ask", { text: "Which deals are mine?", files: [] });
    expect(asked).toMatchObject({ status: 200, body: { status: "done" } });
    expect(JSON.stringify(asked.body)).toContain("Renewal 2027");
    // When the policies changed since, the votes are void and it is asked once more.
    let status = "awaiting";
    for (let round = 0; status === "awaiting" && round < 3; round++) {
      const waiting = (await call(SOFIA, "/api/approvals")).body.approvals as { card: Card }[];
      const item = waiting[0]?.card.items.find((one) => one.approval !== null);
      expect(item?.tool).toBe("crm.updateDeal");
      const { body } = await call(SOFIA, `/api/approvals/${item?.approval}/approve`, {});
      status = (body.card as Card).items.find((one) => one.action === item?.action)?.status ?? "";
    }
    expect(status).toBe("succeeded");
    server.child.kill("SIGTERM");
    expect((await server.gone).code).toBe(0);
    const verify = steward(["audit", "verify", "--data", directory, "--database-url", url]);
    expect((await verify.gone).code, verify.out() + verify.err()).toBe(0);
  }

  test(
    "moves to a server, goes on there, and no longer opens where it was",
    async () => {
      const directory = join(tempDirectory(), "data");
      await restoreEmbedded(PACKED, directory);
      const url = await emptyDatabase();
      const move = async () => {
        const child = steward(["migrate-to", url, "--data", directory, "--json"]);
        expect((await child.gone).code, child.err()).toBe(0);
        return JSON.parse(child.out()) as { rows: number; wasThere: boolean; server: string };
      };
      const moved = await move();
      expect(moved).toMatchObject({ wasThere: false, server: new URL(url).host + new URL(url).pathname });
      expect(moved.rows).toBeGreaterThan(250);
      const left = steward(["start", "--port", "0", "--data", directory]);
      expect((await left.gone).code).toBe(1);
      expect(left.err()).toContain("(STO-410)");
      await expectGoesOn(directory, url);
    },
    LONG,
  );

  test(
    "is restored to a server and goes on there; a second restore is refused",
    async () => {
      const directory = join(tempDirectory(), "data");
      const url = await emptyDatabase();
      const restore = () => steward(["restore", PACKED, "--data", directory, "--database-url", url]);
      const first = restore();
      expect((await first.gone).code, first.err()).toBe(0);
      expect(first.out()).toMatch(/^Restored \d+ rows/);
      expect(existsSync(join(directory, "db"))).toBe(false);
      const second = restore();
      expect((await second.gone).code).toBe(1);
      expect(second.err()).toContain("(STO-412)");
      await expectGoesOn(directory, url);
    },
    LONG,
  );
});
