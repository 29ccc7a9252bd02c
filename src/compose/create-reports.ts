import type { ApiPorts, DoctorCheck } from "../api/ports.ts";
import { describeProblem } from "../policy/policy-holder.ts";
import { auditVerify } from "../store/audit/audit-verify.ts";
import type { Db } from "../store/db.ts";
import type { Installation } from "./installation.ts";
import { readPolicyDirectory } from "./read-policies.ts";

/** A probe wants to know now. */
const READY_TIMEOUT_MS = 2_000;

const STALE_POLICIES = "The newest policies were not taken: the last good ones are in force.";

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
        const stale = house.policies.problems().length > 0 ? [STALE_POLICIES] : [];
        return { ok: true, reason: null, notes: [...missingExtensions(db), ...stale] };
      } catch {
        return { ok: false, reason: "The database does not answer." };
      }
    },
    auditVerify: async () => {
      await house.sequencer.run();
      return await auditVerify(db, house.directory);
    },
    policyCheck: async () => {
      const { policies } = house;
      // What stands in the files now, whether or not it was taken up yet.
      const result = readPolicyDirectory(policies.directory(), [...deps.tools.values()]);
      if (!result.ok) return { ...inForce(house), ok: false, problems: result.problems.map(describeProblem) };
      const { version, rules } = result.policies.set;
      return { ok: true, version, rules: rules.size, problems: [] };
    },
    doctor: async () => {
      const checks = [...(await databaseChecks(house)), ...houseChecks(house)];
      return { ok: checks.every((check) => check.ok), checks };
    },
  };
}

function inForce({ policies }: Installation): { readonly version: string; readonly rules: number } {
  const { version, rules } = policies.current();
  return { version, rules: rules.size };
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

function policyFinding(house: Installation): DoctorCheck {
  const { version, rules } = inForce(house);
  const detail = `${rules} rules, version ${version.slice(0, 12)}, from ${house.policies.directory()}`;
  const problems = house.policies.problems();
  if (problems.length === 0) return { name: "policies", ok: true, detail, remedy: null };
  return {
    name: "policies",
    ok: false,
    detail: `The newest were not taken (${problems.slice(0, 1).map(describeProblem).join("")}). In force: ${detail}.`,
    remedy: "See all that is wrong with `steward policy check`.",
  };
}

function houseChecks(house: Installation): readonly DoctorCheck[] {
  const people = house.deps.directory().people.length;
  return [
    { name: "runtime", ok: true, detail: `Node ${process.versions.node}`, remedy: null },
    policyFinding(house),
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
