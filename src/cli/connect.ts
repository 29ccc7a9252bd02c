import { instanceOf } from "../api/operations.ts";
import { readServerFile, type ServerFile } from "../api/server-file.ts";
import { StewardError } from "../types/steward-error.ts";
import type { CliDeps, Connection } from "./command.ts";
import { createRemote } from "./remote.ts";

const HEALTH_TIMEOUT_MS = 5_000;

/** The running server of a data directory, else the installation opened in this process. Throws DIR-404. */
export async function connect(
  deps: Pick<CliDeps, "openLocal">,
  options: {
    readonly data: string;
    readonly databaseUrl: string | null;
    readonly isEmpty: boolean;
    /** The person of `--as`; the server checks for itself that there is one. */
    readonly as: string | null;
  },
): Promise<Connection> {
  const server = await findServer(options.data);
  if (server) {
    return { ports: createRemote(server), close: async () => {} };
  }
  const { as, ...where } = options;
  const local = await deps.openLocal(where);
  if (as !== null && !(await local.ports.findPerson(as))) {
    await local.close();
    throw new StewardError("DIR-404", `Nobody in the directory has the address '${as.slice(0, 80)}'.`);
  }
  return local;
}

/** The running server of a data directory, or null. */
export async function findServer(data: string): Promise<ServerFile | null> {
  const server = readServerFile(data);
  return server && (await isServing(server)) ? server : null;
}

/** Whether the process lives and what listens at its address is that server: it proves to know the secret. */
async function isServing(server: ServerFile): Promise<boolean> {
  try {
    process.kill(server.pid, 0);
  } catch (error) {
    // EPERM: it lives and is somebody else's, as under another user of the same group.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  try {
    const response = await fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
    const body = (await response.json()) as { instance?: unknown };
    return body.instance === instanceOf(server.secret);
  } catch {
    return false;
  }
}
