import { randomUUID } from "node:crypto";
import type { AccountInfo, LinkStep } from "../api/account-ports.ts";
import type { FoundSession, ItemsPage, Transcript } from "../api/conversation-ports.ts";
import type { PolicyExplained, PolicyReplay } from "../api/policy-ports.ts";
import type {
  ApiPorts,
  AuditReport,
  CardAnswer,
  DeadMessage,
  DoctorReport,
  FoundPassage,
  IngestResult,
  Me,
  OpenedDocument,
  PolicyReport,
  SessionSummary,
  TokenInfo,
} from "../api/ports.ts";
import type { ServerFile } from "../api/server-file.ts";
import type { SiteInfo } from "../api/site-ports.ts";
import type { DelegationInfo, GrantInfo } from "../api/vote-ports.ts";
import type { AskResult } from "../types/ask-result.ts";
import type { Card } from "../types/card.ts";
import type { ChannelCheck } from "../types/channel-host.ts";
import { ERRORS, type ErrorCode } from "../types/error-catalogue.ts";
import type { FileFields } from "../types/file-fields.ts";
import type { FileRef } from "../types/file-ref.ts";
import type { JsonObject } from "../types/json.ts";
import type { Principal } from "../types/principal.ts";
import type { RequestView } from "../types/request-view.ts";
import { StewardError } from "../types/steward-error.ts";

type Call = {
  readonly as?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: object;
  readonly content?: Uint8Array;
};

const id = encodeURIComponent;

/** The ports of a running server, over HTTP, for whoever can read its data directory. */
export function createRemote(server: ServerFile): ApiPorts {
  const call = createCall(server);
  const get = async <T>(path: string, given: Call = {}) => await call<T>("GET", path, given);
  const post = async <T>(path: string, given: Call = {}) => await call<T>("POST", path, given);
  return {
    isReady: async () => {
      try {
        await get("/readyz");
        return { ok: true, reason: null };
      } catch (error) {
        return { ok: false, reason: (error as Error).message };
      }
    },
    findPerson: async (as) => {
      try {
        return (await get<Me>("/api/me", { as })).principal;
      } catch (error) {
        if (error instanceof StewardError && error.code === "DIR-404") return null;
        throw error;
      }
    },
    people: async () => (await get<{ people: readonly Principal[] }>("/api/people")).people,
    me: async (as) => await get<Me>("/api/me", { as }),
    ask: async (as, { text, session, files }) =>
      await post<AskResult>("/api/ask", { as, json: { text, session, files } }),
    postMessage: async (as, { session, ...message }) =>
      await post(`/api/sessions/${id(session ?? "new")}/messages`, { as, json: message }),
    sessions: async (as) =>
      (await get<{ sessions: readonly SessionSummary[] }>("/api/sessions", { as })).sessions,
    items: async (as, session, after) =>
      await get<ItemsPage>(`/api/sessions/${id(session)}/items`, { as, query: { after: String(after) } }),
    itemsBefore: async (as, session, before) =>
      await get<ItemsPage>(`/api/sessions/${id(session)}/items`, { as, query: { before: String(before) } }),
    searchSessions: async (as, q) =>
      (await get<{ sessions: readonly FoundSession[] }>("/api/sessions", { as, query: { q } })).sessions,
    renameSession: async (as, session, title) => {
      await post(`/api/sessions/${id(session)}/rename`, { as, json: { title } });
    },
    transcript: async (as, session, format, locale) =>
      await get<Transcript>(`/api/sessions/${id(session)}/transcript`, {
        as,
        query: { format, ...(locale === null ? {} : { locale }) },
      }),
    feedback: async (as, message, verdict, comment) => {
      await post(`/api/messages/${id(message)}/feedback`, { as, json: { verdict, comment } });
    },
    request: async (as, turn) => await get<RequestView>(`/api/cards/${id(turn)}/request`, { as }),
    fileContent: async (as, file, turn) =>
      await get<Uint8Array>(`/api/files/${id(file)}/content`, {
        as,
        ...(turn === null ? {} : { query: { turn } }),
      }),
    fileFields: async (as, file, turn) =>
      await get<FileFields>(`/api/files/${id(file)}/fields`, {
        as,
        ...(turn === null ? {} : { query: { turn } }),
      }),
    stop: async (as, session) => {
      await post(`/api/sessions/${id(session)}/stop`, { as });
    },
    putFile: async (as, { name, content }) =>
      await post<FileRef>("/api/files", { as, query: { name }, content }),
    openDocument: async (as, document, passage) =>
      await get<OpenedDocument>(`/api/documents/${id(document)}`, {
        as,
        ...(passage === null ? {} : { query: { passage } }),
      }),
    search: async (as, query, limit) =>
      (
        await get<{ passages: readonly FoundPassage[] }>("/api/search", {
          as,
          query: { q: query, limit: String(limit) },
        })
      ).passages,
    extract: async ({ name, content }) =>
      await post<JsonObject>("/api/extract", { query: { name }, content }),
    approvals: async (as) =>
      (await get<{ approvals: readonly { card: Card }[] }>("/api/approvals", { as })).approvals,
    card: async (as, turn) => (await get<{ card: Card }>(`/api/cards/${id(turn)}`, { as })).card,
    approve: async (as, approval, edit, more = {}) =>
      await post<CardAnswer>(`/api/approvals/${id(approval)}/approve`, {
        as,
        json: edit === null ? more : { edit, ...more },
      }),
    approveAll: async (as, approvals) => await post("/api/approvals/approve", { as, json: { approvals } }),
    delegations: async (as) =>
      (await get<{ delegations: readonly DelegationInfo[] }>("/api/delegations", { as })).delegations,
    delegate: async (as, given) => await post<DelegationInfo>("/api/delegations", { as, json: given }),
    revokeDelegation: async (as, delegation) =>
      await post<DelegationInfo>(`/api/delegations/${id(delegation)}/revoke`, { as }),
    grants: async (as) => (await get<{ grants: readonly GrantInfo[] }>("/api/grants", { as })).grants,
    revokeGrant: async (as, grant) => await post<GrantInfo>(`/api/grants/${id(grant)}/revoke`, { as }),
    refuse: async (as, approval, reason) =>
      await post<CardAnswer>(`/api/approvals/${id(approval)}/refuse`, { as, json: { reason } }),
    undo: async (as, action) => await post<CardAnswer>(`/api/actions/${id(action)}/undo`, { as }),
    resolve: async (as, action, choice) =>
      await post<CardAnswer>(`/api/actions/${id(action)}/resolve`, { as, json: { choice } }),
    why: async (as, action) => (await get<{ text: string }>(`/api/actions/${id(action)}/why`, { as })).text,
    ingest: async ({ source, content, readers }) =>
      await post<IngestResult>("/api/documents", { query: { source, readers: readers.join(",") }, content }),
    auditVerify: async () => await get<AuditReport>("/api/audit/verify"),
    policyCheck: async () => await get<PolicyReport>("/api/policy/check"),
    policyExplain: async (action) => await get<PolicyExplained>("/api/policy/explain", { query: { action } }),
    policyReplay: async (input) => await post<PolicyReplay>("/api/policy/replay", { json: input }),
    doctor: async () => await get<DoctorReport>("/api/doctor"),
    createToken: async (_by, token) => await post("/api/tokens", { json: token }),
    listTokens: async () => (await get<{ tokens: readonly TokenInfo[] }>("/api/tokens")).tokens,
    revokeToken: async (_by, token) => await post<TokenInfo>(`/api/tokens/${id(token)}/revoke`),
    listSites: async () => (await get<{ sites: readonly SiteInfo[] }>("/api/sites")).sites,
    addSite: async (_by, site) => await post("/api/sites", { json: site }),
    removeSite: async (_by, site) => await post<SiteInfo>(`/api/sites/${id(site)}/remove`),
    backup: async () => await fetchBackup(server),
    listOutbox: async () => (await get<{ messages: readonly DeadMessage[] }>("/api/outbox")).messages,
    retryOutbox: async (_by, message) => await post("/api/outbox/retry", { json: { id: message } }),
    readLog: async (_by, session, after) =>
      await get(`/api/sessions/${id(session)}/log`, { query: { after: String(after) } }),
    openLink: async (as, code) => await get(`/api/links/${id(code)}`, { as }),
    confirmLink: async (as, code) => await post<LinkStep>(`/api/links/${id(code)}/confirm`, { as }),
    accounts: async (as) =>
      (await get<{ accounts: readonly AccountInfo[] }>("/api/accounts", { as })).accounts,
    removeAccount: async (as, account) => {
      await post("/api/accounts/remove", { as, json: account });
    },
    checkChannel: async (channel) =>
      (await get<{ checks: readonly ChannelCheck[] }>(`/api/channels/${channel}/check`)).checks,
    importPeople: async (_by, people) => await post("/api/people", { json: { people } }),
  };
}

