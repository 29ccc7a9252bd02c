import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A model that takes its time: `answerAfterMs` null never answers. */
export async function slowModel(answerAfterMs: number | null): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  const server: Server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      asked++;
      if (answerAfterMs === null) return;
      setTimeout(() => {
        const base = { id: "c1", object: "chat.completion.chunk", created: 1, model: "m" };
        const say = (delta: object, finish: string | null) =>
          response.write(
            `data: ${JSON.stringify({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`,
          );
        response.writeHead(200, { "Content-Type": "text/event-stream" });
        say({ role: "assistant", content: "The slow answer." }, null);
        say({}, "stop");
        response.end("data: [DONE]\n\n");
      }, answerAfterMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked: () => asked };
}
