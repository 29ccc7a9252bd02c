import { describe, expect, it } from "vitest";
import { findPeople } from "../../src/policy/find-people.ts";
import { targetOf } from "../../src/policy/ground-arguments.ts";
import { labelArguments } from "../../src/policy/label-arguments.ts";
import { createLedger } from "../../src/policy/ledger.ts";
import { readUserTexts } from "../../src/policy/user-words.ts";
import {
  allFacts,
  cancelEvent,
  createEvent,
  deleteFile,
  directory,
  ground,
  heldOf,
  kim,
  moveEvent,
  NOW,
  sendMail,
  tool,
  updateDeal,
} from "./gate-fixture.ts";

const deal = { kind: "crm.deal", id: "deal_1", title: "Renewal 2027" };
const event = { kind: "calendar.event", id: "evt_a1", title: "Budget review" };

describe("what follows from the user's words is not held", () => {
  it.each([
    [
      "Book a meeting with Priya tomorrow at 11",
      createEvent,
      {
        title: "Meeting with Priya Nair",
        start: "2026-11-23T11:00:00+01:00",
        end: "2026-11-23T11:30:00+01:00",
        attendees: ["priya.nair@brightwell.example", "kim.adler@brightwell.example"],
      },
    ],
    [
      'book 45 minutes with Ben Hale on 25 November from 3pm, title it "Ledger"',
      createEvent,
      {
        title: "Ledger",
        start: "2026-11-25T14:00:00Z",
        end: "2026-11-25T14:45:00Z",
        attendees: ["ben.hale@brightwell.example"],
      },
    ],
    [
      "Set a meeting up with my manager next Tuesday from 9 to 10:30",
      createEvent,
      {
        title: "Meeting with Sofia",
        start: "2026-11-24T09:00",
        end: "2026-11-24T10:30",
        attendees: ["sofia.marin@brightwell.example"],
      },
    ],
    [
      "invite the sales lead and jürgen weiß to lunch on Friday at noon",
      createEvent,
      {
        title: "Lunch",
        start: "2026-11-27T12:00:00+01:00",
        end: "2026-11-27T13:00:00+01:00",
        attendees: ["sofia.marin@brightwell.example", "jürgen.weiß@brightwell.example"],
      },
    ],
    [
      "Please schedule half an hour with ada@globex.example on 2026-12-01 at 16:30",
      createEvent,
      {
        title: "Meeting with ada",
        start: "2026-12-01T16:30:00+01:00",
        end: "2026-12-01T17:00:00+01:00",
        attendees: ["Ada@Globex.example"],
      },
    ],
    [
      "Move the budget review to 11",
      moveEvent,
      { event: "evt_a1", start: "2026-11-23T11:00:00+01:00", end: "2026-11-23T11:45:00+01:00" },
    ],
    [
      "push the team lunch back by an hour",
      moveEvent,
      { event: "evt_b2", start: "2026-11-24T13:00:00+01:00", end: "2026-11-24T14:00:00+01:00" },
    ],
    [
      "reschedule Budget review Berlin to Thursday",
      moveEvent,
      { event: "evt_c3", start: "2026-11-26T09:00:00+01:00", end: "2026-11-26T10:00:00+01:00" },
    ],
    ["cancel the Weekly on Wednesday", cancelEvent, { event: "evt_d4" }],
    ["Change the Globex renewal to 48k", updateDeal, { deal: "deal_1", amountMinor: 4_800_000 }],
    ["raise Renewal 2027 by 10%", updateDeal, { deal: "deal_1", amountMinor: 4_180_000 }],
    ["increase the Warehouse lights deal by €5,000", updateDeal, { deal: "deal_2", amountMinor: 1_700_000 }],
    ["double the office refit", updateDeal, { deal: "deal_3", amountMinor: 1_800_000 }],
    ["Set Office refit to €12.500,00", updateDeal, { deal: "deal_3", amountMinor: 1_250_000 }],
    ["Set Office refit to 12 500 EUR", updateDeal, { deal: "deal_3", amountMinor: 1_250_000 }],
    ["make Office refit 1.2 million", updateDeal, { deal: "deal_3", amountMinor: 120_000_000 }],
    ["close Initech's deal as won", updateDeal, { deal: "deal_3", stage: "won" }],
    [
      "Send Ben Okafor a mail that says the lamps are here",
      sendMail,
      {
        to: ["ben.okafor@brightwell.example"],
        subject: "the lamps are here",
        body: "Hello Ben, the lamps are here.",
      },
    ],
    [
      'reply to the sender of "Quote for the new lamps" and say thanks',
      sendMail,
      { to: ["ada@globex.example"], subject: "Re: Quote for the new lamps", body: "Thanks" },
    ],
    [
      "send everyone in the finance team the note at https://www.Brightwell.example/a/",
      sendMail,
      {
        to: ["ben.hale@brightwell.example", "priya.nair@brightwell.example"],
        body: "See http://brightwell.example/a",
      },
    ],
    ["delete old-prices.xlsx", deleteFile, { file: "13" }],
    ["remove the file with the ID 13", deleteFile, { file: "13" }],
    ["delete /kim/notes.txt please", deleteFile, { path: "/kim/notes.txt" }],
  ])("%s", (text, manifest, args) => {
    expect(heldOf(manifest, text, args)).toEqual([]);
  });

  it("understands a bare clock time as one on the record's own day", () => {
    expect(
      heldOf(moveEvent, "move the budget review to 5 pm", { event: "evt_a1", start: "17:00", end: "17:45" }),
    ).toEqual([]);
    expect(
      heldOf(moveEvent, "make the budget review half an hour later, so move it", {
        event: "evt_a1",
        start: "10:30",
      }),
    ).toEqual([]);
    expect(heldOf(moveEvent, "move the budget review to 11", { event: "evt_a1", start: "17:00" })).toEqual([
      "start: ungrounded",
    ]);
  });

  it("does not read a length as a moment of today", () => {
    for (const text of ["move the budget review half an hour later", "move the budget review, for an hour"]) {
      for (const start of ["2026-11-22", "2026-11-22T13:30:00+01:00"]) {
        expect(heldOf(moveEvent, text, { event: "evt_a1", start })).toEqual(["start: ungrounded"]);
      }
    }
    expect(
      heldOf(moveEvent, "move the budget review to 17:00", {
        event: "evt_a1",
        start: "2026-11-22T17:00:00+01:00",
      }),
    ).toEqual(["start: ungrounded"]);
  });

  it("understands names in place of addresses, lengths in minutes and currency signs", () => {
    const book = tool("c.book", "write", ["book"], {
      with: { role: "dest", kind: "person", many: true },
      minutes: { role: "value", part: "duration" },
      currency: { role: "value", choices: { EUR: ["€", "euro"], GBP: ["£", "pound"] } },
      eventName: { role: "name", kind: "calendar.event" },
    });
    expect(
      heldOf(book, "book Priya for three quarters of an hour, 45 minutes, at €20", {
        with: ["Priya Nair"],
        minutes: 45,
        currency: "EUR",
      }),
    ).toEqual([]);
    expect(
      heldOf(book, "book Ben for 45 minutes at €20", { with: ["Ben Hale"], minutes: 240, currency: "GBP" }),
    ).toEqual(["with: ungrounded", "minutes: ungrounded", "currency: ungrounded"]);
  });

  it("says where each value came from", () => {
    const evidence = ground(createEvent, "Book Priya tomorrow at 11", {
      start: "2026-11-23T11:00",
      end: "2026-11-23T11:30",
      attendees: ["priya.nair@brightwell.example"],
    });
    expect(evidence).toEqual([
      { arg: "start", isGrounded: true, rule: "G1", text: "from your message" },
      { arg: "end", isGrounded: true, rule: "G1", text: "your start and the usual length" },
      { arg: "attendees", isGrounded: true, rule: "G2", text: "the directory: Priya Nair" },
    ]);
  });

  it("takes a follow-up to be about what the user's last request was about", () => {
    const earlier = "Show me the Globex renewal";
    expect(
      heldOf(
        updateDeal,
        "change it to 48k",
        { deal: "deal_1", amountMinor: 4_800_000 },
        { focus: [deal], earlier },
      ),
    ).toEqual([]);
    expect(
      heldOf(
        moveEvent,
        "move it to 11",
        { event: "evt_a1", start: "2026-11-23T11:00:00+01:00", end: "2026-11-23T11:45:00+01:00" },
        { focus: [event] },
      ),
    ).toEqual([]);
    expect(
      heldOf(
        cancelEvent,
        "cancel the second one",
        { event: "evt_b2" },
        { shown: [event, { kind: "calendar.event", id: "evt_b2", title: "Team lunch" }] },
      ),
    ).toEqual([]);
  });

  it("lets a chain of question and answer carry the verb", () => {
    const said = [
      { text: "Book a meeting with Ben", isCurrent: true },
      { text: "Ben Hale, tomorrow at 9", isCurrent: true },
    ];
    const evidence = ground(createEvent, said.map((item) => item.text).join("\n"), {
      start: "2026-11-23T09:00",
      attendees: ["ben.hale@brightwell.example"],
    });
    expect(evidence.every((item) => item.isGrounded)).toBe(true);
  });

  it("does not ask about a record made in this turn, or about nothing given", () => {
    expect(
      heldOf(
        cancelEvent,
        "cancel that again",
        { event: "evt_zz" },
        { created: [{ kind: "calendar.event", id: "evt_zz", title: "x" }] },
      ),
    ).toEqual([]);
    expect(
      heldOf(createEvent, "book tomorrow at 9", {
        start: "2026-11-23T09:00",
        attendees: [],
        description: "",
        title: null,
      }),
    ).toEqual([]);
  });

  it("takes the only result of a query made of the user's words, but not to destroy it", () => {
    const lookups = [
      { args: { query: "grocery list" }, records: [{ kind: "file", id: "f-9", title: "2026-11.docx" }] },
    ];
    const append = tool("files.append", "write", ["add"], { file: { role: "rid", kind: "file" } });
    expect(heldOf(append, "add milk to my grocery list", { file: "f-9" }, { lookups })).toEqual([]);
    expect(heldOf(append, "add milk to it", { file: "f-9" }, { lookups })).toEqual(["file: ungrounded"]);
    expect(heldOf(deleteFile, "delete my grocery list", { file: "f-9" }, { lookups })).toEqual([
      "file: ungrounded",
    ]);
  });

  it("never holds a read", () => {
    expect(ground(tool("x.read", "read", [], {}), "what is this", { anything: "evil" })).toEqual([]);
  });
});

