import type { Db } from "../../store/db.ts";
import { listSites, SITES_HINT, type SiteRow } from "../../store/sites/sites.ts";

/** The sites that may show the widget, held in memory and read again when they change. */
export type SiteDirectory = {
  /** Whether an origin belongs to a site; of what is held, because each request asks. */
  isSiteOrigin(origin: string): boolean;
  /** Sites by the issuer that a token names, each freshly read when it was long ago. */
  byIssuer(issuer: string): Promise<readonly SiteRow[]>;
  refresh(): Promise<void>;
  stop(): Promise<void>;
};

/** A hint may be lost: what is held is never older than this. */
const MAX_AGE_MS = 10_000;

/** Reads the sites, and listens for changes. */
export async function createSiteDirectory(
  db: Db,
  onError: (error: unknown) => void,
  now: () => number = Date.now,
): Promise<SiteDirectory> {
  let sites: readonly SiteRow[] = [];
  let origins: ReadonlySet<string> = new Set();
  let readAt = 0;
  const refresh = async () => {
    const at = now();
    sites = await listSites(db);
    origins = new Set(sites.flatMap((site) => site.origins));
    readAt = at;
  };
  await refresh();
  const again = () => void refresh().catch(onError);
  const stop = await db.listen(SITES_HINT, again);
  const timer = setInterval(again, MAX_AGE_MS).unref();
  return {
    isSiteOrigin: (origin) => origins.has(origin),
    byIssuer: async (issuer) => {
      if (now() - readAt > MAX_AGE_MS) await refresh();
      return sites.filter((site) => site.issuer === issuer);
    },
    refresh,
    stop: async () => {
      clearInterval(timer);
      await stop();
    },
  };
}
