import { existsSync, type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { join } from "node:path";
import { DEFAULT_LADDER, type Ladder } from "../actions/ladder.ts";
import type { PolicySet } from "../policy/load-policies.ts";
import { createPolicyHolder, describeProblems, type PolicyHolder } from "../policy/policy-holder.ts";
import type { PolicyProblem } from "../policy/policy-text.ts";
import type { Log } from "../telemetry/log.ts";
import { StewardError } from "../types/steward-error.ts";
import type { AnyTool } from "../types/tool.ts";
import { BUILT_IN_POLICIES, isPolicyFile, policyText, readPolicyDirectory } from "./read-policies.ts";

/** An editor writes a file in several steps; they are read as one change. */
const DEBOUNCE_MS = 200;
/** How often the files' times are looked at: not every file system tells of changes. */
const POLL_MS = 2_000;

/** The policies in force, and what is wrong with the newest ones. */
export type PolicyWatch = {
  current(): PolicySet;
  ladder(): Ladder;
  /** Where they are read from. */
  directory(): string;
  /** Problems of the newest set, which was not taken; empty when the newest is in force. */
  problems(): readonly PolicyProblem[];
  /** Reads them now. */
  reload(): Promise<void>;
  stop(): void;
};

export type PolicyWatchOptions = {
  /** An installation's own policies, used as soon as the directory exists. */
  readonly own: string;
  readonly tools: readonly AnyTool[];
  readonly log: Log;
  /** Keeps the text of a version, before it is in force. */
  readonly keep: (version: string, text: string) => Promise<void>;
  readonly isWatching: boolean;
};

/**
 * Loads the policies and, when told to watch, takes up changes within seconds. A set with anything wrong in it is not
 * taken: the last good one stays in force, and the log says file, line and rule. An own directory that vanishes while
 * it is in force counts as wrong, so that a slip of the hand does not bring looser rules back. Throws POL-500 when
 * there is no good set to begin with.
 */
export async function watchPolicies(options: PolicyWatchOptions): Promise<PolicyWatch> {
  const { own, tools, log, keep, isWatching } = options;
  let directory = existsSync(own) ? own : BUILT_IN_POLICIES;
  const first = readPolicyDirectory(directory, tools);
  if (!first.ok) throw new StewardError("POL-500", describeProblems(first.problems.slice(0, 10)));
  let ladder = first.policies.ladder;
  const holder: PolicyHolder = createPolicyHolder(first.policies.set);
  await keep(holder.current().version, policyText(first.files));
  let seen = signatureOf(directory);
  let work: Promise<void> = Promise.resolve();

  const read = async (): Promise<void> => {
    if (existsSync(own)) directory = own;
    seen = signatureOf(directory);
    const next = readPolicyDirectory(directory, tools);
    const before = holder.problems();
    // A version is in force only once its text is kept.
    if (next.ok) await keep(next.policies.set.version, policyText(next.files));
    const taken = holder.take(next.ok ? { ok: true, policies: next.policies.set } : next);
    if (next.ok) ladder = next.policies.ladder;
    if (!taken.ok) {
      const isNews = describeProblems(before) !== describeProblems(taken.problems);
      if (isNews) log.error("The new policies were not taken", { directory, problems: taken.message });
    } else if (taken.isChanged || before.length > 0) {
      log.info("Policies are in force", { directory, version: taken.version });
    }
  };
  const reload = async (): Promise<void> => {
    work = work.then(read).catch((error: unknown) => {
      log.error("The policies could not be taken up", { error });
      // Looked at again at the next poll.
      seen = "";
    });
    await work;
  };

  if (!isWatching) return { ...views(), reload, stop: () => {} };

  let soon: NodeJS.Timeout | null = null;
  let watching: { readonly path: string; readonly watcher: FSWatcher } | null = null;
  const look = () => {
    if (soon) clearTimeout(soon);
    soon = setTimeout(() => void reload(), DEBOUNCE_MS);
  };
  const follow = () => {
    if (watching?.path === directory || !existsSync(directory)) return;
    watching?.watcher.close();
    try {
      const watcher = watch(directory, { persistent: false }, look);
      watcher.on("error", () => {
        watcher.close();
        watching = null;
      });
      watching = { path: directory, watcher };
    } catch {
      // The poll sees to it.
      watching = null;
    }
  };
  follow();
  const polling = setInterval(() => {
    const place = existsSync(own) ? own : directory;
    if (place !== directory || signatureOf(place) !== seen) look();
    follow();
  }, POLL_MS);
  polling.unref();
  return {
    ...views(),
    reload,
    stop: () => {
      clearInterval(polling);
      if (soon) clearTimeout(soon);
      watching?.watcher.close();
    },
  };

  function views() {
    return {
      current: () => holder.current(),
      ladder: () => ladder ?? DEFAULT_LADDER,
      directory: () => directory,
      problems: () => holder.problems(),
    };
  }
}

/** Changes when a file comes, goes or is written. */
function signatureOf(directory: string): string {
  try {
    return readdirSync(directory)
      .filter(isPolicyFile)
      .sort()
      .map((name) => {
        const { mtimeMs, size, ino } = statSync(join(directory, name));
        return `${name} ${mtimeMs} ${size} ${ino}`;
      })
      .join("\n");
  } catch (error) {
    return `unreadable ${error instanceof Error ? error.message : ""}`;
  }
}
