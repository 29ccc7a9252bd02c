import { io, type Socket } from "socket.io-client";

/** One person with one conversation, at one replica. */
export type Client = {
  readonly url: string;
  readonly token: string;
  socket: Socket | null;
  session: string | null;
  /** When the message that waits for its reply was sent. */
  askedAt: number | null;
};

export type Figures = { readonly ackMs: number[]; readonly replyMs: number[]; errors: number };

/** A server lets one address open a thousand sockets: the loopback net has addresses for all of them. */
const PER_ADDRESS = 800;

/** Opens the socket of a client; resolves when it is let in. */
export async function connect(client: Client, number: number, figures: Figures): Promise<void> {
  const localAddress = `127.0.0.${2 + Math.floor(number / PER_ADDRESS)}`;
  const socket = io(client.url, {
    auth: { token: client.token },
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    ...({ localAddress } as object),
  });
  client.socket = socket;
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  socket.on("item", ({ item }: { item: { kind: string; author?: { isAssistant: boolean } } }) => {
    if (item.kind !== "message" || !item.author?.isAssistant || client.askedAt === null) return;
    figures.replyMs.push(performance.now() - client.askedAt);
    client.askedAt = null;
  });
}

/** Says something over HTTP as the page does, and takes the time of the acknowledgement. */
export async function say(client: Client, id: string, figures: Figures): Promise<void> {
  const from = performance.now();
  client.askedAt = from;
  const response = await fetch(`${client.url}/api/sessions/${client.session ?? "new"}/messages`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${client.token}`,
      "Content-Type": "application/json",
      "Idempotency-Key": id,
    },
    body: JSON.stringify({ id, text: "Hello, is anybody there?", files: [] }),
  });
  const body = (await response.json()) as { session?: string };
  if (response.status !== 202 || !body.session) {
    figures.errors += 1;
    client.askedAt = null;
    return;
  }
  figures.ackMs.push(performance.now() - from);
  if (client.session === null) {
    client.session = body.session;
    client.socket?.emit("watch", { session: body.session, lastSeq: 0 });
  }
}
