import { createServer } from "node:http";

export type OutsideCall = { readonly key: string; readonly text: string; answer(): void };

/** A system outside, held in the test's hand: each call waits until the test answers it. */
export async function openOutside(): Promise<{
  readonly origin: string;
  /** Keys that a look-up finds. */
  readonly known: Set<string>;
  readonly calls: OutsideCall[];
  /** Answers every call from now on by itself. */
  answerAll(): void;
  close(): void;
}> {
  const known = new Set<string>();
  const calls: OutsideCall[] = [];
  let isOpen = false;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://outside");
    const key = url.searchParams.get("key") ?? "";
    if (request.method === "GET") {
      response.writeHead(known.has(key) ? 200 : 404).end();
      return;
    }
    const answer = () => {
      known.add(key);
      if (!response.writableEnded) response.end("done");
    };
    calls.push({ key, text: url.searchParams.get("text") ?? "", answer });
    if (isOpen) answer();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    known,
    calls,
    answerAll: () => {
      isOpen = true;
      for (const call of calls) call.answer();
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
