import type { IncomingMessage, ServerResponse } from "node:http";
import type { ChannelCheck } from "../../../src/types/channel-host.ts";
import type { Json } from "../../../src/types/json.ts";
import type { ConversationRef, InActivity, OutActivity } from "./activity.ts";

/** Somebody in a conversation, as Teams' roster has them. */
export type Member = {
  readonly id: string;
  readonly aadObjectId: string | null;
  readonly name: string | null;
  /** In lower case. */
  readonly email: string | null;
  readonly userPrincipalName: string | null;
  /** user, guest, anonymous … as Teams says it; null when it says nothing. */
  readonly role: string | null;
  readonly tenant: string | null;
  /** A guest, anonymous, or of another tenant: never to be mapped by e-mail. */
  readonly isGuest: boolean;
};

/** The answer of an invoke; what a turn of another kind returns is ignored. */
export type InvokeAnswer = { readonly status: number; readonly body: Json };

/**
 * Called for each verified activity; Teams gets its answer when it resolves, so it resolves as soon as what it
 * was told is kept. A throw is answered with 503, and Teams may send again.
 */
export type OnTurn = (activity: InActivity) => Promise<InvokeAnswer | null>;

/** The one way to and from Teams, whichever SDK is behind it. What sending throws is `TeamsSendError`. */
export type ActivityTransport = {
  readonly sdk: "botbuilder" | "agents";
  /** Verifies who calls, reads at most 1 MB, and answers; never rejects. POST only. */
  handle(req: IncomingMessage, res: ServerResponse, onTurn: OnTurn): Promise<void>;
  /** `isOnce`: whatever comes back is for the caller to judge; nothing is tried again here. */
  send(
    ref: ConversationRef,
    activity: OutActivity,
    options?: { readonly isOnce?: boolean },
  ): Promise<{ readonly id: string }>;
  update(ref: ConversationRef, id: string, activity: OutActivity): Promise<void>;
  /** Resolves also when the message is gone already. */
  remove(ref: ConversationRef, id: string): Promise<void>;
  /** The personal conversation with somebody of a tenant who has the app; `user` is Teams' id (`29:…`). */
  createDirect(to: {
    readonly serviceUrl: string;
    readonly tenant: string;
    readonly user: string;
    readonly bot: ConversationRef["bot"];
  }): Promise<ConversationRef>;
  /** Everybody in the conversation, at most 10,000. */
  members(ref: ConversationRef): Promise<readonly Member[]>;
  /** One of them, by Teams' id or Entra's object id; null when they are not in it. */
  member(ref: ConversationRef, user: string): Promise<Member | null>;
  /** The content of an attachment; with our token only from the connector itself. Throws `TeamsSendError`. */
  download(
    ref: ConversationRef,
    url: string,
    maxBytes: number,
  ): Promise<{ readonly content: Uint8Array; readonly contentType: string }>;
  /** Trades the token that Teams' single sign-on gave for one of an OAuth connection; null when consent is missing. */
  exchangeToken(request: {
    readonly user: string;
    readonly connection: string;
    readonly token: string;
  }): Promise<{ readonly token: string; readonly expiresAt: string | null } | null>;
  /** Registration, secret, metadata and addresses; changes nothing. */
  check(): Promise<readonly ChannelCheck[]>;
};
