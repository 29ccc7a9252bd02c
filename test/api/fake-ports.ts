import { Readable } from "node:stream";
import type { ApiPorts } from "../../src/api/ports.ts";
import { createStorePorts } from "../../src/api/store-ports.ts";
import type { DelegationInfo, GrantInfo } from "../../src/api/vote-ports.ts";
import type { Db } from "../../src/store/db.ts";
import type { AskResult } from "../../src/types/ask-result.ts";
import type { Card } from "../../src/types/card.ts";
import type { Principal } from "../../src/types/principal.ts";
import { StewardError } from "../../src/types/steward-error.ts";

const person = (id: string, name: string, groups: readonly string[]): Principal => ({
  id,
  name,
  title: "",
  manager: null,
  groups: ["everyone", ...groups],
  zone: "UTC",
  locale: "en-GB",
});

export const ANA = person("ana@example.com", "Ana Aguilar", []);
export const BEN = person("ben@example.com", "Ben Barth", ["sales-managers"]);

const ACCOUNT = { channel: "slack", workspace: "T1", account: "U1" } as const;
const TOLD = { name: "Ana", email: "ana@acme.example", workspaceName: "Acme" };

export const CARD: Card = {
  id: "trn_1",
  session: "ses_1",
  requester: { id: ANA.id, name: ANA.name },
  request: "Set Renewal 2027 to 48,000",
  createdAt: "2026-01-05T10:00:00.000Z",
  items: [
    {
      action: "act_1",
      approval: "apr_1",
      tool: "crm.updateDeal",
      line: "Change the deal 'Renewal 2027' of Globex from €38,000 to €48,000",
      status: "awaiting",
      changes: [{ field: "Amount", before: "€38,000", after: "€48,000" }],
      arguments: [],
      reasons: ["Deal changes over 10,000 need a sales manager."],
      rules: ["crm-big-change"],
      risk: "normal",
      amountText: null,
      approvers: [
        {
          group: "sales-managers",
          title: "a sales manager",
          needed: 1,
          given: [],
          candidates: [{ id: BEN.id, name: BEN.name }],
        },
      ],
      expiresAt: "2026-01-05T14:00:00.000Z",
      undoText: "Can be undone for 10 minutes",
      undoUntil: null,
      outcome: null,
      decidedBy: [],
      editable: [],
      mayDecide: true,
      mayNotBecause: null,
    },
  ],
};

export const ASK_RESULT: AskResult = {
  session: "ses_1",
  turn: "trn_1",
  status: "done",
  reply: "Hello",
  citations: [],
  actions: [],
  model: { route: "offline", provider: "planner", model: "offline" },
  note: null,
  error: null,
};

const DELEGATION: DelegationInfo = {
  id: "dlg_1",
  from: { id: BEN.id, name: BEN.name },
  to: { id: ANA.id, name: ANA.name },
  until: "2026-01-09T22:59:59.000Z",
};

const GRANT: GrantInfo = {
  id: "grt_1",
  granter: { id: BEN.id, name: BEN.name },
  requester: { id: ANA.id, name: ANA.name },
  tool: "crm.updateDeal",
  resource: "deal_1",
  line: "Change the deal 'Renewal 2027' of Globex from €38,000 to €48,000",
  until: "2026-01-09T22:59:59.000Z",
};

export type Call = { readonly port: string; readonly args: readonly unknown[] };

