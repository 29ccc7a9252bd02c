import type { AskResult } from "../types/ask-result.ts";
import type { Card } from "../types/card.ts";
import type { FileRef } from "../types/file-ref.ts";
import type { Json, JsonObject } from "../types/json.ts";
import type { Principal } from "../types/principal.ts";
import type { AccountPorts } from "./account-ports.ts";
import type { ConversationPorts, ItemsPage } from "./conversation-ports.ts";
import type { PolicyPorts } from "./policy-ports.ts";
import type { SitePorts } from "./site-ports.ts";
import type { VotePorts } from "./vote-ports.ts";

export type Me = {
  readonly principal: Principal;
  readonly mode: "demo" | "token";
  readonly company: string;
  /** Things to try, made from what this person may do. */
  readonly suggestions: readonly string[];
  /** One sentence on what Steward is, for the header. */
  readonly about: string;
  readonly maxFileBytes: number;
};

export type SessionSummary = { readonly id: string; readonly title: string; readonly updatedAt: string };

export type OpenedDocument = {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly updatedAt: string;
  readonly passages: readonly {
    readonly id: string;
    readonly headings: readonly string[];
    readonly text: string;
  }[];
};

export type FoundPassage = {
  readonly document: string;
  readonly title: string;
  readonly passage: string;
  readonly headings: readonly string[];
  readonly text: string;
  readonly score: number;
};

/** The card as it stands after a decision, and one sentence for the person who decided. */
export type CardAnswer = { readonly card: Card; readonly message: string };

export type IngestResult = {
  readonly document: string;
  readonly title: string;
  readonly passages: number;
  readonly status: "added" | "changed" | "unchanged";
};

export type TokenInfo = {
  readonly id: string;
  readonly principal: string;
  readonly name: string;
  readonly isAdmin: boolean;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly usedAt: string | null;
};

export type AuditReport = {
  readonly ok: boolean;
  /** Rows of the record, and how many of them have their place in the tree. */
  readonly entries: number;
  readonly size: number;
  /** Root of the tree over all of them, base64. */
  readonly root: string;
  /** Checkpoints outside the database that were compared. */
  readonly checkpoints: number;
  readonly problems: readonly string[];
};

export type PolicyReport = {
  readonly ok: boolean;
  readonly version: string;
  readonly rules: number;
  readonly problems: readonly string[];
};

export type DoctorCheck = {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do when it is not well; null when it is. */
  readonly remedy: string | null;
};
export type DoctorReport = { readonly ok: boolean; readonly checks: readonly DoctorCheck[] };

export type AskInput = {
  readonly text: string;
  /** Session to go on with; null for a new one. */
  readonly session: string | null;
  /** Ids of uploaded files. */
  readonly files: readonly string[];
  /** How long to wait for the turn's end; the turn itself goes on after it. */
  readonly timeoutMs: number;
};

/** A message that a platform did not take, laid aside after the last try. */
export type DeadMessage = {
  readonly id: number;
  readonly session: string;
  /** For whose eyes it is. */
  readonly person: string;
  readonly channel: string;
  readonly attempts: number;
  readonly error: string;
  readonly at: string;
};

/** An event of a session's log as it stands there. */
export type LoggedEvent = {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly data: JsonObject;
};

/** For whoever runs the installation. */
export type OperationsPorts = {
  /** The whole installation as it is now, gzipped (src/store/backup). */
  backup(): Promise<AsyncIterable<Uint8Array>>;
  listOutbox(): Promise<readonly DeadMessage[]>;
  /** Sends one again, or all with null; throws OUT-404 when that one was not laid aside. */
  retryOutbox(by: string, id: number | null): Promise<{ readonly retried: number }>;
  /** Events of any session after a sequence number, at most 500: for finding out what went wrong. Recorded. SES-404. */
  readLog(by: string, session: string, after: number): Promise<{ readonly events: readonly LoggedEvent[] }>;
};

/**
 * Everything that the HTTP API and the command line can ask of an installation. `as` is the id of a person
 * whose identity is already proven; what that person may see or do is decided behind this interface. Each
 * throws `StewardError` with a code of the catalogue. Administration (from `ingest` on) asks no person:
 * whoever calls it has been found to be an administrator.
 */
export type ApiPorts = OperationsPorts &
  PolicyPorts &
  VotePorts &
  ConversationPorts &
  SitePorts &
  AccountPorts & {
    /** Whether work can be taken now; the reason in words when not; `notes` on what works less well than it could. */
    isReady(): Promise<{
      readonly ok: boolean;
      readonly reason: string | null;
      readonly notes?: readonly string[];
    }>;
    findPerson(id: string): Promise<Principal | null>;
    people(): Promise<readonly Principal[]>;

    me(as: string): Promise<Me>;
    /** Waits until the turn is over or parked. */
    ask(as: string, input: AskInput): Promise<AskResult>;
    /** Accepts a message (kept from then on) without waiting. `id` is the client's own: a repeat changes nothing. */
    postMessage(
      as: string,
      message: {
        readonly id: string;
        readonly session: string | null;
        readonly text: string;
        readonly files: readonly string[];
      },
    ): Promise<{ readonly session: string; readonly seq: number }>;
    sessions(as: string): Promise<readonly SessionSummary[]>;
    items(as: string, session: string, after: number): Promise<ItemsPage>;
    stop(as: string, session: string): Promise<void>;
    putFile(as: string, file: { readonly name: string; readonly content: Uint8Array }): Promise<FileRef>;
    openDocument(as: string, document: string, passage: string | null): Promise<OpenedDocument>;
    search(as: string, query: string, limit: number): Promise<readonly FoundPassage[]>;
    /** Fields of an invoice or another business document with their evidence; writes nothing. */
    extract(file: { readonly name: string; readonly content: Uint8Array }): Promise<JsonObject>;

    approvals(as: string): Promise<readonly { readonly card: Card }[]>;
    card(as: string, turn: string): Promise<Card>;
    /** `digest`: only if it is still what was seen. `grantUntil`: a standing yes for the like until then (ISO 8601). */
    approve(
      as: string,
      approval: string,
      edit: Readonly<Record<string, Json>> | null,
      more?: { readonly digest?: string; readonly grantUntil?: string },
    ): Promise<CardAnswer>;
    refuse(as: string, approval: string, reason: string): Promise<CardAnswer>;
    undo(as: string, action: string): Promise<CardAnswer>;
    /** For an action whose outcome is unknown. */
    resolve(as: string, action: string, choice: "check" | "retry" | "give-up"): Promise<CardAnswer>;
    /** The record of an action in words: who asked, what decided, what happened. */
    why(as: string, action: string): Promise<string>;

    ingest(document: {
      /** Where it came from; the same source again replaces the document. */
      readonly source: string;
      readonly content: Uint8Array;
      readonly readers: readonly string[];
    }): Promise<IngestResult>;
    auditVerify(): Promise<AuditReport>;
    policyCheck(): Promise<PolicyReport>;
    doctor(): Promise<DoctorReport>;
    createToken(
      by: string,
      token: {
        readonly principal: string;
        readonly name: string;
        readonly isAdmin: boolean;
        readonly days: number | null;
      },
    ): Promise<TokenInfo & { readonly token: string }>;
    listTokens(): Promise<readonly TokenInfo[]>;
    revokeToken(by: string, id: string): Promise<TokenInfo>;
    importPeople(by: string, people: readonly Principal[]): Promise<{ readonly saved: number }>;
  };
