/**
 * A client of the Socket.IO protocol (revision 5 over Engine.IO 4), as far as this chat speaks it: one namespace,
 * WebSocket alone, text alone, events and acknowledgements. A tenth of the size of the general client, which is
 * most of why the whole chat stays small.
 */
export type WireSocket = {
  isOpen(): boolean;
  /** Sends an event and waits for its answer; null when none came in time or the connection was lost. */
  ask(event: string, body: unknown, timeoutMs?: number): Promise<unknown>;
  /** Opens now instead of at the next try; does nothing when it is open or opening. */
  wake(): void;
  /** Waits at least so long before the next try. */
  waitMs(ms: number): void;
  close(): void;
};

export type WireEvents = {
  /** What is shown to be let in; asked anew at each try. A rejection counts as a try that failed. */
  auth(): Promise<object>;
  onOpen(): void;
  /** Lost, or closed by the server. It tries again by itself. */
  onClose(): void;
  /** Not let in, by this code. It tries again by itself unless this returns false. */
  onRefused(code: string): boolean;
  onEvent(name: string, body: unknown): void;
};

const FIRST_DELAY_MS = 400;
const MAX_DELAY_MS = 8_000;
const OPEN_TIMEOUT_MS = 20_000;

/** Opens a socket to a server and keeps it open until `close`. */
export function openWireSocket(base: string, events: WireEvents): WireSocket {
  const url = `${new URL("/socket.io/", base || location.href).href.replace(/^http/, "ws")}?EIO=4&transport=websocket`;
  const answers = new Map<number, (answer: unknown) => void>();
  let socket: WebSocket | null = null;
  let isOpen = false;
  let isClosed = false;
  let tries = 0;
  let asked = 0;
  let notBefore = 0;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;

  const quietFor = (ms: number) => {
    clearTimeout(silence);
    // A server that says nothing for longer than it promised is gone, whatever the network says.
    silence = setTimeout(drop, ms);
  };

  function connect(): void {
    clearTimeout(again);
    if (socket !== null || isClosed) return;
    const mine = new WebSocket(url);
    let patience = OPEN_TIMEOUT_MS;
    socket = mine;
    quietFor(patience);
    mine.onclose = () => mine === socket && drop();
    mine.onmessage = ({ data }) => {
      if (mine !== socket || typeof data !== "string") return;
      quietFor(patience);
      const body = data.slice(2);
      switch (data.slice(0, data[0] === "4" ? 2 : 1)) {
        case "0": {
          const { pingInterval, pingTimeout } = JSON.parse(data.slice(1));
          patience = pingInterval + pingTimeout;
          events.auth().then(
            (auth) => mine === socket && mine.send(`40${JSON.stringify(auth)}`),
            () => mine === socket && drop(),
          );
          break;
        }
        case "2":
          mine.send("3");
          break;
        case "40":
          isOpen = true;
          tries = 0;
          events.onOpen();
          break;
        case "42": {
          const [name, message] = JSON.parse(body);
          events.onEvent(name, message);
          break;
        }
        case "43": {
          const at = body.indexOf("[");
          const id = Number(body.slice(0, at));
          answers.get(id)?.(JSON.parse(body.slice(at))[0]);
          break;
        }
        case "44": {
          const refused = JSON.parse(body);
          if (!events.onRefused(refused.data?.code ?? "")) isClosed = true;
          drop();
          break;
        }
        case "1":
        case "41":
          drop();
      }
    };
  }

  function drop(): void {
    const old = socket;
    const wasOpen = isOpen;
    socket = null;
    isOpen = false;
    clearTimeout(silence);
    clearTimeout(again);
    for (const answer of answers.values()) answer(null);
    old?.close();
    if (wasOpen || !isClosed) events.onClose();
    if (isClosed) return;
    const delay = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** tries++);
    // Half of it by chance: many pages must not all come back at the same moment.
    again = setTimeout(connect, Math.max(delay * (0.5 + Math.random() / 2), notBefore - Date.now()));
  }

  connect();
  return {
    isOpen: () => isOpen,
    ask: (event, body, timeoutMs = 10_000) =>
      new Promise((resolve) => {
        if (socket === null || !isOpen) return resolve(null);
        const id = asked++;
        const end = (answer: unknown) => {
          clearTimeout(late);
          answers.delete(id);
          resolve(answer);
        };
        const late = setTimeout(end, timeoutMs, null);
        answers.set(id, end);
        socket.send(`42${id}${JSON.stringify([event, body])}`);
      }),
    wake() {
      isClosed = false;
      notBefore = 0;
      connect();
    },
    waitMs(ms) {
      notBefore = Date.now() + ms;
    },
    close() {
      isClosed = true;
      drop();
    },
  };
}
