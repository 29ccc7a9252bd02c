import { connect, createServer, type Socket } from "node:net";

export type TcpProxy = {
  readonly port: number;
  /** Breaks every connection there is, in the middle of whatever goes over it. */
  cut(): void;
  /** Lets nothing through for a while; connections stay open and silent, new ones too. */
  stall(ms: number): void;
  close(): void;
};

/** A proxy between the replicas and their database, for breaking the line between them. */
export async function startProxy(host: string, port: number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let silentUntil = 0;
  const server = createServer((near) => {
    const far = connect(port, host);
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) socket.setNoDelay(true).on("error", end).on("close", end);
    near.pipe(far);
    far.pipe(near);
    if (Date.now() < silentUntil) hold(pair);
  });
  const hold = (sockets: readonly Socket[]) => {
    for (const socket of sockets) socket.pause();
    setTimeout(() => {
      for (const socket of sockets) if (!socket.destroyed) socket.resume();
    }, silentUntil - Date.now());
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the proxy has no port");
  return {
    port: address.port,
    cut: () => {
      for (const [near, far] of pairs) {
        near.destroy();
        far.destroy();
      }
    },
    stall: (ms) => {
      silentUntil = Date.now() + ms;
      hold([...pairs].flat());
    },
    close: () => {
      server.close();
      for (const [near, far] of pairs) {
        near.destroy();
        far.destroy();
      }
    },
  };
}
