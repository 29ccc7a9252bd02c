/**
 * Who the page speaks for: a persona of the demo, the holder of a token, or whoever the host page says in a
 * short-lived token that it gets from its own server, asked again before each one ends.
 */
export type Identity =
  | { readonly as: string }
  | { readonly token: string }
  | { readonly identify: () => Promise<string> | string };

/** What is shown to the server with each request. */
export type Shown = { readonly as?: string; readonly token?: string };

export type Credentials = {
  readonly identity: Identity | null;
  /** Throws what the page's `identify` threw. */
  shown(): Promise<Shown>;
  headers(): Promise<Record<string, string>>;
  /** After the server said that a token has ended: true when there is another one to try. */
  renew(): Promise<boolean>;
  /** Told of each token after the first. */
  onRenewed(hear: (shown: Shown) => void): void;
  /** Another token of the same person, given by the page. */
  replace(token: string): void;
  close(): void;
};

/** Asked again this long before a token ends, or after four fifths of its life when it is short. */
const BEFORE_END_MS = 60_000;
const MIN_WAIT_MS = 5_000;
const MAX_WAIT_MS = 24 * 3_600_000;

/** The claims of a token, unproven: only to know when to ask for the next one, and whose it is. */
export function readClaims(token: string): { readonly exp?: number; readonly sub?: string } {
  try {
    const text = atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (char) => char.charCodeAt(0))));
  } catch {
    return {};
  }
}

export function createCredentials(identity: Identity | null): Credentials {
  let token: Promise<string> | null = null;
  let last = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hear: (shown: Shown) => void = () => {};
  let isClosed = false;
  let given: string | null = null;

  const fetchToken = (identify: () => Promise<string> | string): Promise<string> => {
    const mine = (async () => {
      const got = await identify();
      if (typeof got !== "string" || got === "") throw new Error("identify gave no token");
      return got;
    })();
    token = mine;
    mine.then(
      (got) => {
        if (token !== mine || isClosed) return;
        const isNew = last !== "" && last !== got;
        last = got;
        const { exp } = readClaims(got);
        if (typeof exp === "number") renewIn(exp * 1_000 - Date.now(), identify);
        if (isNew) hear({ token: got });
      },
      () => {
        if (token !== mine) return;
        token = null;
        // What was given last may still hold; the page is asked again.
        if (last !== "" && !isClosed) renewIn(0, identify);
      },
    );
    return mine;
  };
  const renewIn = (lifeMs: number, identify: () => Promise<string> | string) => {
    clearTimeout(timer);
    const waitMs = Math.max(lifeMs - BEFORE_END_MS, lifeMs * 0.8, MIN_WAIT_MS);
    timer = setTimeout(() => void fetchToken(identify).catch(() => {}), Math.min(waitMs, MAX_WAIT_MS));
  };

  async function shown(): Promise<Shown> {
    if (identity === null) return {};
    if (given !== null) return { token: given };
    if (!("identify" in identity)) return identity;
    return { token: await (token ?? fetchToken(identity.identify)) };
  }
  return {
    identity,
    shown,
    async headers(): Promise<Record<string, string>> {
      const { as, token: proof } = await shown();
      if (proof !== undefined) return { Authorization: `Bearer ${proof}` };
      return as === undefined ? {} : { "X-Steward-As": as };
    },
    async renew() {
      if (identity === null || !("identify" in identity)) return false;
      const before = last;
      try {
        return (await fetchToken(identity.identify)) !== before;
      } catch {
        return false;
      }
    },
    onRenewed(listener) {
      hear = listener;
    },
    replace(next) {
      given = next;
      hear({ token: next });
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