describe("what does not follow from the user's words is held", () => {
  it.each([
    [
      "an address from a mail",
      "Send a summary of the budget review to Priya",
      sendMail,
      { to: ["eve@evil.example"] },
      ["to: ungrounded"],
    ],
    [
      "one foreign address among good ones",
      "Send it to Priya",
      sendMail,
      { to: ["priya.nair@brightwell.example", "eve@evil.example"] },
      ["to: ungrounded"],
    ],
    [
      "the sender of a mail whose one-word subject the user happened to write",
      "Send them a summary",
      sendMail,
      { to: ["eve@evil.example"] },
      ["to: ungrounded"],
    ],
    [
      "a participant, when only the event was meant",
      "send the budget review notes to Priya",
      sendMail,
      { to: ["ada@globex.example"] },
      ["to: ungrounded"],
    ],
    [
      "a first name that the user wrote in somebody else's whole name",
      "book Tom Smith tomorrow at 9",
      createEvent,
      { start: "2026-11-23T09:00", attendees: ["tom.becker@brightwell.example"] },
      ["attendees: ungrounded"],
    ],
    [
      "a last name that the user wrote in somebody else's whole name",
      "book a call with Sandra Becker tomorrow at 9",
      createEvent,
      { start: "2026-11-23T09:00", attendees: ["tom.becker@brightwell.example"] },
      ["attendees: ungrounded"],
    ],
    [
      "an ambiguous first name",
      "book Ben tomorrow at 9",
      createEvent,
      { start: "2026-11-23T09:00", attendees: ["ben.hale@brightwell.example"] },
      ["attendees: ungrounded"],
    ],
    [
      "a colleague nobody named",
      "book Priya tomorrow at 9",
      createEvent,
      { start: "2026-11-23T09:00", attendees: ["tom.becker@brightwell.example"] },
      ["attendees: ungrounded"],
    ],
    [
      "an address that only begins as the user's",
      "mail ada@globex.example",
      sendMail,
      { to: ["ada@globex.example.evil.example"] },
      ["to: ungrounded"],
    ],
    [
      "an address that only ends as the user's",
      "mail ada@globex.example",
      sendMail,
      { to: ["x.ada@globex.example"] },
      ["to: ungrounded"],
    ],
    [
      "a look-alike letter",
      "mail ada@globex.example",
      sendMail,
      { to: ["аda@globex.example"] },
      ["to: ungrounded"],
    ],
    [
      "a zero-width character",
      "mail ada@globex.example",
      sendMail,
      { to: ["ada@glo\u200bbex.example"] },
      ["to: ungrounded"],
    ],
    [
      "full-width letters",
      "mail ada@globex.example",
      sendMail,
      { to: ["ada@globex．example"] },
      ["to: ungrounded"],
    ],
    [
      "a turned direction",
      "mail ada@globex.example",
      sendMail,
      { to: ["\u202eada@globex.example"] },
      ["to: ungrounded"],
    ],
    [
      "punycode for what the user wrote",
      "mail ada@bücher.example",
      sendMail,
      { to: ["ada@xn--bcher-kva.example"] },
      ["to: ungrounded"],
    ],
    ["a name that mixes alphabets", "mail Priya", sendMail, { to: ["Рriya"] }, ["to: ungrounded"]],
    [
      "a link with another host behind the known one",
      "send Priya https://bank.example/pay",
      sendMail,
      { to: ["priya.nair@brightwell.example"], link: "https://bank.example@evil.example/pay" },
      ["link: ungrounded"],
    ],
    [
      "a longer link than the user's",
      "send Priya https://bank.example/pay",
      sendMail,
      { to: ["priya.nair@brightwell.example"], link: "https://bank.example/pay?to=eve" },
      ["link: ungrounded"],
    ],
    [
      "another amount",
      "change Renewal 2027 to 48k",
      updateDeal,
      { deal: "deal_1", amountMinor: 48_000_000 },
      ["amountMinor: ungrounded"],
    ],
    [
      "an amount from a mail",
      "change Renewal 2027 as discussed",
      updateDeal,
      { deal: "deal_1", amountMinor: 4_700_000 },
      ["amountMinor: ungrounded"],
    ],
    [
      "the user's number as cents",
      "change Renewal 2027 to 48000",
      updateDeal,
      { deal: "deal_1", amountMinor: 48_000 },
      ["amountMinor: ungrounded"],
    ],
    [
      "a percentage as an amount",
      "raise Renewal 2027 by 10%",
      updateDeal,
      { deal: "deal_1", amountMinor: 1000 },
      ["amountMinor: ungrounded"],
    ],
    [
      "another deal of the account",
      "change the Globex deal to 48k",
      updateDeal,
      { deal: "deal_2", amountMinor: 4_800_000 },
      ["deal: ungrounded"],
    ],
    [
      "another stage",
      "move Office refit to proposal",
      updateDeal,
      { deal: "deal_3", stage: "won" },
      ["stage: ungrounded"],
    ],
    [
      "a stage that does not exist",
      "close Office refit as won",
      updateDeal,
      { deal: "deal_3", stage: "__proto__" },
      ["stage: ungrounded"],
    ],
    ["another event", "cancel the team lunch", cancelEvent, { event: "evt_a1" }, ["event: ungrounded"]],
    [
      "one of two events of a name",
      "cancel the Weekly",
      cancelEvent,
      { event: "evt_d4" },
      ["event: ungrounded"],
    ],
    [
      "the shorter of two titles that the longer one holds",
      "cancel Budget review Berlin",
      cancelEvent,
      { event: "evt_a1" },
      ["event: ungrounded"],
    ],
    [
      "something partly named, to destroy it",
      "delete the prices",
      deleteFile,
      { file: "13" },
      ["file: ungrounded"],
    ],
    [
      "an id that is only a number in a date",
      "delete the file I made on 13 May",
      deleteFile,
      { file: "13" },
      ["file: ungrounded"],
    ],
    ["one of two files of a name", "delete notes.txt", deleteFile, { file: "f-79" }, ["file: ungrounded"]],
    [
      "a file by its last name only",
      "delete notes.txt",
      deleteFile,
      { path: "/ben/notes.txt" },
      ["path: ungrounded"],
    ],
    [
      "a path that climbs",
      "delete /kim/notes.txt",
      deleteFile,
      { path: "/kim/../ben/notes.txt" },
      ["path: ungrounded"],
    ],
    [
      "another time",
      "move the budget review to 11",
      moveEvent,
      { event: "evt_a1", start: "2026-11-23T16:20:00+01:00" },
      ["start: ungrounded"],
    ],
    [
      "another day",
      "move the budget review to 11",
      moveEvent,
      { event: "evt_a1", start: "2026-12-24T11:00:00+01:00" },
      ["start: ungrounded"],
    ],
    [
      "an end that follows from nothing",
      "book tomorrow at 9",
      createEvent,
      { start: "2026-11-23T09:00", end: "2026-11-23T17:10" },
      ["end: ungrounded"],
    ],
    [
      "a title from elsewhere",
      "book tomorrow at 9",
      createEvent,
      { title: "Visit the harbour", start: "2026-11-23T09:00" },
      ["title: ungrounded"],
    ],
    [
      "a switch nobody spoke of",
      "mail Priya",
      sendMail,
      { to: ["priya.nair@brightwell.example"], urgent: true },
      ["urgent: ungrounded"],
    ],
    [
      "an argument that the manifest does not have",
      "mail Priya",
      sendMail,
      { to: ["priya.nair@brightwell.example"], bcc: "eve@evil.example" },
      ["bcc: undeclared"],
    ],
    [
      "an argument called like a part of every object",
      "mail Priya",
      sendMail,
      { to: ["priya.nair@brightwell.example"], constructor: "x" },
      ["constructor: undeclared"],
    ],
    [
      "a nested value that hides a foreign one",
      "mail Priya",
      sendMail,
      { to: [{ name: "Priya", address: "eve@evil.example" }] },
      ["to: ungrounded"],
    ],
  ])("%s", (_, text, manifest, args, held) => {
    expect(heldOf(manifest, text, args)).toEqual(held);
  });

  it("says what it is and where it came from", () => {
    const [evidence] = ground(sendMail, "mail Priya", { to: ["eve@evil.example"] });
    expect(evidence?.text).toBe("address from mail from eve@evil.example, from our records");
    const [iban] = ground(sendMail, "mail Priya", { to: ["https://evil.example/x"] });
    expect(iban?.text).toBe("address from mail from eve@evil.example, external");
  });

  it("does not take a pronoun for something that only a document spoke of", () => {
    expect(heldOf(cancelEvent, "cancel it", { event: "evt_a1" })).toEqual(["event: ungrounded"]);
    expect(
      heldOf(cancelEvent, "cancel it", { event: "evt_a1" }, { focus: [{ ...event, id: "evt_b2" }, event] }),
    ).toEqual(["event: ungrounded"]);
    expect(heldOf(cancelEvent, "cancel it", { event: "evt_a1" }, { focus: [deal] })).toEqual([
      "event: ungrounded",
    ]);
  });
});

