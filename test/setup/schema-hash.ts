import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

const SQL = new URL("../../sql/", import.meta.url);
const LOCK = new URL("../../package-lock.json", import.meta.url);

/** Changes when the migrations or the installed packages (PGlite's own format among them) change. */
export function schemaHash(): string {
  const hash = createHash("sha256").update(readFileSync(LOCK));
  for (const name of readdirSync(SQL).sort()) {
    hash.update(name).update(readFileSync(new URL(name, SQL)));
  }
  return hash.digest("hex").slice(0, 16);
}
