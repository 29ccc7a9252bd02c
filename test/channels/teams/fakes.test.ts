import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/types/json.ts";
import { cardProblems } from "./fakes/card-rules.ts";
import { startTeamsPlatform, type TeamsPlatform, type TeamsUser } from "./fakes/teams-platform.ts";

/** The stand-in is only worth something where it refuses what Teams would refuse. */
let platform: TeamsPlatform;
let ben: TeamsUser;
let clock = Date.parse("2026-03-02T09:00:00Z");

beforeEach(async () => {
  platform = await startTeamsPlatform({ now: () => clock });
  ben = platform.addUser("Ben");
});
afterEach(() => platform.close());

async function ownToken(): Promise<string> {
  const { appId, appPassword, endpoints } = platform.settings();
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: appId ?? "",
    client_secret: appPassword ?? "",
    scope: "https://api.botframework.com/.default",
  });
  const answer = await fetch(`${endpoints.ToChannelFromBotLoginUrl}/oauth2/v2.0/token`, {
    method: "POST",
    body,
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function write(
  place: string,
  activity: object,
  how: { method?: string; id?: string; token?: string } = {},
) {
  const token = how.token ?? (await ownToken());
  const path = `v3/conversations/${encodeURIComponent(place)}/activities${how.id ? `/${how.id}` : ""}`;
  const answer = await fetch(`${platform.serviceUrl}${path}`, {
    method: how.method ?? "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ type: "message", from: platform.bot, conversation: { id: place }, ...activity }),
  });
  const text = await answer.text();
  const body = (text === "" ? {} : JSON.parse(text)) as { id?: string; error?: { code: string } };
  return { status: answer.status, body };
}
const info = (more: object) => [{ type: "streaminfo", ...more }];

describe("the stand-in of Teams", () => {
  test("believes only a token that it gave", async () => {
    const chat = platform.personal(ben);
    expect((await write(chat.id, { text: "x" })).status).toBe(201);
    expect((await write(chat.id, { text: "x" }, { token: await platform.token() })).status).toBe(401);
    clock += 4_000_000;
    const old = await ownToken();
    clock += 4_000_000;
    expect((await write(chat.id, { text: "x" }, { token: old })).status).toBe(401);
  });

  test("takes no message that is empty, too large, another's or of another place", async () => {
    const chat = platform.personal(ben);
    const wrong: [object, number][] = [
      [{}, 400],
      [{ text: "x".repeat(41_000) }, 413],
      [{ text: "x", from: { id: ben.id } }, 400],
      [{ text: "x", conversation: { id: "a:other" } }, 400],
      [{ text: "x", surprise: 1 }, 400],
      [{ text: "x", type: "invoke" }, 400],
      [{ text: "x", textFormat: "html" }, 400],
      [{ attachments: [{ contentType: "text/csv" }] }, 400],
      [
        { text: "hi", entities: [{ type: "mention", text: "<at>Eve</at>", mentioned: { id: "29:eve" } }] },
        400,
      ],
      [{ text: "hi", suggestedActions: { actions: [{ type: "openUrl", title: "x", value: "x" }] } }, 400],
    ];
    for (const [activity, status] of wrong) {
      clock += 1_000;
      expect(await write(chat.id, activity)).toMatchObject({ status });
    }
    expect(platform.problems).toHaveLength(wrong.length);
    expect(await platform.seen(ben, chat)).toEqual([]);
  });

  test("streams only in a personal chat, in order, growing, one part a second, and no further than the end", async () => {
    const group = platform.group("All", [ben]);
    const first = {
      type: "typing",
      text: "a",
      entities: info({ streamType: "streaming", streamSequence: 1 }),
    };
    expect((await write(group.id, first)).status).toBe(403);
    const chat = platform.personal(ben);
    const begun = await write(chat.id, first);
    expect(begun.status).toBe(201);
    const part = (text: string, streamSequence: number) => ({
      type: "typing",
      text,
      entities: info({ streamType: "streaming", streamId: begun.body.id, streamSequence }),
    });
    expect((await write(chat.id, part("ab", 2))).status).toBe(429);
    clock += 1_000;
    expect((await write(chat.id, part("ab", 2))).status).toBe(201);
    clock += 1_000;
    expect((await write(chat.id, part("ba", 3))).status).toBe(403);
    expect((await write(chat.id, part("abc", 2))).status).toBe(202);
    const end = { text: "abc", entities: info({ streamType: "final", streamId: begun.body.id }) };
    expect((await write(chat.id, end)).status).toBe(200);
    clock += 1_000;
    expect((await write(chat.id, part("abcd", 4))).status).toBe(403);
    expect(await platform.seen(ben, chat)).toMatchObject([{ id: begun.body.id, text: "abc" }]);
  });

  test("counts as Teams counts, and remembers who went over", async () => {
    const chat = platform.personal(ben);
    const statuses: number[] = [];
    for (let i = 0; i < 9; i++) statuses.push((await write(chat.id, { text: `${i}` })).status);
    expect(statuses).toEqual([201, 201, 201, 201, 201, 201, 201, 429, 429]);
    expect(platform.ledger.violations).toHaveLength(2);
    clock += 60_000;
    expect((await write(chat.id, { text: "later" })).status).toBe(201);
  });

  test("lets the bot edit and delete its own messages only", async () => {
    const chat = platform.personal(ben);
    platform.connectBot(`${platform.origin}/none`);
    const { id } = await platform.say(ben, chat, "mine");
    expect((await write(chat.id, { text: "x" }, { method: "PUT", id })).status).toBe(403);
    expect((await write(chat.id, {}, { method: "DELETE", id })).status).toBe(403);
    expect((await write(chat.id, { text: "x" }, { method: "PUT", id: "123" })).status).toBe(404);
  });

  test("shows nobody a button that is not on their card", async () => {
    const chat = platform.personal(ben);
    const content: JsonObject = {
      type: "AdaptiveCard",
      version: "1.5",
      body: [{ type: "TextBlock", text: "x" }],
    };
    const { body } = await write(chat.id, {
      attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content }],
    });
    expect(() => platform.click(ben, body.id ?? "", "Approve")).toThrow("no such button");
    await expect(platform.seen(platform.addUser("Eve"), chat)).rejects.toThrow("not in");
  });
});

