import { spawnSync } from "node:child_process";

/** Whether a Redis server can be started here. */
export function hasRedis(): boolean {
  return spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;
}
