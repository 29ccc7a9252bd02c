import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { StewardError } from "../../types/steward-error.ts";
import { type Command, UsageError } from "../command.ts";

/** What the platforms need to know of this installation before it can be set up there. */
export const channelsCommand: Command = {
  name: "channels",
  summary: "Make what Slack and Teams need to add Steward",
  usage: "channels slack manifest | channels teams package [--out FILE]",
  options: { out: { type: "string" }, "public-url": { type: "string" } },
  optionHelp: [
    ["--out FILE", "where the package is written (steward-teams.zip); a manifest is printed without it"],
    ["--public-url URL", "address under which the platform reaches this server (STEWARD_PUBLIC_URL)"],
  ],
  positionals: [2, 2],
  run: async (run) => {
    const what = run.positionals.join(" ");
    const publicUrl = readUrl(run.text("public-url") ?? run.deps.env.STEWARD_PUBLIC_URL ?? null);
    const out = run.text("out");
    if (what === "slack manifest") {
      const manifest = await run.deps.slackManifest(publicUrl);
      if (out !== null) write(run.deps.cwd, out, new TextEncoder().encode(manifest));
      run.answer(out === null ? { manifest } : { file: out }, () =>
        out === null ? manifest : `Wrote ${out}.`,
      );
      return 0;
    }
    if (what !== "teams package") {
      throw new UsageError("It is: channels slack manifest, or channels teams package.");
    }
    const content = await run.deps.teamsPackage(publicUrl);
    const file = out ?? "steward-teams.zip";
    write(run.deps.cwd, file, content);
    run.answer(
      { file, bytes: content.byteLength },
      () => `Wrote ${file}: upload it in the Teams admin centre.`,
    );
    return 0;
  },
};

function write(cwd: string, file: string, content: Uint8Array): void {
  try {
    writeFileSync(resolve(cwd, file), content);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new StewardError("API-400", `${file} could not be written (${code}).`, { cause: error });
  }
}

function readUrl(text: string | null): string | null {
  if (text === null || text === "") return null;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError("--public-url is not an address such as https://steward.example.");
  return url.href;
}
