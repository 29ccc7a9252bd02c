import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { calendarTools } from "../../tools/calendar/tools.ts";
import { crmTools } from "../../tools/crm/tools.ts";
import { invoiceTools } from "../../tools/invoice/tools.ts";
import { peopleTools } from "../../tools/people/tools.ts";
import { createDelegationTools } from "../actions/delegation-tools.ts";
import { createOwnTools } from "../actions/own-tools.ts";
import { createUndoTurnTool } from "../actions/undo-turn-tool.ts";
import type { TurnDeps } from "../agent/turn-deps.ts";
import { createEncoder } from "../context/encoder.ts";
import { assembleContext } from "../context/history/assemble-context.ts";
import { renderSystemPrompt } from "../context/prompts/render-system-prompt.ts";
import { retrieve } from "../context/retrieve.ts";
import { createVectorCache } from "../context/vector-cache.ts";
import { feedPlatforms } from "../flows/add-to-outbox.ts";
import { climbApprovals } from "../flows/climb-approvals.ts";
import { createScheduleTools } from "../flows/schedule-tools.ts";
import { createSessionWorker, type SessionWorker } from "../flows/session-worker.ts";
import { startTimers, type Timers } from "../flows/timers.ts";
import type { ModelSettings } from "../models/configured-models.ts";
import { createWeightCache } from "../models/weight-cache.ts";
import { type AuditSequencer, sequenceAudit } from "../store/audit/sequence-audit.ts";
import { refuseMoved } from "../store/backup/migrate-to.ts";
import type { Db } from "../store/db.ts";
import { readFile } from "../store/files/files.ts";
import { INBOX_HINT } from "../store/inbox/add-inbox.ts";
import { migrate } from "../store/migrate.ts";
import { listPeople } from "../store/people/people.ts";
import { isRestoreInterrupted, openEmbedded } from "../store/pglite.ts";
import { savePolicyVersion } from "../store/policies/policy-versions.ts";
import { connectPostgres } from "../store/postgres.ts";
import { createRecords } from "../store/records/records.ts";
import { expireLeases, giveUpSessions } from "../store/sessions/claim-session.ts";
import { readSettings } from "../store/settings/settings.ts";
import type { Log } from "../telemetry/log.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Delta } from "../types/channel.ts";
import type { Encoder } from "../types/encoder.ts";
import type { Directory } from "../types/principal.ts";
import { StewardError } from "../types/steward-error.ts";
import type { AnyTool } from "../types/tool.ts";
import { arePlatformsServed } from "./channels/platforms-setting.ts";
import { type Company, createDirectory } from "./create-directory.ts";
import { createGate } from "./create-gate.ts";
import { createModels } from "./create-models.ts";
import { seedDemo } from "./seed-demo.ts";
import { type PolicyWatch, watchPolicies } from "./watch-policies.ts";
import { watchSchema } from "./watch-schema.ts";

export type InstallationOptions = {
  readonly directory: string;
  /** Address of a Postgres server; null for the embedded database in `directory`. */
  readonly databaseUrl: string | null;
  /** Without the demo company. */
  readonly isEmpty: boolean;
  /** `server` keeps deadlines and polls; `once` lives for one command. */
  readonly role: "server" | "once";
  readonly log: Log;
  readonly metrics: Metrics;
  /** Progress of a slow first start, a line at a time. */
  readonly say: (line: string) => void;
  /** Keys and addresses of models; the environment's when left out. */
  readonly models?: ModelSettings;
};

/** Everything of an opened installation that the API, the channels and the command line stand on. */
export type Installation = {
  readonly db: Db;
  readonly deps: TurnDeps;
  readonly worker: SessionWorker;
  readonly owner: string;
  readonly leaseMs: number;
  readonly directory: string;
  readonly isDemo: boolean;
  readonly company: () => Company;
  readonly policies: PolicyWatch;
  readonly encoder: Encoder;
  readonly sequencer: AuditSequencer;
  readonly routes: readonly string[];
  /** Resolves when this process can go on no more: its database broke, or belongs to a newer version from now on. */
  readonly broken: Promise<StewardError>;
  /** Told of words and steps as they come. */
  onDelta(hear: (delta: Delta) => void): void;
  /** Reads the directory again after people changed. */
  refreshPeople(): Promise<void>;
  /** Takes up no more work, and waits for what runs. */
  finishWork(): Promise<void>;
  /** Lets go of the sessions held here, for whoever asks next. Only right before the end of the process. */
  handOver(): Promise<void>;
  close(): Promise<void>;
};

const LEASE_MS = 15_000;
/** Looking costs a look at the inbox, which holds only what is not done: a dead holder is noticed soon after its lease. */
const POLL_MS = 400;
const NO_COMPANY: Company = { name: "", about: "", domains: [], groupTitles: {} };

/** Opens the database, brings it up to date, loads policies and people, and starts the worker. */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const { directory, log, metrics } = options;
  if (!options.databaseUrl) refuseMoved(directory);
  else if (isRestoreInterrupted(directory)) throw new StewardError("STO-423");
  const db = options.databaseUrl ? await connectPostgres(options.databaseUrl) : await openEmbedded(directory);
  try {
    return await build(options, db);
  } catch (error) {
    await db.close().catch((failure: unknown) => log.warn("The database did not close", { error: failure }));
    throw error;
  } finally {
    metrics.observe("inbox_depth", async () => await count(db, "inbox where state = 'new'"));
    metrics.observe("outbox_depth", async () => await count(db, "outbox where state = 'new'"));
    metrics.observe("approvals_pending", async () => await count(db, "approvals where status = 'pending'"));
    metrics.observe(
      "audit_unsequenced",
      async () =>
        await count(db, "audit where id > (select coalesce(max(entry + count - 1), 0) from audit_places)"),
    );
  }
}

