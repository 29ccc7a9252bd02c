import type { Card } from "./card.ts";
import type { Channel, Inbound } from "./channel.ts";
import type { FileRef } from "./file-ref.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Label } from "./label.ts";
import type { Principal } from "./principal.ts";
import type { ThreadRef } from "./thread.ts";

/** Platforms that people already use; each shows what the outbox sends. */
export type PlatformName = Extract<ThreadRef["channel"], "slack" | "teams">;

/** Somebody of a platform, as the platform itself vouches for. */
export type PlatformAccount = {
  readonly channel: PlatformName;
  /** Slack workspace (team) id, or Microsoft Entra tenant id. */
  readonly workspace: string;
  /** The platform's own id of the person, stable in the workspace. */
  readonly account: string;
  /** In lower case, only when the platform says that it is verified; null otherwise. */
  readonly email: string | null;
  /** Guest, Slack Connect, external or federated: never mapped by e-mail. */
  readonly isGuest: boolean;
  /** As the platform tells them, for showing only: anybody may choose their own name. */
  readonly name?: string | null;
  readonly workspaceName?: string | null;
};

/** Who an account is here; `refused` and `unmapped` say in `message` what to do about it. */
export type Identified =
  | { readonly kind: "known"; readonly principal: Principal }
  /** `linkUrl`: a page that shows a number to whoever signs in there (`confirmLink`); usable once, for 15 minutes. */
  | { readonly kind: "unmapped"; readonly message: string; readonly linkUrl: string | null }
  | { readonly kind: "refused"; readonly message: string };

/** Where a copy of an item stands on a platform; `ref` is the channel's own (message id, conversation …). */
export type PostRef = {
  readonly thread: ThreadRef;
  /** Item id (`ThreadItem.id`). */
  readonly item: string;
  /** For whose eyes it was made. */
  readonly viewer: string;
  readonly ref: JsonObject;
};

/** The channel's own durable notes: installations, conversation references, who was told what. Keys at most 300 characters. */
export type ChannelNotes = {
  read(key: string): Promise<JsonObject | null>;
  write(key: string, value: JsonObject): Promise<void>;
  remove(key: string): Promise<void>;
  /** By key prefix, in order of key, at most 1,000. */
  list(prefix: string): Promise<readonly { readonly key: string; readonly value: JsonObject }[]>;
  /** True the first time a key is written, false ever after: for what must happen once. */
  writeOnce(key: string, value: JsonObject): Promise<boolean>;
};

/** Secrets sealed at rest (AES-256-GCM under the installation's key). */
export type Vault = {
  read(name: string): Promise<string | null>;
  write(name: string, secret: string): Promise<void>;
  remove(name: string): Promise<void>;
};

/** The card after a decision, and one sentence for whoever decided. */
export type Decided = { readonly card: Card; readonly message: string };

/** Where a person wants cards that wait for their decision. */
export type ApprovalPlace =
  | { readonly kind: "direct" }
  /** Only where it was asked, if that place is open to them. */
  | { readonly kind: "thread" }
  /** A channel of the platform, by its id. */
  | { readonly kind: "channel"; readonly channel: PlatformName; readonly id: string };

export type ScheduleLine = { readonly id: string; readonly line: string; readonly nextAt: string | null };
export type RequestLine = {
  readonly turn: string;
  readonly line: string;
  readonly status: string;
  readonly at: string;
};

/**
 * What the house does for a platform channel. `as` is the id of a principal that `identify` gave. What may be
 * seen or done is decided behind this; each function throws `StewardError` with a code whose message is fit for
 * the person. None of them trusts anything that a button carried beyond an opaque id.
 */