describe("cards", () => {
  const execute = {
    type: "Action.Execute",
    title: "Yes",
    verb: "x",
    data: {},
    fallback: { type: "Action.Submit", title: "Yes", data: {} },
  };
  const card = (more: object) => ({ type: "AdaptiveCard", version: "1.5", ...more });
  const text = { type: "TextBlock", text: "x", wrap: true, size: "medium" };

  test("a good card of all that is used has no problems", () => {
    const good = card({
      $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
      refresh: { action: { type: "Action.Execute", verb: "refresh", data: {} }, userIds: ["29:a"] },
      msteams: { width: "Full" },
      body: [
        text,
        { type: "Container", style: "emphasis", items: [text], isVisible: false, id: "more" },
        { type: "ColumnSet", columns: [{ type: "Column", width: "stretch", items: [text] }] },
        { type: "FactSet", facts: [{ title: "To", value: "Ada" }] },
        { type: "RichTextBlock", inlines: ["plain", { type: "TextRun", text: "bold", weight: "bolder" }] },
        {
          type: "Table",
          columns: [{ width: 1 }],
          rows: [{ type: "TableRow", cells: [{ type: "TableCell", items: [text] }] }],
        },
        { type: "Input.Text", id: "reason", label: "Why", isMultiline: true, maxLength: 500 },
        {
          type: "Input.ChoiceSet",
          id: "pick",
          label: "Which",
          choices: [{ title: "A", value: "a" }],
          value: "a",
        },
        { type: "ActionSet", actions: [execute] },
      ],
      actions: [
        execute,
        { type: "Action.ShowCard", title: "Edit", card: card({ body: [text], actions: [execute] }) },
        { type: "Action.ToggleVisibility", title: "More", targetElements: ["more"] },
        { type: "Action.OpenUrl", title: "Open", url: "https://example.com" },
      ],
    });
    expect(cardProblems(good)).toEqual([]);
  });

  const BAD: Record<string, object> = {
    "an unknown element": card({ body: [{ type: "TextBlok", text: "x" }] }),
    "an unknown property": card({ body: [{ ...text, colour: "red" }] }),
    "a value that is none": card({ body: [{ ...text, size: "hughe" }] }),
    "an element of a later schema": card({ body: [{ type: "Carousel", pages: [] }] }),
    "a button among the elements": card({ body: [execute] }),
    "Action.Execute without a fallback": card({
      body: [text],
      actions: [{ ...execute, fallback: undefined }],
    }),
    "seven buttons": card({ body: [text], actions: Array.from({ length: 7 }, () => execute) }),
    "an input without id": card({ body: [{ type: "Input.Text", label: "x" }] }),
    "an input without label": card({ body: [{ type: "Input.Text", id: "x" }] }),
    "two inputs of one id": card({ body: [1, 2].map(() => ({ type: "Input.Text", id: "x", label: "x" })) }),
    "a link that is none": card({
      body: [text],
      actions: [{ type: "Action.OpenUrl", title: "x", url: "javascript:alert(1)" }],
    }),
    "too much": card({ body: Array.from({ length: 30 }, () => ({ ...text, text: "x".repeat(1000) })) }),
    "a refresh for a crowd": card({
      body: [text],
      refresh: { action: execute, userIds: Array.from({ length: 61 }, String) },
    }),
    "a fact without words": card({ body: [{ type: "FactSet", facts: [{ title: "x", value: 7 }] }] }),
    "a later version": { ...card({ body: [text] }), version: "1.6" },
  };
  test.each(Object.entries(BAD))("%s is a problem", (_name, bad) => {
    expect(cardProblems(JSON.parse(JSON.stringify(bad)))).not.toEqual([]);
  });
});
