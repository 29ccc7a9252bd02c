import { readdirSync, readFileSync } from "node:fs";
import { demoCalendars } from "../../demo/calendars.ts";
import { demoCrm } from "../../demo/crm.ts";
import { demoPayables } from "../../demo/payables.ts";
import { ingest } from "../context/documents/ingest.ts";
import type { Db } from "../store/db.ts";
import { savePeople } from "../store/people/people.ts";
import { createRecords } from "../store/records/records.ts";
import { readSettings, saveSetting } from "../store/settings/settings.ts";
import type { Encoder } from "../types/encoder.ts";
import type { Principal } from "../types/principal.ts";
import type { Company } from "./create-directory.ts";

const DEMO = new URL("../../demo/", import.meta.url);

/**
 * Fills an empty installation with the demo company, its dates relative to today. Each part is idempotent, and
 * `demo` is set last: a stop in the middle is mended by the next start.
 */
export async function seedDemo(
  db: Db,
  encoder: Encoder,
  now: Date,
  say: (line: string) => void,
): Promise<void> {
  if ((await readSettings(db)).demo === true) return;
  const { people, company, ...rest } = JSON.parse(readFileSync(new URL("people.json", DEMO), "utf8")) as {
    people: readonly Principal[];
    company: string;
  } & Omit<Company, "name">;
  await savePeople(db, people);
  await saveSetting(db, "company", { name: company, ...rest });
  const records = [...demoCalendars(now), ...demoCrm(now), ...demoPayables(now)];
  await createRecords(db).write("demo:records:1", records);
  const folder = new URL("documents/", DEMO);
  const documents = readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => ({ source: `demo/documents/${name}`, content: readFileSync(new URL(name, folder)) }));
  await ingest({ db, encoder }, documents, ({ done, of }) => {
    if (done === of) say(`Read ${of} documents.`);
  });
  await saveSetting(db, "demo", true);
}
