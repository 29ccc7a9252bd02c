import type { FileFields } from "../types/file-fields.ts";
import type { RequestView } from "../types/request-view.ts";
import type { ThreadItem } from "../types/thread-item.ts";

export type FoundSession = {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: string;
  /** The words around what was found in a message; null when it was the title. */
  readonly excerpt: string | null;
};

/** `start`: the place in the log before which nothing was read; 1 or less at the beginning. */
export type ItemsPage = {
  readonly items: readonly ThreadItem[];
  readonly head: number;
  readonly start: number;
};

/** A conversation as a file. */
export type Transcript = { readonly name: string; readonly text: string };

/** What a person can do with their conversations besides talking. */
export type ConversationPorts = {
  /** Own conversations whose title or messages hold all the words, the latest first; at most 50. */
  searchSessions(as: string, words: string): Promise<readonly FoundSession[]>;
  /** Throws SES-404. */
  renameSession(as: string, session: string, title: string): Promise<void>;
  /** What a conversation showed before a place in it. Throws SES-404. */
  itemsBefore(as: string, session: string, before: number): Promise<ItemsPage>;
  /** Throws SES-404. */
  transcript(
    as: string,
    session: string,
    format: "markdown" | "text",
    locale: string | null,
  ): Promise<Transcript>;
  /** Thumbs on one of Steward's messages, the last one counting. Throws MSG-404. */
  feedback(as: string, message: string, verdict: "up" | "down" | null, comment: string | null): Promise<void>;
  /** Throws ACT-404 for whoever may not see the card. */
  request(as: string, turn: string): Promise<RequestView>;
  /** The file itself, for whom `fileFields` is. Throws FIL-404. */
  fileContent(as: string, file: string, turn: string | null): Promise<Uint8Array>;
  /** `turn`: of a request with this file, for whoever may see its card. Throws FIL-404. */
  fileFields(as: string, file: string, turn: string | null): Promise<FileFields>;
};
