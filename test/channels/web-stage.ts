import { randomUUID } from "node:crypto";
import { isOver, statusWords } from "../../channels/web/widget/text/card-words.ts";
import { ENGLISH } from "../../channels/web/widget/text/texts.ts";
import type { AskResult } from "../../src/types/ask-result.ts";
import type { Card, CardItem } from "../../src/types/card.ts";
import type { Json, JsonObject } from "../../src/types/json.ts";
import type { ThreadItem } from "../../src/types/thread-item.ts";
import { idOf, invoice, STRANGER } from "./company-people.ts";
import type { CopySeen, Label, Press, Stage, StageTalk } from "./stage.ts";
import type { StageHouse } from "./stage-house.ts";

/** Whose pages are looked at for copies: who asks and who may decide in the matrix, and some who may not. */
const READERS = [
  "ben.okafor",
  "priya.nair",
  "sofia.marin",
  "tom.becker",
  "nora.lindqvist",
  "julia.weiss",
  STRANGER,
];

type Answer = { readonly status: number; readonly body: JsonObject };

/** The web chat over HTTP, as its page speaks with the server; a card has the buttons that the page gives it. */
export function webStage(house: StageHouse): Stage {
  const call = async (name: string, path: string, post?: Json | Uint8Array<ArrayBuffer>): Promise<Answer> => {
    const isFile = post instanceof Uint8Array;
    const response = await fetch(`${house.url}${path}`, {
      method: post === undefined ? "GET" : "POST",
      headers: {
        "x-steward-as": idOf(name),
        ...(post === undefined
          ? {}
          : {
              "idempotency-key": randomUUID(),
              "content-type": isFile ? "application/octet-stream" : "application/json",
            }),
      },
      ...(post === undefined ? {} : { body: isFile ? post : JSON.stringify(post) }),
    });
    return { status: response.status, body: (await response.json()) as JsonObject };
  };
  const must = async (
    name: string,
    path: string,
    post?: Json | Uint8Array<ArrayBuffer>,
  ): Promise<JsonObject> => {
    const { status, body } = await call(name, path, post);
    if (status >= 400) throw new Error(`${path} of ${name}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const toldBy = ({ body }: Answer): string => String(body.message ?? body.detail ?? body.title ?? "");

  const cardOf = async (name: string, turn: string): Promise<Card | null> => {
    const { status, body } = await call(name, `/api/cards/${turn}`);
    return status === 200 ? (body.card as unknown as Card) : null;
  };
  const buttonsOf = (item: CardItem, isMine: boolean): readonly Label[] => {
    const now = new Date().toISOString();
    if (item.status === "awaiting")
      return item.mayDecide && item.expiresAt !== null && item.expiresAt > now
        ? ["Approve", ...(item.editable.length > 0 ? (["Edit"] as const) : []), "Refuse"]
        : [];
    if (item.status === "unknown" && isMine) return ["Check", "Retry with the same key", "Give up"];
    return item.status === "succeeded" && item.undoUntil !== null && item.undoUntil > now ? ["Undo"] : [];
  };
  const textOf = (item: CardItem): string =>
    [
      statusWords(item, ENGLISH).text,
      item.line,
      ...(item.status === "awaiting" ? item.reasons : []),
      ...(item.status === "awaiting" ? item.approvers.map((a) => `${a.given.length} of ${a.needed}`) : []),
      ...(isOver(item.status)
        ? item.decidedBy.map(({ verdict, name, reason }) => `${verdict} by ${name} ${reason ?? ""}`)
        : []),
      item.outcome ?? "",
      item.mayNotBecause ?? "",
    ].join("\n");
  const seen = (card: Card, viewer: string): CopySeen => {
    const isMine = card.requester.id === idOf(viewer);
    const awaiting = card.items.filter(({ status, mayDecide }) => status === "awaiting" && mayDecide);
    return {
      viewer,
      text: card.items.map(textOf).join("\n"),
      buttons: card.items.flatMap((item) => buttonsOf(item, isMine)),
      asksTwice: awaiting.some(({ risk }) => risk === "high"),
    };
  };
  const find = async (name: string, label: Label, turn: string): Promise<CardItem> => {
    await house.quiet();
    const card = await cardOf(name, turn);
    const isMine = card?.requester.id === idOf(name);
    const item = card?.items.find((one) => buttonsOf(one, isMine).includes(label));
    if (item) return item;
    throw new Error(`${name} has no card about ${turn} with "${label}" on the web.`);
  };
  const deed = (item: CardItem, label: Label): readonly [path: string, body: Json] => {
    const { approval, action, digest } = item;
    if (label === "Approve") return [`/api/approvals/${approval}/approve`, digest ? { digest } : {}];
    if (label === "Undo") return [`/api/actions/${action}/undo`, {}];
    const choice = label === "Check" ? "check" : label === "Give up" ? "give-up" : "retry";
    return [`/api/actions/${action}/resolve`, { choice }];
  };

  return {
    talk: (name) => talkOf(name),
    async copies(turn) {
      const all = await Promise.all(READERS.map(async (name) => [name, await cardOf(name, turn)] as const));
      return all.flatMap(([name, card]) => (card ? [seen(card, name)] : []));
    },
    async waitsFor(name) {
      await house.quiet();
      const { status, body } = await call(name, "/api/approvals");
      if (status !== 200) return "";
      const cards = (body.approvals as unknown as readonly { readonly card: Card }[]).map(({ card }) => card);
      return cards
        .filter((card) => seen(card, name).buttons.includes("Approve"))
        .map((card) => seen(card, name).text)
        .join("\n\n");
    },
    async hold(name, label, turn): Promise<Press> {
      const [path, body] = deed(await find(name, label, turn), label);
      return async (by) => {
        const answer = await call(by, path, body);
        await house.quiet();
        return toldBy(answer);
      };
    },
    async refuse(name, turn, reason) {
      const { approval } = await find(name, "Refuse", turn);
      await must(name, `/api/approvals/${approval}/refuse`, { reason });
      await house.quiet();
    },
    async edit(name, turn, amount) {
      const { approval, digest, editable } = await find(name, "Edit", turn);
      const field = editable.find(({ input }) => input === "money");
      const edit = { [field?.name ?? ""]: Math.round(Number(amount) * 100) };
      const answer = await call(name, `/api/approvals/${approval}/approve`, {
        edit,
        ...(digest ? { digest } : {}),
      });
      await house.quiet();
      return answer.status < 400 ? "" : toldBy(answer);
    },
  };

  function talkOf(name: string): StageTalk {
    let session: string | null = null;
    const items = async (): Promise<readonly ThreadItem[]> =>
      session === null
        ? []
        : ((await must(name, `/api/sessions/${session}/items`)).items as unknown as readonly ThreadItem[]);
    const wordsOf = (item: ThreadItem): string =>
      item.kind === "card"
        ? seen(item.card, name).text
        : item.kind === "message" && item.author.isAssistant
          ? [item.text.replaceAll("**", ""), ...item.citations.map(({ title }) => title)].join("\n")
          : "";
    const words = (all: readonly ThreadItem[]) => all.map(wordsOf).filter(Boolean).join("\n\n");
    return {
      async say(text, ...files) {
        const before = new Map((await items()).map((item) => [item.id, JSON.stringify(item)]));
        const ids: string[] = [];
        for (const file of files) {
          const path = `/api/files?name=${encodeURIComponent(file)}`;
          ids.push(String((await must(name, path, new Uint8Array(invoice(file)))).id));
        }
        const asked: Json = { text, ...(session === null ? {} : { session }), files: ids };
        const result = (await must(name, "/api/ask", asked)) as unknown as AskResult;
        session = result.session;
        await house.quiet();
        const shown = words((await items()).filter((item) => before.get(item.id) !== JSON.stringify(item)));
        return { result, shown };
      },
      async sayInVain(text) {
        return toldBy(
          await call(name, "/api/ask", { text, ...(session === null ? {} : { session }), files: [] }),
        );
      },
      sees: async () => words(await items()),
    };
  }
}
