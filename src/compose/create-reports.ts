import type { ApiPorts, DoctorCheck } from "../api/ports.ts";
import { auditVerify } from "../store/audit/audit-verify.ts";
import type { Db } from "../store/db.ts";
import type { Installation } from "./installation.ts";
import { BUILT_IN_POLICIES, readPolicies } from "./read-policies.ts";

/** A probe wants to know now. */
const READY_TIMEOUT_MS = 2_000;

function missingExtensions({ extensions }: Db): readonly string[] {
  return [
    ...(extensions.has("vector") ? [] : ["pgvector is missing: search goes by words alone."]),
    ...(extensions.has("pg_textsearch") ? [] : ["pg_textsearch is missing: ranked by ts_rank."]),
  ];
}

/** What an administrator asks of the installation itself. */
export function createReports(
  house: Installation,
): Pick<ApiPorts, "isReady" | "auditVerify" | "policyCheck" | "doctor"> {
  const { db, deps } = house;
  return {
    isReady: async () => {
      const late = new Promise<never>((_, reject) => setTimeout(reject, READY_TIMEOUT_MS).unref());
      try {
        await Promise.race([db.query("select 1 as one"), late]);
        return { ok: true, reason: null, notes: missingExtensions(db) };
      } catch {
        return { ok: false, reason: "The database does not answer." };
      }
    },
    auditVerify: async () => {
      await house.sequencer.run();
      return await auditVerify(db, house.directory);
    },
    policyCheck: async () => {
      const result = readPolicies(BUILT_IN_POLICIES, [...deps.tools.values()]);
      if (result.ok)
        return {
          ok: true,
          version: result.policies.version,
          rules: result.policies.rules.size,
          problems: [],
        };
      const problems = result.problems.map(
        ({ file, line, rule, message }) => `${file}:${line}${rule ? ` @id("${rule}")` : ""}: ${message}`,
      );
      return { ok: false, version: house.policies().version, rules: house.policies().rules.size, problems };
    },
    doctor: async () => {
      const checks = [...(await databaseChecks(house)), ...houseChecks(house)];
      return { ok: checks.every((check) => check.ok), checks };
    },
  };
}

async function databaseChecks({ db }: Installation): Promise<readonly DoctorCheck[]> {
  const [version] = await db.query<{ version: string }>("select version() as version");
  const [documents] = await db.query<{ n: number }>("select count(*) as n from documents");
  const [dead] = await db.query<{ n: number }>("select count(*) as n from outbox where state = 'dead'");
  const [parked] = await db.query<{ n: number }>("select count(*) as n from inbox where state = 'parked'");
  const check = (name: string, ok: boolean, detail: string, remedy: string): DoctorCheck => ({
    name,
    ok,
    detail,
    remedy: ok ? null : remedy,
  });
  return [
    check("database", true, `${db.kind}, ${String(version?.version).split(" ").slice(0, 2).join(" ")}`, ""),
    check(
      "vector search",
      db.extensions.has("vector"),
      db.extensions.has("vector") ? "pgvector is there" : "pgvector is missing: search goes by words alone",
      "Install pgvector on the server and start Steward again.",
    ),
    check(
      "keyword search",
      db.extensions.has("pg_textsearch"),
      db.extensions.has("pg_textsearch")
        ? "BM25 by pg_textsearch"
        : "pg_textsearch is missing: ranked by ts_rank",
      "Install pg_textsearch (Postgres 17 or 18) and add it to shared_preload_libraries.",
    ),
    check("documents", true, `${documents?.n ?? 0} documents`, ""),
    check(
      "outbox",
      dead?.n === 0,
      `${dead?.n ?? 0} messages could not be sent`,
      "See why with `steward outbox list`; send them again with `steward outbox retry`.",
    ),
    check(
      "inbox",
      parked?.n === 0,
      `${parked?.n ?? 0} messages were parked after three tries`,
      "See the log for the errors of those sessions.",
    ),
  ];
}

function houseChecks(house: Installation): readonly DoctorCheck[] {
  const people = house.deps.directory().people.length;
  return [
    { name: "runtime", ok: true, detail: `Node ${process.versions.node}`, remedy: null },
    {
      name: "policies",
      ok: true,
      detail: `${house.policies().rules.size} rules, version ${house.policies().version.slice(0, 12)}`,
      remedy: null,
    },
    { name: "tools", ok: true, detail: `${house.deps.tools.size} tools`, remedy: null },
    { name: "models", ok: true, detail: house.routes.join(", then "), remedy: null },
    {
      name: "people",
      ok: people > 0,
      detail: `${people} people in the directory`,
      remedy: people > 0 ? null : "Add them with `steward people import FILE`.",
    },
  ];
}
