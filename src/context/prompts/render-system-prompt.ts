import { EVERYONE } from "../../types/label.ts";
import type { Passage } from "../../types/passage.ts";
import type { Directory, Principal } from "../../types/principal.ts";
import type { AnyTool, Effect, ToolManifest } from "../../types/tool.ts";
import { loadPrompt } from "./load-prompt.ts";
import { renderTemplate } from "./render-template.ts";

export type SystemPromptInput = {
  /** Name of the company; null when the installation has none yet. */
  readonly company: string | null;
  readonly principal: Principal;
  readonly directory: Directory;
  readonly tools: readonly AnyTool[];
  /** In the order of their citation numbers: `[1]` is the first. */
  readonly passages: readonly Passage[];
  readonly now: Date;
};

/** The system prompt of a turn, and the version to record with the answer. Pure but for reading the file once. */
export function renderSystemPrompt(input: SystemPromptInput): {
  readonly text: string;
  readonly version: string;
} {
  const { principal, directory, passages, tools } = input;
  const { template, version } = loadPrompt("assistant");
  const manager = principal.manager ? directory.find(principal.manager) : null;
  const groups = principal.groups.filter((group) => group !== EVERYONE).map(oneLine);
  const text = renderTemplate(template, {
    company: oneLine(input.company ?? "this company"),
    name: oneLine(principal.name),
    title: oneLine(principal.title),
    id: oneLine(principal.id),
    manager: oneLine(manager?.name ?? ""),
    groups: groups.length > 0 ? groups.join(", ") : "none",
    now: sayTime(input.now, principal),
    zone: principal.zone,
    locale: principal.locale,
    tools: tools.map(({ manifest }) => sayTool(manifest)).join("\n"),
    passages: passages.map(sayPassage).join("\n"),
  });
  return { text, version };
}

/** Names come from directories and connectors: a line break in one must not begin a new instruction. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim()
    .slice(0, 300);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes a quarter of a millisecond, so each zone's is kept; zones are few. */
function formatFor(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short", timeZone: zone });
    formats.set(zone, format);
  }
  return format;
}

function sayTime(now: Date, { zone }: Pick<Principal, "zone">): string {
  try {
    return formatFor(zone).format(now);
  } catch {
    return `${formatFor("UTC").format(now)} UTC`;
  }
}

const EFFECTS: Readonly<Record<Effect, string>> = {
  read: "only looks",
  egress: "sends something out of the company",
  draft: "prepares, changes nothing yet",
  write: "changes something",
  destructive: "deletes for good",
};

function sayTool(manifest: ToolManifest): string {
  const undo =
    manifest.effect === "read" || manifest.effect === "draft"
      ? ""
      : manifest.compensate
        ? ` Can be undone for ${sayMinutes(manifest.compensate.windowMs)}.`
        : " Cannot be undone.";
  return `- ${oneLine(manifest.name)}: ${oneLine(manifest.title)}; ${EFFECTS[manifest.effect]}.${undo}`;
}

function sayMinutes(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

/** As JSON on one line, so that no text of a document can end its own quotation. */
function sayPassage({ title, headings, text, label }: Passage, i: number): string {
  const from = label.integrity === "external" ? "people outside the company" : "colleagues";
  return JSON.stringify({ n: i + 1, document: title, section: headings.join(" > "), from, text })
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
