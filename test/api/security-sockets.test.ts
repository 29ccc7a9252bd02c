import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io } from "socket.io-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWebChannel } from "../../channels/web/server.ts";
import { newId } from "../../src/types/ids.ts";
import { StewardError } from "../../src/types/steward-error.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";
import { BEN } from "../web/people.ts";

let cacheDir: string;
beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "steward-sockets-"));
});
afterAll(async () => await rm(cacheDir, { recursive: true }));

const item = (seq: number): ThreadItem => ({
  ...{ kind: "message", seq, id: newId("msg"), at: "2026-01-05T10:00:00.000Z", turn: "t", note: null },
  ...{ author: { id: "steward", name: "Steward", isAssistant: true }, text: "secret" },
  ...{ files: [], citations: [] },
});

test.each([
  ["AUTH-401", "its token was revoked"],
  ["IDN-409", "its page signed out"],
  ["IDN-404", "its person left the directory"],
] as const)("a socket that is open shows nothing more once %s: %s", async (code, _why) => {
  let refusal: StewardError | null = null;
  const items = [item(1)];
  const httpServer = createServer();
  const channel = createWebChannel({
    ...{ httpServer, cacheDir, page: { mode: "token" as const }, proofMs: 0 },
    authenticate: async () => {
      if (refusal) throw refusal;
      return { principal: BEN, endsAt: null };
    },
    mayWatch: async () => true,
    items: async (_who, _session, after) => items.filter(({ seq }) => seq > after),
  });
  await new Promise<void>((resolve) => httpServer.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
  const socket = io(url, { auth: { token: "x" }, transports: ["websocket"], reconnection: false });
  try {
    const got: unknown[] = [];
    socket.on("item", (message: unknown) => got.push(message));
    await new Promise((resolve) => socket.on("connect", () => resolve(null)));
    expect(await socket.timeout(5_000).emitWithAck("watch", { session: "s", lastSeq: 0 })).toEqual({
      ok: true,
    });
    expect(got).toHaveLength(1);
    refusal = new StewardError(code);
    const left = new Promise((resolve) => socket.on("disconnect", resolve));
    const next = item(2);
    items.push(next);
    const thread = { channel: "web", conversation: BEN.id, thread: "s" } as const;
    await channel.post({ id: "o", thread, item: next });
    await left;
    expect(got).toHaveLength(1);
  } finally {
    socket.close();
    await channel.stop();
  }
});
