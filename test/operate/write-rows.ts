import { writeSync } from "node:fs";
import { openEmbedded } from "../../src/store/pglite.ts";

/** Opens a data directory and commits rows one after the other, each with its twin in one batch, saying each on stdout once it is acknowledged. */
const [directory = "", count = "1000000"] = process.argv.slice(2);
try {
  const db = await openEmbedded(directory);
  await db.query("create table if not exists acknowledged (n int primary key, pad text)");
  await db.query("create table if not exists twins (n int primary key)");
  writeSync(1, "open\n");
  const [last] = await db.query<{ n: number }>("select coalesce(max(n), 0) as n from acknowledged");
  const from = (last?.n ?? 0) + 1;
  for (let n = from; n < from + Number(count); n++) {
    await db.batch([
      { text: "insert into acknowledged values ($1, $2)", params: [n, String(n).padStart(2_000, "x")] },
      { text: "insert into twins values ($1)", params: [n] },
    ]);
    writeSync(1, `${n}\n`);
  }
  await db.close();
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  writeSync(2, `${code}: ${message}\n`);
  process.exit(1);
}
