import type { Card } from "../../../src/types/card.ts";
import type { Inbound } from "../../../src/types/channel.ts";
import type {
  ApprovalPlace,
  ChannelHost,
  Identified,
  PlatformAccount,
  PostRef,
} from "../../../src/types/channel-host.ts";
import type { JsonObject } from "../../../src/types/json.ts";
import type { Principal } from "../../../src/types/principal.ts";
import { StewardError } from "../../../src/types/steward-error.ts";
import type { ThreadRef } from "../../../src/types/thread.ts";

export type Call = { readonly what: string; readonly args: readonly unknown[] };

export function person(email: string, name: string): Principal {
  return {
    id: email,
    name,
    title: "",
    manager: null,
    groups: ["everyone"],
    zone: "Europe/Berlin",
    locale: "en-GB",
  };
}

/** A house that writes down what a channel asks of it, and answers as a test says. */
export function createHostRecorder(people: readonly Principal[], now: () => Date) {
  const calls: Call[] = [];
  const received: Inbound[] = [];
  const accounts = new Map<string, { readonly workspace: string; readonly account: string }>();
  const posts = new Map<string, PostRef>();
  const notes = new Map<string, JsonObject>();
  const secrets = new Map<string, string>();
  const postKey = (thread: ThreadRef, item: string) =>
    JSON.stringify([thread.conversation, thread.thread, item]);
  const plan = {
    /** The next so many messages are not kept. */
    failReceive: 0,
    slowMs: 0,
    /** What each person may see; by their id. */
    cardFor: (_as: string, _turn: string): Card => {
      throw new StewardError("ACT-404");
    },
    decide: (_as: string, _what: string, _args: readonly unknown[]): Card => {
      throw new StewardError("APR-404");
    },
    place: { kind: "direct" } as ApprovalPlace,
    /** Who may see what carries a label, by its readers. */
    amend: "changed" as "changed" | "late" | "unknown",
    withdraw: "withdrawn" as "withdrawn" | "stopped" | "late" | "unknown",
    isStopped: true,
    confirmLink: async (_account: PlatformAccount, _text: string): Promise<Identified | null> => null,
  };
  const note = (what: string, ...args: readonly unknown[]) => calls.push({ what, args });
  const slow = () => new Promise((resolve) => setTimeout(resolve, plan.slowMs));
  const decide = async (as: string, what: string, ...args: readonly unknown[]) => {
    note(what, as, ...args);
    if (plan.slowMs > 0) await slow();
    return { card: plan.decide(as, what, args), message: "Done as you said." };
  };

  const host: ChannelHost = {
    async identify(account, { link = true } = {}): Promise<Identified> {
      note("identify", account);
      if (account.isGuest) return { kind: "refused", message: "Guests are not served." };
      const linked = [...accounts].find(([, each]) => each.account === account.account)?.[0];
      const found = people.find(({ id }) => id === (account.email ?? linked));
      if (!found) {
        return {
          kind: "unmapped",
          message: "I do not know you yet.",
          linkUrl: link ? "https://steward.example.com/link/1" : null,
        };
      }
      accounts.set(found.id, { workspace: account.workspace, account: account.account });
      return { kind: "known", principal: found };
    },
    async confirmLink(account, text) {
      note("confirmLink", account, text);
      return await plan.confirmLink(account, text);
    },
    accountOf: async (_channel, id) => accounts.get(id) ?? null,
    async receive(message) {
      if (plan.failReceive > 0) {
        plan.failReceive--;
        throw new Error("the database is away");
      }
      if (!received.some(({ dedupe }) => dedupe === message.dedupe)) received.push(message);
      return { session: `ses_${message.thread.thread}` };
    },
    async amend(as, message, text) {
      note("amend", as, message, text);
      return plan.amend;
    },
    async withdraw(as, message) {
      note("withdraw", as, message);
      return plan.withdraw;
    },
    async stop(as, thread) {
      note("stop", as, thread);
      return plan.isStopped;
    },
    async putFile(as, file) {
      note("putFile", as, file.name, file.content.byteLength);
      return {
        id: `fil_${file.name}`,
        name: file.name,
        mediaType: "text/plain",
        bytes: file.content.byteLength,
      };
    },
    maxFileBytes: 10_000,
    async card(as, turn) {
      return plan.cardFor(as, turn);
    },
    approve: (as, approval, edit, more) => decide(as, "approve", approval, edit, more),
    refuse: (as, approval, reason) => decide(as, "refuse", approval, reason),
    undo: (as, action) => decide(as, "undo", action),
    resolve: (as, action, choice) => decide(as, "resolve", action, choice),
    async why(as, action) {
      note("why", as, action);
      return "Rule crm-big-change asked.\nMia approved.";
    },
    async feedback(as, message, verdict, comment) {
      note("feedback", as, message, verdict, comment);
    },
    pendingApprovals: async () => [],
    requests: async () => [],
    schedules: async () => [],
    suggestions: async () => ["What is our travel policy?", "Who is Globex?"],
    approvalPlace: async () => plan.place,
    setApprovalPlace: async () => undefined,
    mayAllSee: (label, principals) =>
      principals.every((id) =>
        id === null
          ? label.sensitivity === "public"
          : label.readers.includes("everyone") || label.readers.includes(id),
      ),
    linkTo: ({ document, session }) =>
      document ? `https://steward.example.com/d/${document}` : `https://steward.example.com/s/${session}`,
    posts: {
      find: async (thread, item) => posts.get(postKey(thread, item)) ?? null,
      save: async (post) => void posts.set(postKey(post.thread, post.item), structuredClone(post)),
      remove: async (thread, item) => void posts.delete(postKey(thread, item)),
    },
    notes: {
      read: async (key) => notes.get(key) ?? null,
      write: async (key, value) => void notes.set(key, structuredClone(value)),
      remove: async (key) => void notes.delete(key),
      list: async (prefix) =>
        [...notes]
          .filter(([key]) => key.startsWith(prefix))
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .slice(0, 1_000)
          .map(([key, value]) => ({ key, value })),
      async writeOnce(key, value) {
        if (notes.has(key)) return false;
        notes.set(key, value);
        return true;
      },
    },
    vault: {
      read: async (name) => secrets.get(name) ?? null,
      write: async (name, secret) => void secrets.set(name, secret),
      remove: async (name) => void secrets.delete(name),
    },
    now,
    log: (level, what, about) => note(`log ${level}`, what, about),
  };
  return {
    host,
    plan,
    calls,
    received,
    posts,
    notes,
    accounts,
    of: (what: string) => calls.filter((call) => call.what === what).map(({ args }) => args),
  };
}