async function count(db: Db, what: string): Promise<number> {
  const [row] = await db.query<{ n: number }>(`select count(*) as n from ${what}`);
  return row?.n ?? 0;
}

async function build(options: InstallationOptions, db: Db): Promise<Installation> {
  const { directory, log } = options;
  await migrate(db);
  const encoder = createEncoder();
  // Only for the tools' own examples: what people write is not kept in a file.
  const exampleEncoder = createVectorCache(join(directory, "vectors.bin"), encoder);
  const settings = await readSettings(db);
  if (!options.isEmpty && settings.empty !== true) await seedDemo(db, encoder, new Date(), options.say);
  const { demo, platforms } = await readSettings(db);
  const isDemo = demo === true;
  // Also a process without the channels: what is decided through it shows on the platforms that another one serves.
  if (arePlatformsServed(platforms, new Date())) feedPlatforms(db);

  const tools: AnyTool[] = [
    ...calendarTools,
    ...crmTools,
    ...invoiceTools,
    ...peopleTools,
    ...createOwnTools(() => deps),
    createUndoTurnTool(() => deps),
    ...createDelegationTools(() => deps),
    ...createScheduleTools(db),
  ];
  const toolMap = new Map(tools.map((tool) => [tool.name, tool]));
  const policies = await watchPolicies({
    own: join(directory, "policies"),
    tools,
    log,
    keep: async (version, text) => await savePolicyVersion(db, version, text),
    isWatching: options.role === "server",
  });

  let company = NO_COMPANY;
  let people: Directory = createDirectory([], company);
  const refreshPeople = async () => {
    const stored = (await readSettings(db)).company;
    company = stored ? { ...NO_COMPANY, ...(stored as unknown as Company) } : NO_COMPANY;
    people = createDirectory(await listPeople(db), company);
  };
  await refreshPeople();

  const models = createModels(
    encoder,
    exampleEncoder,
    createWeightCache(join(directory, "intents.bin")),
    options.models ?? process.env,
    log,
    options.metrics,
  );
  const hearers: ((delta: Delta) => void)[] = [];
  let timers: Timers | null = null;
  const deps: TurnDeps = {
    db,
    gate: createGate(policies.current, toolMap),
    tools: toolMap,
    records: createRecords(db),
    files: { read: async (id, reader) => await readFile(db, id, reader) },
    directory: () => people,
    now: () => new Date(),
    metrics: options.metrics,
    complete: models.complete,
    retrieve: async (query, reader) => await retrieve({ db, encoder }, { query, reader }),
    assemble: assembleContext,
    renderPrompt: (input) =>
      renderSystemPrompt({ ...input, company: company.name || null, directory: people }),
    onDelta: (delta) => {
      for (const hear of hearers) hear(delta);
    },
    onApproval: (approval) => timers?.atDeadline(approval),
    limits: { maxSteps: 8, maxCalls: 12, maxTokens: 200_000, maxCostMicros: 500_000 },
  };

  // On the embedded database this process is alone: whoever held a session is dead.
  if (db.kind === "pglite") await expireLeases(db);
  const owner = `${hostname()}:${process.pid}:${randomBytes(3).toString("hex")}`;
  // The embedded database has no other process that could change it.
  const schema = db.kind === "postgres" && options.role === "server" ? watchSchema(db) : null;
  const onError = (error: unknown, session: string) => {
    log.error("A turn broke", { error, session });
    schema?.look();
  };
  const worker = createSessionWorker({ deps, owner, leaseMs: LEASE_MS, pollMs: POLL_MS, onError });
  // At once, not when the process has got round to ending: each try on tables that changed counts against a message.
  schema?.outdated.then(async () => await Promise.all([worker.close(), timers?.stop()])).catch(() => {});
  const stopListening = await db.listen(INBOX_HINT, (session) => worker.wake(session));
  const sequencer = sequenceAudit(db, directory, {
    ...(options.role === "server" ? { everyMs: 5_000 } : {}),
    failed: (error) => log.error("The audit record could not be sequenced", { error }),
  });
  const starting =
    options.role === "server"
      ? startTimers(
          db,
          options.databaseUrl,
          (error) => log.error("A deadline failed", { error }),
          async () => await climbApprovals(deps, policies.ladder(), deps.now()),
        ).then((started) => {
          timers = started;
        })
      : Promise.resolve();
  starting.catch((error: unknown) => log.error("Deadlines could not be started", { error }));
  let isClosing = false;
  models.warm(tools).catch((error: unknown) => {
    // A start that ends at once (a port in use) stops the warming, which is no fault.
    if (!isClosing) log.error("The planner could not be warmed", { error });
  });

  return {
    db,
    deps,
    worker,
    owner,
    leaseMs: LEASE_MS,
    directory,
    isDemo,
    company: () => company,
    policies,
    encoder,
    sequencer,
    routes: models.routes,
    broken: Promise.race([db.broken, schema?.outdated].filter((end) => end !== undefined)),
    onDelta: (hear) => {
      hearers.push(hear);
    },
    refreshPeople,
    finishWork: async () => await worker.close(),
    handOver: async () => await giveUpSessions(db, owner),
    close: async () => {
      // With the database gone, each of these may fail; the next must still end.
      const ended = (what: string) => (error: unknown) => log.warn(`${what} did not end well`, { error });
      isClosing = true;
      schema?.stop();
      policies.stop();
      await stopListening().catch(ended("Listening"));
      await worker.close();
      await starting.catch(() => {});
      await timers?.stop().catch(ended("Deadlines"));
      await sequencer.stop().catch(ended("The audit record"));
      await encoder.close();
      await db.close();
    },
  };
}
