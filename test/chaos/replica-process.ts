import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ReplicaAnswer } from "../../bench/chaos/replica.ts";

const REPLICA = fileURLToPath(new URL("../../bench/chaos/replica.ts", import.meta.url));

export type ReplicaProcess = {
  readonly child: ChildProcess;
  /** Hands it a message; resolves when it has acknowledged. */
  say(thread: string, dedupe: string, text: string): Promise<void>;
};

/** A real replica in a process of its own; resolves when it works. */
export async function startReplica(
  url: string,
  owner: string,
  leaseMs: number,
  outside: string,
): Promise<ReplicaProcess> {
  const child = fork(REPLICA, [url, owner, String(leaseMs), outside], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const heard = async (isIt: (answer: ReplicaAnswer) => boolean) =>
    await new Promise<void>((resolve, reject) => {
      const hear = (answer: ReplicaAnswer) => {
        if (!isIt(answer)) return;
        child.off("message", hear);
        resolve();
      };
      child.on("message", hear);
      child.once("exit", () => reject(new Error(`${owner} ended`)));
    });
  await heard((answer) => answer.kind === "ready");
  return {
    child,
    say: async (thread, dedupe, text) => {
      const done = heard((answer) => answer.kind === "answer" && answer.error === null);
      child.send({ kind: "message", id: 1, thread, dedupe, text });
      await done;
    },
  };
}