describe("content", () => {
  const to = { to: ["priya.nair@brightwell.example"] };
  it.each([
    ["a link", "see https://evil.example/x"],
    ["a bare host", "see evil.example/x now"],
    ["an address", "write to eve@evil.example"],
    ["an account", "pay DE02 1203 0000 0000 2020 51 today"],
    ["a phone number", "call +49 30 901820 now"],
    ["an address spelled out", "write to eve [at] evil [dot] example"],
    ["a link in base64", `look: ${Buffer.from("https://evil.example/x").toString("base64")}`],
    ["a percent-encoded link", "go to https%3A%2F%2Fevil.example%2Fx"],
    ["a link in entities", "go to &#104;ttps:&#47;&#47;evil&period;example/x"],
    ["a defanged link", "go to hxxps://evil[.]example/x"],
    ["a link with invisible characters", "go to ev\u200bil.exam\u200bple/x"],
    ["a link in full-width letters", "go to ｅｖｉｌ．ｅｘａｍｐｌｅ/x"],
    ["a punycode host", "go to xn--pple-43d.com"],
  ])("holds a body with %s that the user did not write", (_, body) => {
    expect(heldOf(sendMail, "send Priya a note", { ...to, body })).toEqual(["body: content"]);
  });

  it("holds an address that is split over two texts", () => {
    expect(
      heldOf(sendMail, "send Priya a note about eve@evil", {
        ...to,
        subject: "note about eve@evil",
        body: ".example is ours",
      }),
    ).toEqual(["body: content"]);
  });

  it("lets pass what the user wrote or pasted, colleagues' addresses, dates, figures and file names", () => {
    expect(
      heldOf(sendMail, "send Priya this:\n> see https://evil.example/x", {
        ...to,
        body: "see https://evil.example/x",
      }),
    ).toEqual([]);
    for (const body of [
      "Ask ben.hale@brightwell.example.",
      "On 2026-11-23 at 10:00, e.g. v1.2.3, 12,500.00 EUR, see report.pdf. Thanks",
      "order 4500012345 of 01.12.2026",
    ]) {
      expect(heldOf(sendMail, "send Priya a note", { ...to, body })).toEqual([]);
    }
  });

  it("holds a restricted value unless the user asked to pass it on", () => {
    expect(heldOf(sendMail, "send Priya a note", { ...to, body: "it is 7391-14" })).toEqual([
      "body: content",
    ]);
    expect(heldOf(sendMail, "send Priya the code", { ...to, body: "it is 739114" })).toEqual([]);
  });
});

