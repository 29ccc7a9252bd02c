import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ReplicaAnswer, ReplicaRequest } from "./replica.ts";

const REPLICA = fileURLToPath(new URL("replica.ts", import.meta.url));

type Live = { readonly child: ChildProcess; readonly owner: string; isReady: boolean };
type Wish = ReplicaRequest extends infer R ? (R extends { id: number } ? Omit<R, "id"> : never) : never;

export type Replicas = {
  /** Asks one replica, chosen by chance. Rejects when it refuses, dies or says nothing for two seconds. */
  ask(wish: Wish): Promise<void>;
  /** SIGKILL for one that is ready; another takes its place. Returns its owner name, null when none is ready. */
  kill(): string | null;
  readonly troubles: ReadonlyMap<string, number>;
  waitReady(): Promise<void>;
  stop(): void;
};

/** Keeps `count` replica processes alive; each runs the real engine against the same database. */
export function startReplicas(count: number, url: string, leaseMs: number, outside: string): Replicas {
  const live = new Set<Live>();
  const waiting = new Map<number, { child: ChildProcess; resolve(): void; reject(error: Error): void }>();
  const troubles = new Map<string, number>();
  let isStopped = false;
  let number = 0;
  let asked = 0;

  const spawn = () => {
    number += 1;
    const owner = `replica-${number}`;
    const child = fork(REPLICA, [url, owner, String(leaseMs), outside], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const one: Live = { child, owner, isReady: false };
    live.add(one);
    child.on("message", (answer: ReplicaAnswer) => {
      if (answer.kind === "ready") one.isReady = true;
      else if (answer.kind === "trouble") {
        const line = answer.text.split("\n")[0] ?? "";
        troubles.set(line, (troubles.get(line) ?? 0) + 1);
      } else {
        const who = waiting.get(answer.id);
        waiting.delete(answer.id);
        if (answer.error) who?.reject(new Error(answer.error));
        else who?.resolve();
      }
    });
    child.on("exit", (code, signal) => {
      live.delete(one);
      for (const [id, who] of waiting) {
        if (who.child !== child) continue;
        waiting.delete(id);
        who.reject(new Error("the replica died"));
      }
      if (isStopped) return;
      if (signal !== "SIGKILL") troubles.set(`exit ${code}`, (troubles.get(`exit ${code}`) ?? 0) + 1);
      setTimeout(spawn, 100);
    });
  };
  for (let i = 0; i < count; i++) spawn();
  const ready = () => [...live].filter((one) => one.isReady);
  const pick = () => {
    const all = ready();
    return all[Math.floor(Math.random() * all.length)];
  };

  return {
    troubles,
    ask: async (wish) => {
      const one = pick();
      if (!one) throw new Error("no replica is ready");
      asked += 1;
      const id = asked;
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new Error("no answer"));
        }, 2_000);
        const settle = (end: () => void) => () => {
          clearTimeout(timer);
          end();
        };
        waiting.set(id, {
          child: one.child,
          resolve: settle(resolve),
          reject: (error) => settle(() => reject(error))(),
        });
        one.child.send({ ...wish, id }, (error) => {
          if (error && waiting.delete(id)) settle(() => reject(error))();
        });
      });
    },
    kill: () => {
      const one = pick();
      if (!one) return null;
      one.isReady = false;
      one.child.kill("SIGKILL");
      return one.owner;
    },
    waitReady: async () => {
      while (ready().length < count) await new Promise((go) => setTimeout(go, 50));
    },
    stop: () => {
      isStopped = true;
      for (const { child } of live) child.kill("SIGKILL");
    },
  };
}
