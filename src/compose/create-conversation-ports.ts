import { extractWithPages } from "../../tools/invoice/extract.ts";
import type { Field, InvoiceFields } from "../../tools/invoice/extraction.ts";
import { minorDigits } from "../../tools/invoice/money.ts";
import type { ConversationPorts } from "../api/conversation-ports.ts";
import { threadPageBefore, wholeThread } from "../flows/thread-page.ts";
import { writeTranscript } from "../flows/write-transcript.ts";
import { saveFeedback, wasSaidTo } from "../store/channels/feedback.ts";
import { readFile } from "../store/files/files.ts";
import { findSession } from "../store/sessions/find-session.ts";
import { readFeedback } from "../store/sessions/read-feedback.ts";
import { renameSession } from "../store/sessions/rename-session.ts";
import { searchSessions } from "../store/sessions/search-sessions.ts";
import type { FileFields } from "../types/file-fields.ts";
import type { Principal } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";
import type { ThreadItem } from "../types/thread-item.ts";
import type { Installation } from "./installation.ts";
import { createRequestReader } from "./read-request.ts";

const MAX_WORDS = 8;
const EXCERPT = 120;
const MAX_COMMENT = 2_000;

/** What a person can do with their conversations besides talking. */
export function createConversationPorts(house: Installation): ConversationPorts {
  const { db, deps } = house;
  const person = (id: string): Principal => {
    const found = deps.directory().find(id);
    if (!found) throw new StewardError("DIR-404", `Nobody in the directory has the address '${id}'.`);
    return found;
  };
  const ownSession = async (as: string, id: string) => {
    const session = await findSession(db, id);
    if (session?.principal !== person(as).id) throw new StewardError("SES-404");
    return session;
  };
  const requests = createRequestReader(house);
  /** A file of one's own, or of a request whose card one may see. */
  const fileFor = async (as: string, id: string, turn: string | null) => {
    const viewer = person(as);
    const request = turn === null ? null : await requests.find(viewer, turn);
    const isOfRequest = request?.files.some((file) => file.id === id) ?? false;
    const file = await readFile(db, id, isOfRequest && request ? request.author : viewer.id);
    if (!file) throw new StewardError("FIL-404");
    return file;
  };
  return {
    searchSessions: async (as, words) => {
      const wanted = [...new Set(words.trim().split(/\s+/).filter(Boolean))].slice(0, MAX_WORDS);
      const found = await searchSessions(db, person(as).id, wanted);
      return found.map(({ text, ...session }) => ({
        ...session,
        excerpt: text === null ? null : excerptOf(text, wanted[0] ?? ""),
      }));
    },
    renameSession: async (as, session, title) => {
      if (!(await renameSession(db, session, person(as).id, title))) throw new StewardError("SES-404");
    },
    itemsBefore: async (as, id, before) => {
      await ownSession(as, id);
      const page = await threadPageBefore(deps, id, person(as), before);
      return { ...page, items: await withFeedback(house, as, page.items) };
    },
    transcript: async (as, id, format, locale) => {
      const session = await ownSession(as, id);
      const viewer = person(as);
      const { items, isWhole } = await wholeThread(deps, id, viewer);
      const reader = { locale: locale ?? viewer.locale, zone: viewer.zone };
      return {
        name: `${fileStem(session.title)}.${format === "markdown" ? "md" : "txt"}`,
        text: writeTranscript(items, { title: session.title, isWhole }, format, reader),
      };
    },
    feedback: async (as, message, verdict, comment) => {
      const { id } = person(as);
      if (!(await wasSaidTo(db, message, id))) throw new StewardError("MSG-404");
      const words = comment?.trim().slice(0, MAX_COMMENT) || null;
      await saveFeedback(db, { message, principal: id, verdict, comment: words });
    },
    request: async (as, turn) => await requests.read(person(as), turn),
    fileContent: async (as, id, turn) => (await fileFor(as, id, turn)).content,
    fileFields: async (as, id, turn) => {
      const file = await fileFor(as, id, turn);
      const { extraction, pages } = await extractWithPages(file.content, file.name);
      const { name, mediaType, bytes } = file;
      const view = { file: { id, name, mediaType, bytes }, pages };
      if (extraction.status === "rejected")
        return { ...view, fields: [], lines: [], checks: [], problem: extraction.message };
      const { fields, lines, checks } = extraction;
      const currency = fields.currency?.value ?? null;
      return {
        ...view,
        fields: showFields(fields, pages),
        lines: lines.slice(0, 200).map((line) => ({
          text: line.description,
          amount: line.net === null ? null : decimal(line.net, currency),
        })),
        checks: checks.map(({ ok, text }) => ({ ok, text })),
        problem: null,
      };
    },
  };
}

/** The items with what their reader thinks of them. */
export async function withFeedback(
  { db }: Pick<Installation, "db">,
  as: string,
  items: readonly ThreadItem[],
): Promise<readonly ThreadItem[]> {
  const said = items.flatMap((item) => (item.kind === "message" && item.author.isAssistant ? [item.id] : []));
  const feedback = await readFeedback(db, as, said);
  if (feedback.size === 0) return items;
  return items.map((item) =>
    item.kind === "message" && feedback.has(item.id) ? { ...item, feedback: feedback.get(item.id) } : item,
  );
}

function showFields(fields: InvoiceFields, pages: FileFields["pages"]): FileFields["fields"] {
  const currency = fields.currency?.value ?? null;
  const found = Object.entries(fields) as [string, Field<string | number> | null][];
  return found.flatMap(([name, field]) => {
    if (field === null) return [];
    const { value, page, box, path } = field;
    const height = pages.find((each) => each.number === page)?.height;
    return [
      {
        name,
        kind: typeof value === "number" ? "money" : /Date$/.test(name) ? "date" : "text",
        value: typeof value === "number" ? decimal(value, currency) : value,
        currency: typeof value === "number" ? currency : null,
        page,
        box: box && height !== undefined ? [box[0], height - box[3], box[2], height - box[1]] : null,
        path,
      } as const,
    ];
  });
}

function decimal(minor: number, currency: string | null): string {
  const digits = minorDigits(currency ?? "EUR");
  const figures = String(Math.abs(minor)).padStart(digits + 1, "0");
  const whole = `${minor < 0 ? "-" : ""}${figures.slice(0, figures.length - digits)}`;
  return digits === 0 ? whole : `${whole}.${figures.slice(-digits)}`;
}

/** The words around the first place of one, on one line. */
function excerptOf(text: string, word: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const at = Math.max(0, line.toLowerCase().indexOf(word.toLowerCase()));
  const from = Math.max(0, at - EXCERPT / 3);
  const piece = line.slice(from, from + EXCERPT).toWellFormed();
  return `${from > 0 ? "…" : ""}${piece}${from + EXCERPT < line.length ? "…" : ""}`;
}

/** A file's name from a title: letters and digits of any language, short. */
const fileStem = (title: string): string =>
  title
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 60)
    .toWellFormed() || "conversation";
