import type { ApiPorts, DoctorReport, TokenInfo } from "../../api/ports.ts";
import { importedPerson } from "../../api/routes/administration.ts";
import type { PlatformName } from "../../types/channel-host.ts";
import { StewardError } from "../../types/steward-error.ts";
import { type Command, UsageError } from "../command.ts";
import { plain, table } from "../format.ts";
import { readLocalFile } from "../read-files.ts";

export const auditCommand: Command = {
  name: "audit",
  summary: "Compare the audit record with the checkpoints kept outside the database",
  usage: "audit verify",
  options: {},
  optionHelp: [],
  positionals: [1, 1],
  run: async (run) => {
    if (run.positionals[0] !== "verify") throw new UsageError("The one thing to do is: audit verify.");
    const report = await (await run.connect()).auditVerify();
    run.answer(report, () =>
      report.ok
        ? `The record is whole: ${report.entries} entries, ${report.checkpoints} checkpoints, root ${report.root}.`
        : ["The record is not whole.", ...report.problems.map((one) => `- ${plain(one)}`)].join("\n"),
    );
    return report.ok ? 0 : 1;
  },
};

export const doctorCommand: Command = {
  name: "doctor",
  summary: "How this installation is",
  usage: "doctor [--channel slack|teams]",
  options: { channel: { type: "string" } },
  optionHelp: [["--channel NAME", "asks that platform itself: tokens, rights, signatures, reachability"]],
  positionals: [0, 0],
  run: async (run) => {
    const channel = readChannel(run.text("channel"));
    const ports = await run.connect();
    const report = channel === null ? await ports.doctor() : await checkChannel(ports, channel);
    run.answer(report, () =>
      table(
        ["", "Check", "Finding"],
        report.checks.map((one) => [
          one.ok ? "ok" : "NOT WELL",
          one.name,
          one.remedy ? `${one.detail} ${one.remedy}` : one.detail,
        ]),
      ),
    );
    return report.ok ? 0 : 1;
  },
};

async function checkChannel(ports: ApiPorts, channel: PlatformName): Promise<DoctorReport> {
  const checks = await ports.checkChannel(channel);
  return { ok: checks.every((one) => one.ok), checks };
}

function readChannel(name: string | null): PlatformName | null {
  if (name !== null && name !== "slack" && name !== "teams")
    throw new UsageError("--channel is slack or teams.");
  return name;
}

export const tokenCommand: Command = {
  name: "token",
  summary: "Make, list and revoke the tokens that people and programs call with",
  usage: "token create EMAIL [--name TEXT] [--admin] [--days N|never] | token list | token revoke ID",
  options: { name: { type: "string" }, admin: { type: "boolean" }, days: { type: "string" } },
  optionHelp: [
    ["--name TEXT", "what it is for"],
    ["--admin", "may administer, and act for others"],
    ["--days N", "how long it is valid (90), or never to let it not end"],
  ],
  positionals: [1, 2],
  run: async (run) => {
    const [verb, subject] = run.positionals;
    if (verb === "list" && subject === undefined) {
      const tokens = await (await run.connect()).listTokens();
      run.answer({ tokens }, () => listTokens(tokens));
      return 0;
    }
    if (verb === "revoke" && subject !== undefined) {
      const token = await (await run.connect()).revokeToken("local", subject);
      run.answer(token, () => `Revoked ${token.id} of ${token.principal}.`);
      return 0;
    }
    if (verb !== "create" || subject === undefined) {
      throw new UsageError("It is: token create EMAIL, token list, or token revoke ID.");
    }
    const days = readDays(run.text("days"));
    const made = await (await run.connect()).createToken("local", {
      principal: subject.trim().toLowerCase(),
      name: run.text("name") ?? "",
      isAdmin: run.values.admin === true,
      days,
    });
    run.answer(made, () =>
      [
        made.token,
        "",
        `${made.id} for ${made.principal}${made.isAdmin ? ", administrator" : ""}, ${made.expiresAt ? `until ${made.expiresAt.slice(0, 10)}` : "without end"}. It is shown once.`,
      ].join("\n"),
    );
    return 0;
  },
};

export const peopleCommand: Command = {
  name: "people",
  summary: "Add or change the employees of an installation",
  usage: "people import FILE.json",
  options: {},
  optionHelp: [["FILE.json", "a list of { id: e-mail, name, title?, manager?, groups?, zone?, locale? }"]],
  positionals: [2, 2],
  run: async (run) => {
    const [verb, path = ""] = run.positionals;
    if (verb !== "import") throw new UsageError("The one thing to do is: people import FILE.");
    const people = readPeople(new TextDecoder().decode(readLocalFile(run.deps.cwd, path).content));
    const result = await (await run.connect()).importPeople("local", people);
    run.answer(result, () => `Saved ${result.saved} people.`);
    return 0;
  },
};

function readPeople(text: string) {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new StewardError("API-400", "The file of people is not valid JSON.");
  }
  const list = Array.isArray(parsed) ? parsed : (parsed as { people?: unknown } | null)?.people;
  if (!Array.isArray(list) || list.length === 0) {
    throw new StewardError("API-400", "The file must hold a list of people.");
  }
  return list.map((one: unknown, i) => {
    const person = importedPerson.safeParse(one);
    if (person.success) return person.data;
    const [issue] = person.error.issues;
    throw new StewardError(
      "API-400",
      `Person ${i + 1}, '${issue?.path.join(".")}': ${issue?.message}. Nobody was saved.`,
    );
  });
}

function readDays(text: string | null): number | null {
  if (text === "never") return null;
  const days = Number(text ?? 90);
  if (!Number.isInteger(days) || days < 1 || days > 3_650)
    throw new UsageError("--days is 1 to 3650, or never.");
  return days;
}

function listTokens(tokens: readonly TokenInfo[]): string {
  const day = (time: string | null) => time?.slice(0, 10) ?? "-";
  const rows = tokens.map((one) => [
    one.id,
    one.principal,
    one.isAdmin ? "admin" : "",
    one.name,
    one.revokedAt ? `revoked ${day(one.revokedAt)}` : day(one.expiresAt),
    day(one.usedAt),
  ]);
  return table(["Id", "Person", "", "Name", "Until", "Last used"], rows) || "There are no tokens.";
}
