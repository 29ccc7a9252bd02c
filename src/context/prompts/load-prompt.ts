import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

export type PromptFile = {
  readonly name: string;
  /** Name, version of the file and beginning of its SHA-256: `assistant@1+0123456789ab`. */
  readonly version: string;
  readonly template: string;
};

const DIRECTORY = new URL("../../../prompts/", import.meta.url);
const loaded = new Map<string, PromptFile>();

/**
 * A prompt of `prompts/` by its name, read once. The hash makes a changed text another version even when
 * somebody forgot to raise the number. Throws when the file is missing or has no version.
 */
export function loadPrompt(name: string): PromptFile {
  const known = loaded.get(name);
  if (known) return known;
  const text = readFileSync(new URL(`${name}.md`, DIRECTORY), "utf8").replaceAll("\r\n", "\n");
  const [, head = "", template = ""] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
  const number = /^version:\s*(\d+)\s*$/m.exec(head)?.[1];
  if (!number) throw new Error(`prompts/${name}.md has no \`version: NUMBER\` in its front matter.`);
  const hash = createHash("sha256").update(template).digest("hex").slice(0, 12);
  const prompt = { name, version: `${name}@${number}+${hash}`, template };
  loaded.set(name, prompt);
  return prompt;
}
