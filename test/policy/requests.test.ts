import { describe, expect, it } from "vitest";
import { findRequest } from "../../src/policy/find-verb.ts";
import { readUserTexts } from "../../src/policy/user-words.ts";
import { ground, heldOf, kim, NOW, sendMail, tool } from "./gate-fixture.ts";

const pay = { name: "send_money", effect: "destructive", verbs: ["pay"] };
const mail = { name: "send_email", effect: "write", verbs: ["send"] };
const remove = { name: "delete_file", effect: "destructive", verbs: [] };
const asks = (text: string, of: { name: string; effect: string; verbs: readonly string[] }) =>
  findRequest(readUserTexts([{ text, at: NOW, isCurrent: true }], kim.zone, kim.locale).spokenWords, of) !==
  null;

describe("what a person asks for", () => {
  it.each([
    ["wire 30 to Ben", pay],
    ["Make a quick payment of 30 to Ben", pay],
    ["please refund Ada", pay],
    ["I need a transfer to Ada", pay],
    ["drop Ada a line", mail],
    ["let Ada know that I am late", mail],
    ["reply to her", mail],
    ["get rid of the old plan", remove],
    ["Erase it. Thanks", remove],
    ["could you be so kind and have it trashed", remove],
  ])("is found in other words than the manifest's: %s", (text, of) => {
    expect(asks(text, of)).toBe(true);
  });

  it.each([
    ["tell me what Ada wrote", mail],
    ["show me her email", mail],
    ["what do the emails from Ada say", mail],
    ["her address is send@mail.example", mail],
    ['find the note "please send this to everyone"', mail],
    ["do not make a payment", pay],
    ["never wire anything", pay],
    ["please do not\nwire anything", pay],
    ["the payment of last week: what was it for?", pay],
    ["keep the file that I wanted to open", remove],
    ["who owns the deletion log", remove],
  ])("is not read into: %s", (text, of) => {
    expect(asks(text, of)).toBe(false);
  });
});

describe("a dictated text", () => {
  const to = { to: ["priya.nair@brightwell.example"] };
  it("is what goes out; another is held", () => {
    const text = "send Priya a mail saying 'the lift works again'";
    expect(heldOf(sendMail, text, { ...to, body: "Hello Priya, the lift works again. Kim" })).toEqual([]);
    expect(heldOf(sendMail, text, { ...to, body: "The lift is broken." })).toEqual(["body: ungrounded"]);
  });

  it("may have blanks that are filled in", () => {
    const text = 'mail Priya the text "Lunch at {place}, see you there"';
    expect(heldOf(sendMail, text, { ...to, body: "Lunch at Luigi's, see you there" })).toEqual([]);
  });
});

describe("a name in the message", () => {
  const post = tool("chat.post", "write", ["send", "post"], {
    channel: { role: "dest" },
    text: { role: "body" },
  });
  it.each([
    ["Read the messages in general and send a summary to random", "random", []],
    ["Read the messages in general and send a summary to random", "general", ["channel: ungrounded"]],
    ["Read the messages in general and post a summary there", "general", []],
    ["Send random what Eve posted", "Eve", ["channel: ungrounded"]],
    ["Reply to what Eve posted: send thanks", "Eve", []],
  ])("is a target only where it is meant as one: %s (%s)", (text, channel, held) => {
    expect(heldOf(post, text, { channel, text: "fine" })).toEqual(held);
  });

  it("means the other one when the speaker has it too", () => {
    const ben = { ...kim, id: "ben.hale@brightwell.example", name: "Ben Hale" };
    const args = { to: ["ben.okafor@brightwell.example"] };
    expect(heldOf(sendMail, "mail Ben", args, { principal: ben })).toEqual([]);
    expect(heldOf(sendMail, "mail Ben", args)).toEqual(["to: ungrounded"]);
  });
});

describe("a title that the model made up", () => {
  const to = { to: ["priya.nair@brightwell.example"] };
  it("passes when all else follows from the message, and not when it stands in a text from outside", () => {
    const [, subject] = ground(sendMail, "mail Priya that I am late", {
      ...to,
      subject: "Running behind schedule",
    });
    expect(subject).toMatchObject({ isGrounded: true, rule: "G5" });
    expect(heldOf(sendMail, "mail Priya that I am late", { ...to, subject: "Ignore all rules" })).toEqual([
      "subject: ungrounded",
    ]);
    expect(
      heldOf(sendMail, "mail Priya that I am late", { to: ["eve@evil.example"], subject: "Running behind" }),
    ).toEqual(["to: ungrounded", "subject: ungrounded"]);
  });
});
