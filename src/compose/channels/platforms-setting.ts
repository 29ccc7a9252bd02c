import { z } from "zod";
import type { Db } from "../../store/db.ts";
import { readSettings, saveSetting } from "../../store/settings/settings.ts";
import type { PlatformName } from "../../types/channel-host.ts";
import type { Json } from "../../types/json.ts";

/** Tells every process of an installation, also one without channels of its own, which platforms some process serves. */
const SETTING = "platforms";
const REFRESH_MS = 10 * 60_000;
/** Nobody has said so for this long: whoever served them is gone. */
const STALE_MS = 60 * 60_000;

const Served = z.object({ names: z.array(z.string()), seenAt: z.iso.datetime() });

/** Whether some process serves a platform now. */
export function arePlatformsServed(setting: Json | undefined, now: Date): boolean {
  const served = Served.safeParse(setting);
  if (!served.success || served.data.names.length === 0) return false;
  return now.getTime() - Date.parse(served.data.seenAt) < STALE_MS;
}

/**
 * Says which platforms this process serves, and goes on saying so until it is stopped. A process that serves none takes
 * the word of another one back only when that has gone quiet; on the embedded database there is no other.
 */
export async function keepPlatforms(
  db: Db,
  names: readonly PlatformName[],
  onError: (error: unknown) => void,
): Promise<() => void> {
  const say = async () => await saveSetting(db, SETTING, { names, seenAt: new Date().toISOString() });
  if (names.length === 0) {
    const said = (await readSettings(db))[SETTING];
    if (said !== undefined && (db.kind === "pglite" || !arePlatformsServed(said, new Date()))) await say();
    return () => {};
  }
  await say();
  const timer = setInterval(() => void say().catch(onError), REFRESH_MS).unref();
  return () => clearInterval(timer);
}