/** Ports that answer at once and write down how they were called. `over` changes some of them. */
export function fakePorts(db: Db, over: Partial<ApiPorts> = {}): ApiPorts & { readonly calls: Call[] } {
  const calls: Call[] = [];
  const people = [ANA, BEN];
  const findPerson = async (id: string) => people.find((one) => one.id === id) ?? null;
  const ports: ApiPorts = {
    isReady: async () => ({ ok: true, reason: null }),
    findPerson,
    people: async () => people,
    me: async (as) => ({
      principal: as === ANA.id ? ANA : BEN,
      mode: "demo",
      company: "Example",
      suggestions: ["What is on my calendar today?"],
      about: "An assistant.",
      maxFileBytes: 1,
    }),
    ask: async () => ASK_RESULT,
    postMessage: async (_as, message) => ({ session: message.session ?? "ses_new", seq: 1 }),
    sessions: async () => [{ id: "ses_1", title: "Hello", updatedAt: "2026-01-05T10:00:00.000Z" }],
    items: async () => ({ items: [], head: 3, start: 1 }),
    itemsBefore: async () => ({ items: [], head: 2, start: 0 }),
    searchSessions: async () => [
      { id: "ses_1", title: "Hello", updatedAt: "2026-01-05T10:00:00.000Z", excerpt: "hello there" },
    ],
    renameSession: async () => {},
    transcript: async () => ({ name: "Hello.md", text: "# Hello\n" }),
    feedback: async () => {},
    request: async (_as, turn) => ({
      turn,
      session: null,
      author: { id: ANA.id, name: ANA.name },
      text: CARD.request,
      files: [],
      at: CARD.createdAt,
      replies: [
        { kind: "withheld", id: "msg_2", at: CARD.createdAt },
        { kind: "said", id: "msg_3", at: CARD.createdAt, text: "Asked.", citations: [], note: null },
      ],
    }),
    fileContent: async () => new TextEncoder().encode("<script>1</script>"),
    fileFields: async (_as, id) => ({
      file: { id, name: "a.pdf", mediaType: "application/pdf", bytes: 1 },
      fields: [],
      lines: [],
      pages: [],
      checks: [],
      problem: null,
    }),
    stop: async () => {},
    putFile: async (_as, file) => ({
      id: "fil_1",
      name: file.name,
      mediaType: "text/plain",
      bytes: file.content.byteLength,
    }),
    openDocument: async (_as, id) => {
      if (id !== "doc_1") throw new StewardError("DOC-404");
      return { id, title: "Handbook", source: "handbook.md", updatedAt: CARD.createdAt, passages: [] };
    },
    search: async () => [
      {
        document: "doc_1",
        title: "Handbook",
        passage: "p1",
        headings: [],
        text: "Leave is 30 days.",
        score: 1,
      },
    ],
    extract: async (file) => ({ name: file.name, bytes: file.content.byteLength }),
    approvals: async () => [{ card: CARD }],
    card: async () => CARD,
    approve: async () => ({ card: CARD, message: "Approved." }),
    refuse: async () => ({ card: CARD, message: "Refused." }),
    undo: async () => ({ card: CARD, message: "Undone." }),
    resolve: async () => ({ card: CARD, message: "Checked." }),
    why: async () => "Ana asked for it.",
    ingest: async ({ source }) => ({ document: "doc_1", title: source, passages: 2, status: "added" }),
    auditVerify: async () => ({ ok: true, entries: 1, size: 1, root: "AA==", checkpoints: 1, problems: [] }),
    policyCheck: async () => ({ ok: true, version: "1", rules: 3, problems: [] }),
    approveAll: async (_as, approvals) => ({
      results: approvals.map(({ id }) => ({ id, ok: true, message: "Approved.", code: null })),
    }),
    delegations: async () => [DELEGATION],
    delegate: async () => DELEGATION,
    revokeDelegation: async () => DELEGATION,
    grants: async () => [GRANT],
    revokeGrant: async () => GRANT,
    openLink: async () => ({ ...ACCOUNT, ...TOLD, expiresAt: "2026-01-05T10:15:00.000Z" }),
    confirmLink: async () => ({ ...ACCOUNT, number: "481920", expiresAt: "2026-01-05T10:15:00.000Z" }),
    accounts: async () => [{ ...ACCOUNT, proof: "email", linkedAt: "2026-01-05T10:00:00.000Z" }],
    removeAccount: async () => {},
    checkChannel: async () => [{ name: "token", ok: true, detail: "It is valid.", remedy: null }],
    policyExplain: async (action) => ({ action, version: "1", rules: [], text: `Rules for ${action}:` }),
    policyReplay: async ({ since }) => ({
      since,
      version: "2",
      compared: 0,
      isCut: false,
      differences: [],
      skipped: [],
      text: "",
    }),
    backup: async () => Readable.from([new Uint8Array([31, 139])]),
    listOutbox: async () => [],
    retryOutbox: async () => ({ retried: 1 }),
    readLog: async () => ({
      events: [{ seq: 1, at: CARD.createdAt, type: "turn.started", data: { turn: "t" } }],
    }),
    doctor: async () => ({
      ok: true,
      checks: [{ name: "database", ok: true, detail: "fine", remedy: null }],
    }),
    listSites: async () => [],
    addSite: async (_by, site) => ({
      ...{ id: "sit_1", kind: "secret", createdAt: "2026-01-05T10:00:00.000Z", secret: "sws_once" },
      ...{ name: site.name, origins: site.origins, audience: site.audience, jwksUrl: null },
      issuer: site.issuer ?? "sit_1",
    }),
    removeSite: async (_by, id) => ({
      ...{ id, name: "", kind: "secret", origins: [], issuer: id, audience: "steward", jwksUrl: null },
      createdAt: "2026-01-05T10:00:00.000Z",
    }),
    ...createStorePorts(db, findPerson),
    ...over,
  };
  const noted = Object.fromEntries(
    Object.entries(ports).map(([port, run]) => [
      port,
      async (...args: readonly unknown[]) => {
        if (port !== "findPerson") calls.push({ port, args });
        return await (run as (...given: readonly unknown[]) => Promise<unknown>)(...args);
      },
    ]),
  ) as ApiPorts;
  return { ...noted, calls };
}
