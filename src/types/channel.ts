import type { FileRef } from "./file-ref.ts";
import type { Label } from "./label.ts";
import type { ThreadRef } from "./thread.ts";
import type { ThreadItem } from "./thread-item.ts";

/** A verified message from a platform, parsed at the border. */
export type Inbound = {
  /** The platform's own id of the event: the second arrival of one id changes nothing. */
  readonly dedupe: string;
  /** Id under which the thread shows it, when the client chose one; `dedupe` otherwise. */
  readonly message?: string;
  readonly thread: ThreadRef;
  /** Session to go on with; null for the thread's own or a new one. */
  readonly session: string | null;
  readonly principal: string;
  readonly text: string;
  readonly files: readonly FileRef[];
};

/** Something to show in a thread. For people without a thread of their own: `thread.thread` is "approvals". */
export type Outbound = {
  readonly id: string;
  readonly thread: ThreadRef;
  readonly item: ThreadItem;
  /** For whose eyes the item was made; left out where the channel makes it for each watcher itself. */
  readonly viewer?: string;
  /** What the item draws on: where others read along, it may be shown only if all of them may see this. */
  readonly label?: Pick<Label, "sensitivity" | "readers">;
  /** The viewer is asked again: where a copy stands already, they should notice it. Once for each `id`. */
  readonly isReminder?: boolean;
};

/** Words as they are written, before the whole is in the log; lost ones are not missed. */
export type Delta = {
  readonly session: string;
  readonly turn: string;
  readonly text: string;
  readonly step: string | null;
};

export type ChannelCapabilities = { readonly streaming: boolean; readonly edits: boolean };

/** A way people talk to Steward. `post` may throw: the outbox tries again. */
export type Channel = {
  readonly name: ThreadRef["channel"];
  readonly capabilities: ChannelCapabilities;
  start(receive: (message: Inbound) => Promise<{ readonly session: string }>): Promise<void>;
  post(message: Outbound): Promise<void>;
  /**
   * Milliseconds until the platform takes another message there; 0 is now, and whoever is told so goes ahead. Each who
   * is told to wait is given a time of its own. Left out: always now. Must not throw.
   */
  dueInMs?(thread: ThreadRef): number;
  /** Only with `streaming`. Must not throw. */
  stream?(delta: Delta): void;
  stop(): Promise<void>;
};
