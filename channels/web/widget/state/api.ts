import type { Card } from "../../../../src/types/card.ts";
import type { FileRef } from "../../../../src/types/file-ref.ts";
import type { Principal } from "../../../../src/types/principal.ts";
import type { ThreadItem } from "../../../../src/types/thread-item.ts";
import { createCredentials, type Identity } from "./credentials.ts";

export type Me = {
  readonly principal: Principal;
  readonly mode: "demo" | "token";
  readonly company: string;
  readonly suggestions: readonly string[];
  readonly about: string;
  /** Largest file taken; null or left out when the server does not say. */
  readonly maxFileBytes?: number | null;
};
export type Person = Pick<Principal, "id" | "name" | "title" | "groups">;
export type SessionRow = {
  readonly id: string;
  readonly title: string;
  readonly updatedAt: string;
  /** Of a search: the words around what was found, when it was not the title. */
  readonly excerpt?: string | null;
};
/** `start`: the place in the log before which nothing was read; 1 or less at the beginning. */
type ItemsPage = { readonly items: ThreadItem[]; readonly head: number; readonly start?: number };

/** What went wrong, in words for people. `status` 0: the server was not reached. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly remedy: string;
  /** What was said beyond what its code says. */
  readonly more: string;

  constructor(status: number, code: string, detail: string, remedy: string, more = "") {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.remedy = remedy;
    this.more = more;
  }
}

const UNREACHED = () =>
  new Problem(0, "NET-000", "Steward could not be reached.", "Check the connection and try again.");

const NOT_IDENTIFIED = () =>
  new Problem(
    401,
    "IDN-400",
    "This page did not say who you are.",
    "Reload it, or sign in to it again; what you wrote is kept.",
  );

/** A `Problem` from whatever was thrown. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem(
    -1,
    "WEB-500",
    "Something went wrong on this page.",
    "Reload it; what you sent is kept.",
  );
}

function readProblem(status: number, body: unknown): Problem {
  const data = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = (key: string) => (typeof data[key] === "string" ? (data[key] as string) : "");
  const title = text("title");
  const detail = text("detail") || title || "The server could not answer.";
  const more = detail === title ? "" : detail;
  return new Problem(status, text("code") || `HTTP-${status}`, detail, text("remedy"), more);
}

export type Api = ReturnType<typeof createApi>;

/** The HTTP side of the contract, for one identity. Every call throws `Problem` when it does not succeed. */
export function createApi(identity: Identity | null, base = "") {
  const credentials = createCredentials(identity);

  /** What was sent is told by its status; throws `Problem` when nothing came back. */
  async function send(method: string, path: string, more: Record<string, string>, body?: string) {
    const headers = await who();
    try {
      const response = await fetch(base + path, {
        method,
        headers: { ...headers, ...more },
        credentials: "omit",
        cache: "no-store",
        signal: AbortSignal.timeout(30_000),
        ...(body === undefined ? {} : { body }),
      });
      const answer: unknown = await response.json().catch(() => null);
      return { status: response.status, answer };
    } catch {
      throw UNREACHED();
    }
  }
  const who = () =>
    credentials.headers().catch(() => {
      throw NOT_IDENTIFIED();
    });

  async function call<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
    const more: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) more["Content-Type"] = "application/json";
    if (method !== "GET") more["Idempotency-Key"] = key ?? randomId();
    const text = body === undefined ? undefined : JSON.stringify(body);
    let { status, answer } = await send(method, path, more, text);
    // A token that ended on the way: once more with its successor, under the same key.
    if (status === 401 && (await credentials.renew()))
      ({ status, answer } = await send(method, path, more, text));
    if (status >= 300) throw readProblem(status, answer);
    return answer as T;
  }
  const id = encodeURIComponent;

  return {
    identity,
    credentials,
    base,
    /** Any other question of the contract: what only panels ask stands in `panel-api.ts`, which comes with them. */
    call,
    me: () => call<Me>("GET", "/api/me"),
    send: (session: string, message: { id: string; text: string; files: readonly string[] }) =>
      call<{ session: string; seq: number }>(
        "POST",
        `/api/sessions/${id(session)}/messages`,
        message,
        message.id,
      ),
    sessions: (words = "") =>
      call<{ sessions: SessionRow[] }>(
        "GET",
        words === "" ? "/api/sessions" : `/api/sessions?q=${id(words)}`,
      ),
    feedback: (message: string, verdict: "up" | "down" | null, comment: string | null) =>
      call<unknown>("POST", `/api/messages/${id(message)}/feedback`, { verdict, comment }),
    items: (session: string, after: number) =>
      call<ItemsPage>("GET", `/api/sessions/${id(session)}/items?after=${after}`),
    itemsBefore: (session: string, before: number) =>
      call<ItemsPage & { start: number }>("GET", `/api/sessions/${id(session)}/items?before=${before}`),
    stop: (session: string) => call<unknown>("POST", `/api/sessions/${id(session)}/stop`, {}),
    approvals: () => call<{ approvals: { card: Card }[] }>("GET", "/api/approvals"),
    card: (turn: string) => call<{ card: Card }>("GET", `/api/cards/${id(turn)}`),
    approve: (
      approval: string,
      edit?: Readonly<Record<string, unknown>>,
      more: { digest?: string | undefined; grantUntil?: string } = {},
    ) =>
      call<{ card: Card }>("POST", `/api/approvals/${id(approval)}/approve`, {
        ...(edit ? { edit } : {}),
        ...more,
      }),
    approveAll: (approvals: readonly { id: string; digest: string }[]) =>
      call<{ results: { id: string; ok: boolean; message: string }[] }>("POST", "/api/approvals/approve", {
        approvals,
      }),
    refuse: (approval: string, reason: string) =>
      call<{ card: Card }>("POST", `/api/approvals/${id(approval)}/refuse`, { reason }),
    undo: (action: string) => call<{ card: Card }>("POST", `/api/actions/${id(action)}/undo`, {}),
    resolve: (action: string, choice: "check" | "retry" | "give-up") =>
      call<{ card: Card }>("POST", `/api/actions/${id(action)}/resolve`, { choice }),

    /** Sends a file with its progress from 0 to 1; aborting the signal throws a `Problem` too. */
    async upload(file: File, onProgress: (done: number) => void, signal: AbortSignal): Promise<FileRef> {
      const headers = await who();
      return await new Promise((resolve, reject) => {
        // XMLHttpRequest, because fetch cannot tell the progress of what it sends.
        const request = new XMLHttpRequest();
        request.open("POST", `${base}/api/files?name=${id(file.name)}`);
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
        request.setRequestHeader("Idempotency-Key", randomId());
        request.setRequestHeader("Content-Type", "application/octet-stream");
        request.responseType = "json";
        request.upload.onprogress = (event) =>
          event.lengthComputable && onProgress(event.loaded / event.total);
        request.onload = () =>
          request.status < 300
            ? resolve(request.response as FileRef)
            : reject(readProblem(request.status, request.response));
        request.onerror = () => reject(UNREACHED());
        request.onabort = () => reject(UNREACHED());
        signal.addEventListener("abort", () => request.abort());
        request.send(file);
      });
    },
  };
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** A new id in the layout of the server's own: 48 bits of time, 80 random bits. */
export function randomId(prefix = "msg"): string {
  let time = "";
  for (let rest = Date.now(), i = 0; i < 10; i++) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let random = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) random += ALPHABET.charAt(byte & 31);
  return `${prefix}_${time}${random}`;
}