function createCall(server: ServerFile) {
  return async <T>(method: "GET" | "POST", path: string, given: Call): Promise<T> => {
    const query = given.query ? `?${new URLSearchParams(given.query)}` : "";
    const headers: Record<string, string> = { Authorization: `Bearer ${server.secret}` };
    if (given.as !== undefined) headers["X-Steward-As"] = encodeHeader(given.as);
    if (method === "POST") headers["Idempotency-Key"] = randomUUID();
    if (given.json) headers["Content-Type"] = "application/json";
    if (given.content) headers["Content-Type"] = "application/octet-stream";
    const body = given.json ? JSON.stringify(given.json) : given.content;
    const send = async () =>
      await fetch(`${server.url}${path}${query}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: body as BodyInit }),
      });
    // The key makes a second try safe when the connection broke.
    const response = await send().catch(async () => await send().catch(unreached));
    const isFile = response.ok && response.headers.get("Content-Type") === "application/octet-stream";
    if (isFile) return new Uint8Array(await response.arrayBuffer()) as T;
    const answer: unknown = await response.json().catch(() => null);
    if (!response.ok) throw readProblem(answer);
    return answer as T;
  };
}

async function fetchBackup(server: ServerFile): Promise<AsyncIterable<Uint8Array>> {
  const headers = { Authorization: `Bearer ${server.secret}` };
  const response = await fetch(`${server.url}/api/backup`, { headers }).catch(unreached);
  if (!response.ok || !response.body) throw readProblem(await response.json().catch(() => null));
  return response.body;
}

function unreached(cause: unknown): never {
  throw new StewardError("API-503", "The running server stopped answering.", { cause });
}

/** A header bears no line breaks and nothing beyond Latin-1; no such address is in a directory anyway. */
function encodeHeader(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

function readProblem(answer: unknown): StewardError {
  const { code, detail } = (typeof answer === "object" && answer !== null ? answer : {}) as {
    code?: unknown;
    detail?: unknown;
  };
  const known = typeof code === "string" && Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : "API-500";
  return new StewardError(known, typeof detail === "string" ? detail : undefined);
}
