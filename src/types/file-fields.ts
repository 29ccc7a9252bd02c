import type { FileRef } from "./file-ref.ts";

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
