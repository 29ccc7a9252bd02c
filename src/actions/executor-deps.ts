import type { Db } from "../store/db.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Files } from "../types/file-ref.ts";
import type { Directory } from "../types/principal.ts";
import type { Records } from "../types/record.ts";
import type { AnyTool } from "../types/tool.ts";
import type { Gate } from "./gate.ts";

/** What the executor is handed by the composition root. */
export type ExecutorDeps = {
  readonly db: Db;
  readonly gate: Gate;
  readonly tools: ReadonlyMap<string, AnyTool>;
  readonly records: Records;
  readonly files: Files;
  /** The directory as it is now. */
  readonly directory: () => Directory;
  readonly now: () => Date;
  readonly metrics: Metrics;
};