export type ChannelHost = {
  /** Without `link: false` it makes a link for whoever is unmapped; whoever is only asked about needs none. */
  identify(account: PlatformAccount, options?: { readonly link?: boolean }): Promise<Identified>;
  /**
   * What an unmapped account said in its own direct message, where nobody else can write for it. Null when that is no
   * number of six digits. The number of a link's page ties the account to whoever signed in there; of any other the
   * answer says what to do. At most five tries, for 15 minutes.
   */
  confirmLink(account: PlatformAccount, text: string): Promise<Identified | null>;
  /** The account of a person on a platform, the way back of `identify`; null when they were never seen there. */
  accountOf(
    channel: PlatformName,
    principal: string,
  ): Promise<{ readonly workspace: string; readonly account: string } | null>;

  /** Keeps a message (dedupe row, message and job commit together) and starts on it; resolves when it is kept. */
  receive(message: Inbound): Promise<{ readonly session: string }>;
  /** Another wording for a message not yet begun; `late` when it was begun, `unknown` when there is none such. */
  amend(as: string, message: string, text: string): Promise<"changed" | "late" | "unknown">;
  /** Takes a message back: it is not begun, or its turn is stopped; what was already done stays. */
  withdraw(as: string, message: string): Promise<"withdrawn" | "stopped" | "late" | "unknown">;
  /** Ends the turn that runs in the person's session at this place; false when none does. */
  stop(as: string, thread: ThreadRef): Promise<boolean>;
  /** Stores a file as the person's; throws FIL-400 and FIL-413. At most `maxFileBytes`. */
  putFile(as: string, file: { readonly name: string; readonly content: Uint8Array }): Promise<FileRef>;
  readonly maxFileBytes: number;

  /** The card of a turn as this person may see it; throws ACT-404. */
  card(as: string, turn: string): Promise<Card>;
  approve(
    as: string,
    approval: string,
    edit: Readonly<Record<string, Json>> | null,
    more?: { readonly digest?: string; readonly grantUntil?: string },
  ): Promise<Decided>;
  refuse(as: string, approval: string, reason: string): Promise<Decided>;
  undo(as: string, action: string): Promise<Decided>;
  resolve(as: string, action: string, choice: "check" | "retry" | "give-up"): Promise<Decided>;
  /** The record of an action in words. */
  why(as: string, action: string): Promise<string>;
  /** Thumbs on one of Steward's messages; the last one counts. */
  feedback(as: string, message: string, verdict: "up" | "down" | null, comment: string | null): Promise<void>;

  pendingApprovals(as: string): Promise<readonly Card[]>;
  requests(as: string): Promise<readonly RequestLine[]>;
  schedules(as: string): Promise<readonly ScheduleLine[]>;
  suggestions(as: string): Promise<readonly string[]>;
  approvalPlace(as: string): Promise<ApprovalPlace>;
  setApprovalPlace(as: string, place: ApprovalPlace): Promise<void>;

  /**
   * Whether each of these principals may see what carries this label; null is somebody whom nobody knows. An empty list
   * may see everything.
   */
  mayAllSee(label: Pick<Label, "sensitivity" | "readers">, principals: readonly (string | null)[]): boolean;
  /**
   * Address of the web page for a link: a citation's passage, a conversation, with `turn` a request in it, for whoever
   * decides on it too. Null when none is reachable.
   */
  linkTo(what: {
    readonly document?: string;
    readonly passage?: string;
    readonly session?: string;
    readonly turn?: string;
  }): string | null;

  /** Copies of an item in one thread, so that the next `post` edits instead of adding. */
  readonly posts: {
    find(thread: ThreadRef, item: string): Promise<PostRef | null>;
    save(post: PostRef): Promise<void>;
    remove(thread: ThreadRef, item: string): Promise<void>;
  };
  readonly notes: ChannelNotes;
  readonly vault: Vault;
  readonly now: () => Date;
  /** Never with secrets or what people wrote. */
  log(level: "info" | "warn" | "error", what: string, about?: Readonly<Record<string, unknown>>): void;
};

/** One finding of `steward doctor --channel …`. */
export type ChannelCheck = {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do when it is not well; null when it is. */
  readonly remedy: string | null;
};

/** A platform channel: what it receives goes through its host; `routes` are for its webhooks. */
export type PlatformChannel = Channel & {
  /** Whether a person reads along at a place, so that a card shown there reaches them. Left out: no. */
  isOpenTo?(thread: ThreadRef, principal: string): Promise<boolean>;
  /** Tokens, scopes, signatures, reachability; asks the platform, changes nothing there. */
  check(): Promise<readonly ChannelCheck[]>;
};
