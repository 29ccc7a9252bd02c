import { createServer } from "node:http";

/**
 * A system of record in a process of its own, as unreliable as real ones: it sometimes acts late, answers late or
 * hangs up after it has acted. Under /keyed an idempotency key acts once; under /plain every call acts.
 */
type Effect = { readonly text: string; applied: number; calls: number };

const effects = new Map<string, Effect>();
const wait = async (ms: number) => await new Promise((go) => setTimeout(go, ms));

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://outside");
  const key = url.searchParams.get("key") ?? "";
  if (url.pathname === "/all") {
    response.end(JSON.stringify([...effects].map(([of, effect]) => ({ key: of, ...effect }))));
    return;
  }
  if (request.method === "GET") {
    response.writeHead(effects.get(key)?.applied ? 200 : 404).end();
    return;
  }
  void act(key, url.searchParams.get("text") ?? "", url.pathname === "/keyed").then(async () => {
    const mood = Math.random();
    if (mood < 0.03) response.destroy();
    else {
      if (mood < 0.08) await wait(200 + Math.random() * 800);
      response.end("done");
    }
  });
});

async function act(key: string, text: string, isKeyed: boolean): Promise<void> {
  if (Math.random() < 0.05) await wait(Math.random() * 500);
  const effect = effects.get(key) ?? { text, applied: 0, calls: 0 };
  effects.set(key, effect);
  effect.calls += 1;
  if (!isKeyed || effect.applied === 0) effect.applied += 1;
}

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? address?.port : null });
});
process.on("disconnect", () => process.exit(0));
