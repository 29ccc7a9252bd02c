import type { Card } from "../../../src/types/card.ts";
import type { Inbound } from "../../../src/types/channel.ts";
import type {
  ApprovalPlace,
  ChannelHost,
  Decided,
  Identified,
  PlatformAccount,
  PostRef,
} from "../../../src/types/channel-host.ts";
import type { JsonObject } from "../../../src/types/json.ts";
import type { Label } from "../../../src/types/label.ts";
import { StewardError } from "../../../src/types/steward-error.ts";

export type HostCall = { readonly name: string; readonly args: readonly unknown[] };

/** A house that keeps what it is told and lets a test choose what it answers. */
export function createRecordingHost(options: { readonly now?: () => Date } = {}) {
  const calls: HostCall[] = [];
  const received: Inbound[] = [];
  const kept = new Map<string, string>();
  const posts = new Map<string, PostRef>();
  const notes = new Map<string, JsonObject>();
  const secrets = new Map<string, string>();
  const cards = new Map<string, Card>();
  const logs: { level: string; what: string; about: unknown }[] = [];
  const accounts = new Map<string, { workspace: string; account: string }>();
  const places = new Map<string, ApprovalPlace>();
  const will = {
    /** Waited for before a message is kept. */
    receive: async (_message: Inbound): Promise<void> => undefined,
    approve: async (_as: string, _approval: string, _edit: unknown): Promise<Decided> => {
      throw new StewardError("APR-404");
    },
    mayAllSee: (
      _label: Pick<Label, "sensitivity" | "readers">,
      _people: readonly (string | null)[],
    ): boolean => true,
    confirmLink: async (_account: PlatformAccount, _text: string): Promise<Identified | null> => null,
    isKnown: (account: PlatformAccount): boolean => account.email !== null && !account.isGuest,
    putFile: async (): Promise<void> => undefined,
    isRunning: false,
    amend: "changed" as "changed" | "late" | "unknown",
  };
  const note = (name: string, ...args: readonly unknown[]) => calls.push({ name, args });
  const keyOf = (thread: { conversation: string; thread: string }, item: string) =>
    `${thread.conversation} ${thread.thread} ${item}`;
  const decided = async (as: string, approval: string, edit: unknown) =>
    await will.approve(as, approval, edit);

  const host: ChannelHost = {
    identify: async (account, { link = true } = {}) => {
      if (account.isGuest) return { kind: "refused", message: "Guests cannot talk to Steward here." };
      if (!will.isKnown(account) || account.email === null) {
        return {
          kind: "unmapped",
          message: "I do not know who you are here.",
          linkUrl: link ? "https://steward.example/link/abc" : null,
        };
      }
      accounts.set(account.email, { workspace: account.workspace, account: account.account });
      const id = account.email;
      return {
        kind: "known",
        principal: {
          ...{ id, name: id.split("@")[0] ?? id, title: "Somebody", manager: null, groups: ["everyone"] },
          ...{ zone: "Europe/Berlin", locale: "en-GB" },
        },
      };
    },
    confirmLink: async (account, text) => {
      note("confirmLink", account, text);
      return await will.confirmLink(account, text);
    },
    accountOf: async (_channel, principal) => accounts.get(principal) ?? null,
    receive: async (message) => {
      await will.receive(message);
      const session = kept.get(message.dedupe) ?? `ses_${kept.size + 1}`;
      if (!kept.has(message.dedupe)) received.push(message);
      kept.set(message.dedupe, session);
      return { session };
    },
    amend: async (...args) => {
      note("amend", ...args);
      return will.amend;
    },
    withdraw: async (...args) => {
      note("withdraw", ...args);
      return "withdrawn";
    },
    stop: async (...args) => {
      note("stop", ...args);
      return will.isRunning;
    },
    putFile: async (as, file) => {
      await will.putFile();
      note("putFile", as, file.name, file.content.length);
      return {
        id: `fil_${calls.length}`,
        name: file.name,
        mediaType: "application/pdf",
        bytes: file.content.length,
      };
    },
    maxFileBytes: 1_000,
    card: async (_as, turn) => {
      const card = cards.get(turn);
      if (!card) throw new StewardError("ACT-404");
      return card;
    },
    approve: async (as, approval, edit, more) => {
      note("approve", as, approval, edit, more ?? null);
      return await decided(as, approval, edit);
    },
    refuse: async (as, approval, reason) => {
      note("refuse", as, approval, reason);
      return await decided(as, approval, null);
    },
    undo: async (as, action) => {
      note("undo", as, action);
      return await decided(as, action, null);
    },
    resolve: async (as, action, choice) => {
      note("resolve", as, action, choice);
      return await decided(as, action, null);
    },
    why: async (as, action) => {
      note("why", as, action);
      return "Because the rule says so.";
    },
    feedback: async (...args) => {
      note("feedback", ...args);
    },
    pendingApprovals: async () => [...cards.values()],
    requests: async () => [],
    schedules: async () => [],
    suggestions: async () => ["What is on my calendar today?", "Move my 10:00 to 11:00"],
    approvalPlace: async (as) => places.get(as) ?? { kind: "direct" },
    setApprovalPlace: async (as, place) => {
      places.set(as, place);
    },
    mayAllSee: (label, people) => will.mayAllSee(label, people),
    linkTo: () => "https://steward.example/c/1",
    posts: {
      find: async (thread, item) => posts.get(keyOf(thread, item)) ?? null,
      save: async (post) => {
        posts.set(keyOf(post.thread, post.item), structuredClone(post));
      },
      remove: async (thread, item) => {
        posts.delete(keyOf(thread, item));
      },
    },
    notes: {
      read: async (key) => structuredClone(notes.get(key) ?? null),
      write: async (key, value) => {
        if (key.length > 300) throw new Error("The key is too long.");
        notes.set(key, JSON.parse(JSON.stringify(value)) as JsonObject);
      },
      remove: async (key) => {
        notes.delete(key);
      },
      list: async (prefix) =>
        [...notes]
          .filter(([key]) => key.startsWith(prefix))
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .slice(0, 1_000)
          .map(([key, value]) => ({ key, value })),
      writeOnce: async (key, value) => {
        if (notes.has(key)) return false;
        notes.set(key, JSON.parse(JSON.stringify(value)) as JsonObject);
        return true;
      },
    },
    vault: {
      read: async (name) => secrets.get(name) ?? null,
      write: async (name, secret) => {
        secrets.set(name, secret);
      },
      remove: async (name) => {
        secrets.delete(name);
      },
    },
    now: options.now ?? (() => new Date()),
    log: (level, what, about) => logs.push({ level, what, about }),
  };
  return { host, calls, received, posts, notes, secrets, cards, logs, accounts, places, will };
}