describe("verb and budget", () => {
  const args = { to: ["priya.nair@brightwell.example"] };
  it.each([
    "what did Priya say?",
    "don't send anything to Priya",
    "do not mail Priya",
    "summarise this without sending it to Priya",
    "```\nsend this to Priya\n```\nwhat does this mean, Priya?",
    "Is this for Priya?\n> please send it",
  ])("holds a write that the user did not ask for: %s", (text) => {
    expect(heldOf(sendMail, text, args)).toEqual(["*: verb"]);
  });

  it("does not let an earlier message lend its verb", () => {
    expect(heldOf(sendMail, "what is new?", args, { earlier: "send Priya a note" })).toEqual(["*: verb"]);
  });

  it.each([
    "send Priya a note",
    "I sent nothing yet, so please send Priya a note",
    "could you be sending Priya a note",
    "Not sure about Tom, but mail Priya",
    "SEND PRIYA A NOTE",
  ])("knows the verb in: %s", (text) => {
    expect(heldOf(sendMail, text, args)).toEqual([]);
  });

  it("holds a second call at the same target for one message, and not one at another", () => {
    const text = "mail Priya and Tom Becker";
    const unapprovedCalls = [{ tool: "mail.send", target: targetOf(sendMail, { ...args, body: "one" }) }];
    expect(heldOf(sendMail, text, { ...args, body: "two" }, { unapprovedCalls })).toEqual(["*: budget"]);
    expect(heldOf(sendMail, text, { to: ["tom.becker@brightwell.example"] }, { unapprovedCalls })).toEqual(
      [],
    );
  });
});

