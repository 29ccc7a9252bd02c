import { describe, expect, test } from "vitest";
import { databaseKinds, freshDatabase } from "./database.ts";

describe.each(databaseKinds())("a fresh database on %s", (kind) => {
  test("has every table and shares nothing with the next one", async () => {
    const first = await freshDatabase(kind);
    const second = await freshDatabase(kind);
    await first.query("insert into people (id, name) values ('a@b.c', 'A')");
    const [row] = await second.query<{ n: number }>("select count(*) as n from people");
    expect(row?.n).toBe(0);
    await first.close();
    await second.close();
  });
});
