import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StewardError } from "../../src/types/steward-error.ts";
import { type BadInputRoom, openSlackBadInput, openTeamsBadInput } from "./bad-input-rooms.ts";

/*
 * What people, programs and platforms may do wrong, and where it is promised what comes of it. "here" is this file.
 *
 *                                          Slack                      Teams
 *   forged, stale, replayed signature      slack/border               teams/transport
 *   tampered, copied, made-up button       slack/decide               teams/teams-channel
 *   removed between request and click      slack/decide, here         teams/teams-channel, here
 *   deleted channel                        here, channel contract     here, channel contract
 *   deleted message                        here                       here
 *   a program that answers without end     here                       here
 *   40,000 characters, in and out          here, channel contract     here, channel contract
 *   every emoji, right to left, code       here                       here
 *   a file too large, of the wrong type    here                       here
 *   revoked token                          here                       here
 */

/** One of each class of Unicode's emoji (UTS 51): what breaks when text is cut, escaped or counted carelessly. */
const EMOJI = [
  ...["😀", "❤️", "☎︎", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🧑🏿‍🚀", "🇩🇪🇫🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "#️⃣", "©️", "🫱🏻‍🫲🏿", "👁️‍🗨️"],
];
const RTL = ["שלום עולם 123", "مرحبا بالعالم، ١٢٣", "Order 15 ב-₪ for דנה"];
const CODE = [
  'const a = "<b>&amp;</b>";',
  "  if (a < 1 && b > 2) { return `x`; }",
  "\\n is not a line; **not bold** _nor this_ [not](a-link)",
  "<!channel> <@U12345> <at>Steward</at> {{DATE(2026-01-01)}}",
];
const bare = (text: string) =>
  text
    .replace(/[\u2060\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/\s+/g, " ")
    .trim();

const PLATFORMS: readonly (readonly [string, () => Promise<BadInputRoom>])[] = [
  ["Slack", openSlackBadInput],
  ["Teams with botbuilder", async () => await openTeamsBadInput("botbuilder")],
  ["Teams with the Agents SDK", async () => await openTeamsBadInput("agents")],
];

describe.each(PLATFORMS)("in %s", (_, open) => {
  let room: BadInputRoom;
  beforeEach(async () => {
    room = await open();
  });
  afterEach(async () => {
    const wrong = room.wrong();
    await room.close();
    expect(wrong).toEqual([]);
  });
  const all = async () => bare((await room.reads()).join("\n"));

  test("40,000 characters of a person arrive whole, and as many of Steward are read whole and in order", async () => {
    const line = (n: number) =>
      `${n} ${EMOJI[n % EMOJI.length]} ${RTL[n % RTL.length]} and some words to fill the line up`;
    const long = Array.from({ length: 700 }, (_, n) => line(n)).join("\n");
    expect(long.length).toBeGreaterThan(40_000);
    expect(await room.say(long)).toBe(true);
    expect(room.received.map(({ text }) => text)).toEqual([long]);
    await room.post(
      Array.from({ length: 700 }, (_, n) => `${line(n)}${n % 10 === 9 ? "\n" : ""}`).join("\n"),
    );
    expect((await room.reads()).length).toBeLessThan(20);
    expect(await all()).toBe(bare(long));
  });

  test("every kind of emoji and words from right to left are read as they were written", async () => {
    for (const text of [...EMOJI, EMOJI.join(""), ...RTL]) await room.say(text);
    expect(room.received.map(({ text }) => text)).toEqual([...EMOJI, EMOJI.join(""), ...RTL]);
    const said = [EMOJI.join(""), EMOJI.map((one) => `**${one}**`).join(" "), ...RTL].join("\n\n");
    await room.post(said);
    expect(await all()).toBe(bare(said.replaceAll("**", "")));
  });

  test("code is read letter by letter, whatever it would mean outside of it", async () => {
    await room.say(`Look:\n${CODE.slice(0, 3).join("\n")}`);
    expect(room.received.at(-1)?.text).toBe(`Look:\n${CODE.slice(0, 3).join("\n")}`);
    await room.post(`Look:\n\n\`\`\`ts\n${CODE.join("\n")}\n\`\`\`\n\nDone.`);
    for (const line of CODE) expect(await all()).toContain(bare(line));
    expect(await all()).toMatch(/^Look: .* Done\.$/);
  });

  test("code of 40,000 characters is code in every part", async () => {
    await room.say("hello");
    const lines = Array.from({ length: 1_300 }, (_, n) => `const value${n} = "<${n}>"; // **x**`);
    await room.post(`\`\`\`\n${lines.join("\n")}\n\`\`\``);
    expect(await all()).toBe(bare(lines.join("\n")));
  });

  test("a file too large and one of a type that is not read are named with their reason; the rest is taken", async () => {
    const put = room.host.putFile;
    room.host.putFile = async (as, file) => {
      if (file.name.endsWith(".exe")) throw new StewardError("FIL-400", "Programs are not read.");
      return await put(as, file);
    };
    const files = [
      { name: "invoice.pdf", content: new Uint8Array(200).fill(7) },
      { name: "film.mp4", content: new Uint8Array(room.maxFileBytes + 1) },
      { name: "setup.exe", content: new Uint8Array(100).fill(1) },
    ];
    expect(await room.say("Book this", files)).toBe(true);
    await expect.poll(() => room.received.length, { timeout: 10_000 }).toBe(1);
    expect(room.received[0]?.text).toBe("Book this");
    expect(room.received[0]?.files.map(({ name }) => name)).toEqual(["invoice.pdf"]);
    await expect.poll(all, { timeout: 5_000 }).toMatch(/film\.mp4.*larger/);
    expect(await all()).toMatch(/Programs are not read\./);
    expect(await all()).not.toMatch(/undefined|Error|\bat \//);
  });

  test("only files that cannot be taken: it is said, and there is nothing to work on", async () => {
    await room.say("", [{ name: "film.mp4", content: new Uint8Array(room.maxFileBytes + 1) }]);
    await expect.poll(all, { timeout: 5_000 }).toMatch(/film\.mp4.*larger/);
    expect(room.received).toEqual([]);
  });

  test("a deleted channel takes nothing any more, for good, and holds up nothing else", async () => {
    await room.sayInChannel("hello");
    room.deleteChannel();
    await expect(room.post("Nobody reads this.")).rejects.toMatchObject({ isPermanent: true });
    await room.say("hello");
    await room.post("Somebody reads this.");
    expect(await all()).toBe("Somebody reads this.");
  });

  test("an answer that was deleted stands there again when it changes, once", async () => {
    await room.say("hello");
    await room.post("First.", { id: "msg_a", out: "out_1" });
    await room.deleteNewest();
    await room.post("Second.", { id: "msg_a", out: "out_2" });
    await room.post("Second.", { id: "msg_a", out: "out_2" });
    expect(await all()).toBe("Second.");
  });

  test("a program that answers each answer comes to an end, and is told so once", async () => {
    for (let n = 0; n < 60; n++) expect(await room.say(`I did not get that, take ${n}`)).toBe(true);
    expect(room.received.length).toBeLessThanOrEqual(30);
    await expect.poll(all, { timeout: 5_000 }).toContain("a little fast");
    expect((await all()).match(/a little fast/g)).toHaveLength(1);
  });

  test("somebody removed from the directory is not worked for from that moment", async () => {
    await room.say("hello");
    room.host.identify = async () => ({ kind: "refused", message: "You are not in the directory any more." });
    await room.say("pay the invoice");
    expect(room.received).toHaveLength(1);
    await expect.poll(all, { timeout: 5_000 }).toContain("not in the directory any more");
  });

  test("a revoked token is said once and shown by the doctor; what waits is sent when it works again", async () => {
    await room.say("hello");
    await room.revoke();
    for (const _try of [1, 2, 3]) {
      const failure = await room.post("Later.", { id: "msg_a", out: "out_1" }).then(
        () => null,
        (error: { isPermanent?: boolean; retryAfterMs?: number }) => error,
      );
      expect(failure).toMatchObject({ isPermanent: false });
      // Twelve tries of the outbox must last for longer than an operator needs.
      expect(failure?.retryAfterMs).toBeGreaterThanOrEqual(300_000);
    }
    const said = room
      .logged()
      .filter((line) => /refuses the workspace's token|not let the app sign in/.test(line));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain("steward doctor --channel");
    const checks = await room.channel.check();
    expect(
      checks.some(({ ok, remedy }) => !ok && /install it again|new secret|copy it again/.test(remedy ?? "")),
    ).toBe(true);
    await room.restore();
    await room.post("Later.", { id: "msg_a", out: "out_1" });
    expect(await all()).toBe("Later.");
  });
});
