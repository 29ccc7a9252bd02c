import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("idle-server.ts", import.meta.url));
const BATCH = 50;
const WARM = 1_000;
const SETTLE_MS = 2_000;

/** Resident memory that each idle, watching connection costs a server's process. */
export async function measureIdle(connections: number, home: string) {
  const child = fork(SERVER, [home], {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const sockets: WebSocket[] = [];
  try {
    const next = async <T>() => (await once(child, "message"))[0] as T;
    const { port } = await next<{ port: number }>();
    const memory = async () => {
      child.send("memory");
      return await next<{ rss: number; heap: number; open: number }>();
    };
    // A server that has been used: what all connections share, and compiled code, are there.
    await open(port, WARM, sockets);
    for (const socket of sockets.splice(0)) socket.close();
    await settle();
    const before = await memory();
    await open(port, connections, sockets);
    await settle();
    const after = await memory();
    const opened = after.open - before.open;
    if (opened < connections) throw new Error(`only ${opened} of ${connections} connections stayed open`);
    return {
      connections: opened,
      bytesPerConnection: Math.round((after.rss - before.rss) / opened),
      heapBytesPerConnection: Math.round((after.heap - before.heap) / opened),
    };
  } finally {
    for (const socket of sockets) socket.close();
    child.kill("SIGKILL");
  }
}

const settle = async () => await new Promise((go) => setTimeout(go, SETTLE_MS));

async function open(port: number, count: number, sockets: WebSocket[]): Promise<void> {
  for (let done = 0; done < count; done += BATCH) {
    await Promise.all(
      Array.from({ length: Math.min(BATCH, count - done) }, (_, i) =>
        connect(port, sockets.length + i, sockets),
      ),
    );
  }
}

/** Speaks just enough of the protocol to be let in, to watch a conversation and to stay. */
function connect(port: number, number: number, sockets: WebSocket[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
    sockets.push(socket);
    socket.onerror = () => reject(new Error("a connection was refused"));
    socket.onmessage = ({ data }) => {
      const text = String(data);
      if (text.startsWith("0")) socket.send(`40${JSON.stringify({ as: `p${number}@x.example` })}`);
      else if (text === "2") socket.send("3");
      else if (text.startsWith("40"))
        socket.send(`420${JSON.stringify(["watch", { session: `ses_${number}`, lastSeq: 0 }])}`);
      else if (text.startsWith("44")) reject(new Error(text));
      else if (text.startsWith("43")) resolve();
    };
  });
}
