import type { FileRef } from "../types/file-ref.ts";
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

/** What was asked for with a card: the part of a conversation that whoever decides may read. */
export type RequestView = {
  readonly turn: string;
  /** Only for whose own conversation it is. */
  readonly session: string | null;
  readonly author: { readonly id: string; readonly name: string };
  readonly text: string;
  readonly files: readonly FileRef[];
  readonly at: string;
};

/** What was read from a file, with the place of each value. Boxes: left, top, right, bottom, in points from the top left. */
export type FileFields = {
  readonly file: FileRef;
  readonly fields: readonly {
    readonly name: string;
    readonly kind: "text" | "money" | "date";
    /** Money as a plain decimal, dates as YYYY-MM-DD. */
    readonly value: string;
    readonly currency: string | null;
    readonly page: number | null;
    readonly box: readonly number[] | null;
    readonly path: string | null;
  }[];
  readonly lines: readonly { readonly text: string; readonly amount: string | null }[];
  readonly pages: readonly {
    readonly number: number;
    readonly width: number;
    readonly height: number;
    readonly texts: readonly { readonly text: string; readonly box: readonly number[] }[];
  }[];
  readonly checks: readonly { readonly ok: boolean; readonly text: string }[];
  /** Why nothing was read, in words; null when something was. */
  readonly problem: string | null;
};

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
  /** `turn`: of a request with this file, for whoever may see its card. Throws FIL-404. */
  fileFields(as: string, file: string, turn: string | null): Promise<FileFields>;
};
