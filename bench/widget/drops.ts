import type { AddressInfo } from "node:net";
import { createServer, connect as dial, type Socket } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { newId } from "../../src/types/ids.ts";
import { createFakeServer, type FakeServer } from "../../test/web/fake-server.ts";
import { createFakeStore, type FakeSession } from "../../test/web/fake-store.ts";
import { createHostPage } from "../../test/web/host-page.ts";
import { BEN } from "../../test/web/people.ts";
import { widgetHtml } from "./stage.ts";

const PAGES = 8;
const REPLICAS = 3;
const CATCH_UP_MS = 60_000;
const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
const wait = async (ms: number) => await new Promise((go) => setTimeout(go, ms));

/** A way to one of the replicas that can be cut, and bent to another one. */
async function createLine(target: () => number) {
  const open = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = dial(target(), "127.0.0.1");
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(from);
      from.on("error", () => {});
      from.on("close", () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      for (const socket of open) socket.destroy();
    },
    close: () => void server.close(),
  };
}

/**
 * Real widgets in real pages, each over a line of its own, while lines are cut, servers killed and replicas changed at
 * random, in the middle of answers too. Then what each page was told is held against the log.
 */
export async function dropConnections(browser: Browser, home: string, disconnects: number) {
  const shared = { store: createFakeStore(), answered: new Map<string, unknown>() };
  const host = await createHostPage();
  host.state.person = BEN.id;
  const start = () =>
    createFakeServer({ mode: "token", sites: [host.origin], cacheDir: join(home, "bundle"), shared });
  const replicas: FakeServer[] = [];
  for (let i = 0; i < REPLICAS; i++) replicas.push(await start());
  const portOf = (server: FakeServer) => Number(new URL(server.url).port);
  /** Each replica hears of what is new by itself, as through the database. */
  const tellAll = (session: FakeSession) =>
    Promise.all(
      replicas.map((each) => each.channel.post({ ...outbound(session), item: last(shared.store, session) })),
    );

  const pages: Tested[] = [];
  for (let i = 0; i < PAGES; i++) pages.push(await openPage(browser, host, () => portOf(pick(replicas))));
  let done = 0;
  try {
    while (done < disconnects) {
      await Promise.all(
        pages.map(async (tested) => {
          const session = shared.store.sessions.get(tested.session());
          if (session) {
            const turn = newId("trn");
            for (const words of ["One ", "two "])
              for (const each of replicas) each.stream(session, turn, words);
            shared.store.append(session, said(turn, `${done}`));
            await tellAll(session).catch(() => {});
          }
          // Some while it is connected, some while it is coming back, some in the middle of an answer.
          await wait(Math.random() * 900);
          if (Math.random() < 0.2) await tested.say();
          tested.line.cut();
          done++;
        }),
      );
      if (Math.random() < 0.3) {
        const at = Math.floor(Math.random() * REPLICAS);
        const old = replicas[at] as FakeServer;
        replicas[at] = await start();
        await old.close();
      }
    }
    const figures = { lost: 0, duplicated: 0, reordered: 0 };
    for (const tested of pages) {
      const { lost, duplicated, reordered } = await compare(tested, shared.store);
      figures.lost += lost;
      figures.duplicated += duplicated;
      figures.reordered += reordered;
    }
    return {
      disconnects: done,
      ...figures,
      messages: [...shared.store.sessions.values()].reduce((sum, each) => sum + each.items.size, 0),
    };
  } finally {
    for (const tested of pages) {
      tested.line.close();
      await tested.page.context().close();
    }
    for (const replica of replicas) await replica.close();
    await host.close();
  }
}

type Tested = Awaited<ReturnType<typeof openPage>>;

async function openPage(
  browser: Browser,
  host: Awaited<ReturnType<typeof createHostPage>>,
  target: () => number,
) {
  const line = await createLine(target);
  host.state.html = widgetHtml(`http://127.0.0.1:${line.port}`, "data-open");
  const context = await browser.newContext({ locale: "en-GB" });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(host.origin);
  await page.getByLabel("Message to Steward").waitFor();
  let written = 0;
  let session = "";
  const say = async () => {
    written++;
    const text = `mine ${written}`;
    await page.evaluate(
      (words) => (globalThis as unknown as { Steward: { send(text: string): void } }).Steward.send(words),
      text,
    );
  };
  await say();
  await page.waitForFunction(() => localStorage.getItem("steward.session:me"));
  session = (await page.evaluate(() => localStorage.getItem("steward.session:me"))) ?? "";
  return { page, line, say, session: () => session, written: () => written };
}

/** What the page was told of, against the log: each once, in order, and each of its own in the log once. */
async function compare({ page, session, written }: Tested, store: ReturnType<typeof createFakeStore>) {
  const expected = () =>
    store.itemsAfter(session(), 0).flatMap((item) => (item.kind === "message" ? [item] : []));
  const until = Date.now() + CATCH_UP_MS;
  let got: string[] = [];
  const isThere = () => got.length >= expected().length && own() >= written();
  const own = () => expected().filter((item) => !item.author.isAssistant).length;
  do {
    await wait(300);
    got = await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  } while (!isThere() && Date.now() < until);
  const wanted = expected().map((item) => item.id);
  const lost = wanted.filter((id) => !got.includes(id)).length + Math.max(0, written() - own());
  const duplicated = got.length - new Set(got).size + Math.max(0, own() - written());
  const places = got.map((id) => wanted.indexOf(id)).filter((place) => place >= 0);
  const reordered = places.filter((place, i) => i > 0 && place < (places[i - 1] ?? 0)).length;
  return { lost, duplicated, reordered };
}

const said = (turn: string, text: string) =>
  ({
    kind: "message",
    ...{ id: newId("msg"), turn, text, files: [], citations: [], note: null },
    author: { id: "steward", name: "Steward", isAssistant: true },
  }) as const;
const outbound = (session: FakeSession) => ({
  id: newId("out"),
  thread: { channel: "web" as const, conversation: session.owner, thread: session.id },
});
const last = (store: ReturnType<typeof createFakeStore>, session: FakeSession) => {
  const item = store.itemsAfter(session.id, 0).at(-1);
  if (!item) throw new Error("nothing was said");
  return item;
};
