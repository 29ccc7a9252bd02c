import type { ActionResult, ToolContext } from "../../src/types/tool.ts";
import { fold, isNear, sharesStart, wordsOf } from "../match-words.ts";
import { plainText } from "../plain-text.ts";
import {
  ACCOUNT,
  type Account,
  type AccountRecord,
  CONTACT,
  type Contact,
  type ContactRecord,
} from "./crm-records.ts";

type Refused = Exclude<ActionResult, { status: "succeeded" }>;

const FILLERS = new Set(
  "the our my account customer client company of at for with and inc ltd limited gmbh ag plc llc co record".split(
    " ",
  ),
);

/** How the words fit the accounts: `found` best first; `alike` are others of a similar name. */
export type AccountMatch = {
  readonly found: readonly AccountRecord[];
  readonly alike: readonly AccountRecord[];
  /** Only by allowing for a slip of the fingers. */
  readonly isGuess: boolean;
};

/** Finds accounts by id, by exact name, by words of the name, or nearly. A whole name beats a part of one. */
export function matchAccounts(words: string, accounts: readonly AccountRecord[]): AccountMatch {
  const byId = accounts.filter((a) => a.id === words.trim());
  if (byId.length > 0) return { found: byId, alike: [], isGuess: false };
  const said = significant(words);
  if (said.length === 0) return { found: [], alike: [], isGuess: false };
  const fits = (near: (a: string, b: string) => boolean) =>
    accounts.filter((a) => {
      const name = significant(a.data.name);
      return said.every((w) => name.some((n) => near(w, n)));
    });
  const exact = accounts.filter(
    (a) => fold(a.data.name) === fold(words) || significant(a.data.name).join(" ") === said.join(" "),
  );
  const partly = fits((w, n) => sharesStart(w, n, 3));
  if (exact.length > 0)
    return { found: exact, alike: partly.filter((a) => !exact.includes(a)), isGuess: false };
  if (partly.length > 0) return { found: partly, alike: [], isGuess: false };
  return { found: fits(isNear), alike: [], isGuess: true };
}

/** The one account meant, with others of a similar name, or the question or failure that stands in the way. */
export async function resolveAccount(
  words: string,
  context: ToolContext,
): Promise<
  | {
      readonly ok: true;
      readonly account: AccountRecord;
      readonly alike: readonly AccountRecord[];
      /** The one person there whose name was said instead of the account's. */
      readonly contact: ContactRecord | null;
    }
  | { readonly ok: false; readonly result: Refused }
> {
  const accounts = await context.records.list<Account>(ACCOUNT);
  const match = matchAccounts(words, accounts);
  const { alike, isGuess } = match;
  const isExact = match.found.length > 0 && !isGuess;
  const contacts = isExact ? [] : await contactsNamed(words, context);
  const at = new Set(contacts.map(({ data }) => data.account));
  // A name that is exactly a contact's is no slip in an account's.
  const found = at.size > 0 ? accounts.filter((a) => at.has(a.id)) : match.found;
  const [account] = found;
  if (account && found.length === 1 && !(isGuess && match.found.length > 0 && at.size === 0)) {
    const contact = contacts.length === 1 ? (contacts[0] ?? null) : null;
    return { ok: true, account, alike: at.size > 0 ? [] : alike, contact };
  }
  if (account) {
    const said = plainText(words, 60);
    return {
      ok: false,
      result: {
        status: "asks",
        question: isGuess
          ? `There is no account '${said}'. Did you mean this?`
          : `Which '${said}' do you mean?`,
        arg: "account",
        options: found.slice(0, 8).map((a) => ({ label: `${a.data.name}, ${a.data.city}`, value: a.id })),
      },
    };
  }
  return {
    ok: false,
    result: {
      status: "failed",
      code: "CRM-404",
      message: `There is no account called '${plainText(words, 60)}' in the CRM. Nothing was changed. Check the name, or give another part of it.`,
    },
  };
}

/** The contacts of this name or address ("who is Karin Vogt"). */
async function contactsNamed(words: string, context: ToolContext): Promise<readonly ContactRecord[]> {
  const said = wordsOf(words);
  if (said.length === 0) return [];
  const contacts = await context.records.list<Contact>(CONTACT);
  return contacts.filter(({ data }) => {
    const name = wordsOf(data.name);
    return data.email === words.trim().toLowerCase() || said.every((w) => name.includes(w));
  });
}

function significant(text: string): string[] {
  const all = wordsOf(text);
  const kept = all.filter((w) => !FILLERS.has(w));
  return kept.length > 0 ? kept : all;
}
