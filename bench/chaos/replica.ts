import { castVote } from "../../src/actions/cast-vote.ts";
import { acceptMessage } from "../../src/flows/accept-message.ts";
import { createSessionWorker } from "../../src/flows/session-worker.ts";
import { INBOX_HINT } from "../../src/store/inbox/add-inbox.ts";
import { connectPostgres } from "../../src/store/postgres.ts";
import { ASKER, benchDeps, MANAGER } from "../turns/bench-house.ts";
import { outsideAt } from "./outside-client.ts";

/** What a client asks of a replica; it answers with the same id, or dies before it could. */
export type ReplicaRequest =
  | {
      readonly id: number;
      readonly kind: "message";
      readonly thread: string;
      readonly dedupe: string;
      readonly text: string;
    }
  | { readonly id: number; readonly kind: "vote"; readonly approval: string };
export type ReplicaAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "answer"; readonly id: number; readonly error: string | null }
  | { readonly kind: "trouble"; readonly text: string };

const [url = "", owner = "", lease = "3000", outside = ""] = process.argv.slice(2);
const leaseMs = Number(lease);
const tell = (answer: ReplicaAnswer) => {
  if (process.connected) process.send?.(answer);
};

const db = await connectPostgres(url, 10);
const deps = benchDeps(db, outsideAt(outside));
const worker = createSessionWorker({
  deps,
  owner,
  leaseMs,
  pollMs: 250,
  onError: (error) =>
    tell({ kind: "trouble", text: error instanceof Error ? (error.stack ?? "") : String(error) }),
});
await db.listen(INBOX_HINT, (session) => worker.wake(session));

process.on("message", (request: ReplicaRequest) => {
  handle(request).then(
    () => tell({ kind: "answer", id: request.id, error: null }),
    (error: unknown) => tell({ kind: "answer", id: request.id, error: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
tell({ kind: "ready" });

async function handle(request: ReplicaRequest): Promise<void> {
  if (request.kind === "vote") {
    await castVote(deps, {
      approval: request.approval,
      voter: MANAGER,
      verdict: "approve",
      reason: null,
      edit: null,
    });
    return;
  }
  const accepted = await acceptMessage(
    db,
    {
      dedupe: request.dedupe,
      thread: { channel: "web", conversation: ASKER.id, thread: request.thread },
      session: null,
      principal: ASKER.id,
      text: request.text,
      files: [],
    },
    owner,
    leaseMs,
  );
  if (accepted.claimed) worker.take(accepted.claimed);
}