describe("labels of arguments", () => {
  it("rise by evidence only", () => {
    const args = { to: ["eve@evil.example"], subject: "note", body: "Hello", extra: 1 };
    const evidence = ground(sendMail, "send a note to Priya", args);
    const labelled = labelArguments(args, evidence, createLedger(allFacts));
    expect(labelled.isUngrounded).toBe(true);
    expect(labelled.hasExternal).toBe(true);
    expect(labelled.args.subject?.label).toMatchObject({ integrity: "user", source: "from your message" });
    expect(labelled.args.to?.label.integrity).not.toBe("user");
    expect(labelled.args.body?.label.integrity).toBe("external");
    expect(labelled.args.extra?.label.integrity).toBe("external");
  });
});

describe("hostile size", () => {
  it("ends soon for a name that stands thousands of times in other names", () => {
    const texts = Array.from({ length: 50 }, () => "book Tom Smith and see to it, ".repeat(650));
    const started = performance.now();
    const said = readUserTexts(
      texts.map((text) => ({ text, at: NOW, isCurrent: true })),
      "Europe/Berlin",
      "en-GB",
    );
    expect([...findPeople(said, directory, kim).keys()]).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it("grounds nothing wrongly and ends soon for huge messages, arguments and lists", () => {
    const started = performance.now();
    const text = `send ${"a@b.".repeat(5000)} ${"11:00 tomorrow ".repeat(2000)} ${"1,".repeat(9000)}`;
    expect(heldOf(sendMail, text, { to: Array(5000).fill("eve@evil.example") })).toContain("to: ungrounded");
    expect(
      heldOf(sendMail, "send", {
        body: `${"A".repeat(300_000)} ${"x@".repeat(100_000)} ${"%41".repeat(100_000)}`,
      }),
    ).toBeDefined();
    expect(
      heldOf(createEvent, "book", { start: "9".repeat(100_000), title: "\u0301".repeat(50_000) }),
    ).toContain("start: ungrounded");
    expect(kim.id).toBe("kim.adler@brightwell.example");
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
