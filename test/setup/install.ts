import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";
import { findChromium } from "./chromium.ts";
import { findPostgresPrograms } from "./postgres.ts";
import { hasRedis } from "./redis.ts";

/** Something that tests need and npm cannot bring. */
export type Part = {
  readonly name: string;
  readonly packages: readonly string[];
  isThere(): Promise<boolean>;
};

export const PARTS: readonly Part[] = [
  {
    name: "Chromium (the pages in a browser)",
    packages: ["chromium"],
    isThere: async () => (await findChromium()) !== null,
  },
  {
    name: "PostgreSQL 15 or newer (the store on a server)",
    packages: ["postgresql"],
    isThere: async () => findPostgresPrograms() !== null,
  },
  {
    name: "Redis (words between replicas, when it is chosen)",
    packages: ["redis-server"],
    isThere: async () => hasRedis(),
  },
];

const INSTALL_TIMEOUT_MS = 15 * 60_000;

/**
 * Installs what is missing from Debian where that is possible: as root and with apt. STEWARD_TEST_INSTALL=0
 * forbids it. Returns what is still missing after it.
 */
export async function installParts(say: (line: string) => void): Promise<readonly Part[]> {
  const missing = await findMissing();
  if (missing.length === 0 || !mayInstall()) return missing;
  const packages = missing.flatMap((part) => part.packages);
  say(`Installing from Debian: ${packages.join(" ")}`);
  const apt = (...args: string[]) =>
    spawnSync("apt-get", args, {
      stdio: ["ignore", 2, 2],
      timeout: INSTALL_TIMEOUT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    }).status === 0;
  const install = () => apt("install", "-y", "--no-install-recommends", ...packages);
  if (!install() && apt("update")) install();
  return await findMissing();
}

async function findMissing(): Promise<readonly Part[]> {
  const missing: Part[] = [];
  for (const part of PARTS) if (!(await part.isThere())) missing.push(part);
  return missing;
}

function mayInstall(): boolean {
  const wish = process.env.STEWARD_TEST_INSTALL;
  if (wish === "0" || userInfo().uid !== 0) return false;
  return spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;
}
