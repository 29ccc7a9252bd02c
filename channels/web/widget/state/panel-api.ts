import type { FileFields } from "../../../../src/types/file-fields.ts";
import type { RequestView } from "../../../../src/types/request-view.ts";
import type { Api } from "./api.ts";

export type DocumentView = {
  readonly id: string;
  readonly title: string;
  readonly passages: readonly {
    readonly id: string;
    readonly headings: readonly string[];
    readonly text: string;
  }[];
};

/** A standing yes. */
export type GrantRow = {
  readonly id: string;
  readonly granter: { readonly id: string; readonly name: string };
  readonly requester: { readonly id: string; readonly name: string };
  readonly line: string;
  readonly until: string;
};

const id = encodeURIComponent;
const about = (turn: string | null) => (turn === null ? "" : `?turn=${id(turn)}`);
const CONTENT_MS = 60_000;

/** What only panels ask. Every call throws `Problem` when it does not succeed. */
export const panelApi = ({ call, credentials, base }: Api) => ({
  /** The file itself; throws when it cannot be had now. */
  async content(file: string, turn: string | null): Promise<Uint8Array<ArrayBuffer>> {
    const response = await fetch(`${base}/api/files/${id(file)}/content${about(turn)}`, {
      headers: await credentials.headers(),
      credentials: "omit",
      signal: AbortSignal.timeout(CONTENT_MS),
    });
    if (!response.ok) throw new Error(`The file did not come: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  },
  rename: (session: string, title: string) =>
    call<{ id: string; title: string }>("POST", `/api/sessions/${id(session)}/rename`, { title }),
  transcript: (session: string, format: "markdown" | "text", language: string) =>
    call<{ name: string; text: string }>(
      "GET",
      `/api/sessions/${id(session)}/transcript?format=${format}&locale=${id(language)}`,
    ),
  grants: () => call<{ grants: GrantRow[] }>("GET", "/api/grants"),
  revokeGrant: (grant: string) => call<GrantRow>("POST", `/api/grants/${id(grant)}/revoke`, {}),
  request: (turn: string) => call<RequestView>("GET", `/api/cards/${id(turn)}/request`),
  file: (file: string, turn: string | null) =>
    call<FileFields>("GET", `/api/files/${id(file)}/fields${about(turn)}`),
  document: (document: string, passage: string) =>
    call<DocumentView>("GET", `/api/documents/${id(document)}${passage && `?passage=${id(passage)}`}`),
  why: (action: string) => call<{ text: string }>("GET", `/api/actions/${id(action)}/why`),
});
